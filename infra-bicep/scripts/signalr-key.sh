#!/usr/bin/env bash
# Hands the key of the app's SignalR webhook to the SignalR service, through Key Vault. Needed once after the first release, and after
# the key was renewed. Usage: signalr-key.sh [--renew]
# Needs RESOURCE_GROUP, APP_NAME, VAULT_NAME and SIGNALR_KEY_NAME.
set -euo pipefail

app=(--resource-group "$RESOURCE_GROUP" --name "$APP_NAME")
if [ "${1:-}" = --renew ]; then
  # Without a value, Azure makes one.
  az functionapp keys set "${app[@]}" --key-type systemKeys --key-name signalr_extension --output none
fi

key="$(az functionapp keys list "${app[@]}" --query systemKeys.signalr_extension --output tsv)"
if [ -z "$key" ] || [ "$key" = None ]; then
  echo "The app has no key signalr_extension: it appears once a package with SignalR triggers has started. Release one first." >&2
  exit 1
fi

current="$(az keyvault secret show --vault-name "$VAULT_NAME" --name "$SIGNALR_KEY_NAME" --query value --output tsv 2>/dev/null || true)"
if [ "$key" = "$current" ]; then
  echo "The SignalR service has the app's key already."
  exit 0
fi

# From a file: arguments can be read by every process of the machine.
umask 077
file="$(mktemp)"
trap 'rm -f "$file"' EXIT
printf '%s' "$key" > "$file"
az keyvault secret set --vault-name "$VAULT_NAME" --name "$SIGNALR_KEY_NAME" --file "$file" --output none
echo "Stored. The SignalR service reads it within half an hour; presence events are refused until then."
