#!/usr/bin/env bash
# Gives a person access to the chat data for some hours, in an emergency. Usage: break-glass.sh PRINCIPAL HOURS REASON [write]
# PRINCIPAL is an object id in Entra ID (az ad signed-in-user show --query id --output tsv); HOURS is 1 to 8.
# Needs RESOURCE_GROUP and DATA_ACCOUNT, and a role that may assign roles.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ $# -lt 3 ] || ! [[ "$2" =~ ^[1-8]$ ]] || [ "${#3}" -lt 10 ] || { [ $# -gt 3 ] && [ "$4" != write ]; }; then
  sed -n '2,3s/^# //p' "${BASH_SOURCE[0]}" >&2
  echo "The reason has at least ten characters: it is what the audit reads." >&2
  exit 2
fi

export VOX_BREAK_GLASS_PRINCIPAL="$1" VOX_BREAK_GLASS_HOURS="$2" VOX_BREAK_GLASS_REASON="$3" VOX_BREAK_GLASS_WRITE=false DATA_ACCOUNT
[ "${4:-}" != write ] || VOX_BREAK_GLASS_WRITE=true
az deployment group create --resource-group "$RESOURCE_GROUP" --name "break-glass-$(date -u +%Y%m%d-%H%M%S)" \
  --parameters "$(dirname "${BASH_SOURCE[0]}")/../break-glass.bicepparam" --output none
echo "Access to $DATA_ACCOUNT for $2 hours (write: $VOX_BREAK_GLASS_WRITE). It is known everywhere within minutes, and ends by itself."
