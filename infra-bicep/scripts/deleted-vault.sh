#!/usr/bin/env bash
# Prints true when the vault of a deleted environment waits to be recovered, otherwise false. Usage: deleted-vault.sh ENVIRONMENT LOCATION
# For VOX_RECOVER_VAULT: purge protection keeps the name of a deleted vault for 90 days, so a new one cannot take it.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

found="$(az keyvault list-deleted --resource-type vault --output tsv \
  --query "[?contains(properties.vaultId, '/resourceGroups/rg-vox-$1/') && properties.location == '$2'] | length(@)")"
if [ "$found" = 0 ]; then echo false; else echo true; fi
