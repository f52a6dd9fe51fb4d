#!/usr/bin/env bash
# Puts an earlier package back. Usage: rollback.sh [NAME.zip]; without a name it lists what there is.
# Needs RESOURCE_GROUP, APP_NAME, PUBLIC_URL, HOSTING and STATE_ACCOUNT.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
. "$here/lib.sh"
# Front Door lets nobody in behind it, so it is asked too. A new one takes a quarter of an hour to be known at all its places.
patience=180
[ "$PUBLIC_URL" = "${APP_URL:-$PUBLIC_URL}" ] || patience=1200

blob() { az storage blob "$@" --auth-mode login --account-name "$STATE_ACCOUNT" --container-name releases; }

if [ $# -eq 0 ]; then
  blob list --query '[].name' --output tsv | grep '\.zip$' | sort --reverse
  exit 0
fi

blob download --name "$1" --file "$work/app.zip" --output none
"$here/package.sh" "$work/app.zip"
printf '%s' "$1" > "$work/current.txt"
blob upload --name current.txt --file "$work/current.txt" --overwrite --output none
"$here/smoke.sh" "$PUBLIC_URL" "${SMOKE_SECONDS:-$patience}"
echo "$1 runs again."
