#!/usr/bin/env bash
# Asks for what a deployment by azd needs and nobody has said yet, and writes it into the azd environment. azure.yaml runs it first.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

# want NAME QUESTION [DEFAULT]: an answer is needed, and without a terminal the variable or the default is.
want() {
  local name="$1" answer=""
  [ -z "${!name:-}" ] || return 0
  if [ -t 0 ]; then read -r -p "$2 " answer; fi
  answer="${answer:-${3:-}}"
  if [ -z "$answer" ]; then
    echo "$name is not set. Set it: azd env set $name VALUE (docs/operations.md)." >&2
    exit 1
  fi
  azd env set "$name" "$answer"
  printf -v "$name" %s "$answer"
}

want VOX_ALERT_EMAIL "E-mail address that alerts and the budget go to (several with a blank between them):"
want VOX_OPERATOR_EMAIL "E-mail address of the first operator, who gets a sign-in link at the end [${VOX_ALERT_EMAIL%% *}]:" "${VOX_ALERT_EMAIL%% *}"
# Azure refuses to change it later, so it is kept.
[ -n "${VOX_BUDGET_START:-}" ] || azd env set VOX_BUDGET_START "$(date +%Y-%m-01)"
"$here/settings.sh"
if [ -n "${AZURE_LOCATION:-}" ]; then
  azd env set VOX_RECOVER_VAULT "$("$here/deleted-vault.sh" "$AZURE_ENV_NAME" "$AZURE_LOCATION")"
else
  # The first deployment of this azd environment: azd asks for subscription and location after this.
  echo "If an environment of this name was deleted within 90 days, set AZURE_SUBSCRIPTION_ID and AZURE_LOCATION first: its vault comes back then."
fi
