#!/usr/bin/env bash
# Refuses to go on when the app has settings that no deployment made: the next one would remove them without a word.
# Needs RESOURCE_GROUP, APP_NAME and SETTINGS (the names that the last deployment set): outputs of main.bicep. Without them nothing was deployed yet.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ -n "${APP_NAME:-}" ] && [ -n "${SETTINGS:-}" ] || exit 0
[ "${VOX_OVERWRITE_SETTINGS:-}" != true ] || exit 0

strangers=""
for name in $(az functionapp config appsettings list --resource-group "$RESOURCE_GROUP" --name "$APP_NAME" --query '[].name' --output tsv); do
  case " $SETTINGS " in
    *" $name "*) ;;
    *) strangers="$strangers $name" ;;
  esac
done
if [ -n "$strangers" ]; then
  echo "Somebody set by hand:$strangers. Put them into appSettings of the parameter file, or delete them in the app." >&2
  echo "To let the deployment remove them: VOX_OVERWRITE_SETTINGS=true." >&2
  exit 1
fi
