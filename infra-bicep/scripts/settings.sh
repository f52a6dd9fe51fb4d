#!/usr/bin/env bash
# Refuses to go on when somebody has added or changed settings of the app by hand: the next deployment would undo that without a word.
# Needs RESOURCE_GROUP, APP_NAME and SETTINGS (what the last deployment set, as NAME=BASE64 with blanks between them): outputs of main.bicep.
# Without them nothing was deployed yet. A deployment of before this release put out the names alone: then the values are not compared.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ -n "${APP_NAME:-}" ] && [ -n "${SETTINGS:-}" ] || exit 0
[ "${VOX_OVERWRITE_SETTINGS:-}" != true ] || exit 0

now="$(az functionapp config appsettings list --resource-group "$RESOURCE_GROUP" --name "$APP_NAME" --query '[].[name,value]' --output tsv)"
added="" changed=""
while IFS=$'\t' read -r name value; do
  [ -n "$name" ] || continue
  case " $SETTINGS " in
    *" $name=$(printf %s "$value" | base64 | tr -d '\n') "* | *" $name "*) ;;
    *" $name="*) changed="$changed $name" ;;
    *) added="$added $name" ;;
  esac
done <<< "$now"
if [ -n "$added$changed" ]; then
  [ -z "$added" ] || echo "Somebody set by hand:$added. Put them into appSettings of the parameter file, or delete them in the app." >&2
  [ -z "$changed" ] || echo "Somebody changed by hand:$changed. Put the values into appSettings of the parameter file, or set the old ones again." >&2
  echo "To let the deployment undo this: VOX_OVERWRITE_SETTINGS=true." >&2
  exit 1
fi
