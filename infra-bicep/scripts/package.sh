#!/usr/bin/env bash
# Puts a package in place, whichever plan the app runs on. Usage: package.sh PACKAGE.zip
# Needs RESOURCE_GROUP, APP_NAME, HOSTING and STATE_ACCOUNT: the outputs of main.bicep.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case "$HOSTING" in
  FlexConsumption)
    # It fails until the app's identity may write the container.
    again "Deployment" az functionapp deployment source config-zip --resource-group "$RESOURCE_GROUP" --name "$APP_NAME" --src "$1" --output none
    ;;
  Consumption)
    # The app reads its package from this address when it starts (WEBSITE_RUN_FROM_PACKAGE).
    az storage blob upload --auth-mode login --account-name "$STATE_ACCOUNT" --container-name deployments --name app.zip \
      --file "$1" --overwrite --output none
    az functionapp restart --resource-group "$RESOURCE_GROUP" --name "$APP_NAME" --output none
    ;;
  *)
    echo "HOSTING is '$HOSTING': it must be FlexConsumption or Consumption." >&2
    exit 2
    ;;
esac
