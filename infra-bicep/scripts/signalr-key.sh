#!/usr/bin/env bash
# Hands the key of the app's SignalR webhook to the SignalR service, through Key Vault. Needed once after the first release, and after
# the key was renewed. Usage: signalr-key.sh [--renew]
# The service's identity gets the right to read this one secret, not the vault. That needs, once, a role that may assign roles.
# Needs RESOURCE_GROUP, APP_NAME, VAULT_NAME, SIGNALR_KEY_NAME and SIGNALR_PRINCIPAL_ID.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

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

# Once; also again after the vault was recovered, which loses its role assignments.
share() {
  local scope
  scope="$(az keyvault show --name "$VAULT_NAME" --query id --output tsv)/secrets/$SIGNALR_KEY_NAME"
  if [ "$(az role assignment list --scope "$scope" --query "[?principalId == '$SIGNALR_PRINCIPAL_ID'] | length(@)" --output tsv)" = 0 ]; then
    az role assignment create --assignee-object-id "$SIGNALR_PRINCIPAL_ID" --assignee-principal-type ServicePrincipal \
      --role 'Key Vault Secrets User' --scope "$scope" --output none
  fi
}

current="$(az keyvault secret show --vault-name "$VAULT_NAME" --name "$SIGNALR_KEY_NAME" --query value --output tsv 2>/dev/null || true)"
if [ "$key" = "$current" ]; then
  share
  echo "The SignalR service has the app's key already."
  exit 0
fi

# From a file: arguments can be read by every process of the machine.
umask 077
file="$(mktemp)"
trap 'rm -f "$file"' EXIT
printf '%s' "$key" > "$file"
again "Writing to $VAULT_NAME" az keyvault secret set --vault-name "$VAULT_NAME" --name "$SIGNALR_KEY_NAME" --file "$file" --output none
share
echo "Stored. The SignalR service reads it within half an hour; presence events are refused until then."
