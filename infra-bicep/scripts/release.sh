#!/usr/bin/env bash
# Releases a package, and goes back to the one before when the smoke test fails. Usage: release.sh PACKAGE.zip NAME
# Every package is kept in the container releases; current.txt there names the one that runs.
# Needs the outputs of main.bicep in the environment: RESOURCE_GROUP, APP_NAME, PUBLIC_URL, HOSTING, STATE_ACCOUNT.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
package="$1"
name="$2.zip"
kept=20
. "$here/lib.sh"
# Front Door lets nobody in behind it, so it is asked too. A new one takes a quarter of an hour to be known at all its places.
patience=180
[ "$PUBLIC_URL" = "${APP_URL:-$PUBLIC_URL}" ] || patience=1200
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

blob() { az storage blob "$@" --auth-mode login --account-name "$STATE_ACCOUNT" --container-name releases; }

again "Access to $STATE_ACCOUNT" blob list --num-results 1 --output none

previous=""
if [ "$(blob exists --name current.txt --query exists --output tsv)" = true ]; then
  blob download --name current.txt --file "$work/current.txt" --output none
  previous="$(cat "$work/current.txt")"
fi

blob upload --name "$name" --file "$package" --overwrite --output none
"$here/package.sh" "$package"

if "$here/smoke.sh" "$PUBLIC_URL" "${SMOKE_SECONDS:-$patience}"; then
  printf '%s' "$name" > "$work/current.txt"
  blob upload --name current.txt --file "$work/current.txt" --overwrite --output none
  echo "Released $name."
  # The newest stay, by name: names begin with the time.
  blob list --query '[].name' --output tsv | grep '\.zip$' | sort --reverse | tail -n "+$((kept + 1))" | while read -r old; do
    [ "$old" = "$name" ] || blob delete --name "$old" --output none
  done
  exit 0
fi

if [ -z "$previous" ]; then
  echo "$name does not work, and there is no earlier release to go back to." >&2
  exit 1
fi

echo "$name does not work: going back to $previous." >&2
"$here/rollback.sh" "$previous" || echo "The earlier release does not answer either: look at the health of storage and settings." >&2
exit 1
