#!/usr/bin/env bash
# Releases a package, and goes back to the one before when the smoke test fails. Usage: release.sh PACKAGE.zip NAME
# Every package is kept in the container releases; current.txt there names the one that runs.
# Needs the outputs of main.bicep in the environment: RESOURCE_GROUP, APP_NAME, APP_URL, HOSTING, STATE_ACCOUNT.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
package="$1"
name="$2.zip"
kept=20
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

blob() { az storage blob "$@" --auth-mode login --account-name "$STATE_ACCOUNT" --container-name releases; }

# A role that was assigned a moment ago takes minutes to be known everywhere.
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  blob list --num-results 1 --output none && break
  [ "$attempt" -lt 10 ] || exit 1
  echo "No access to $STATE_ACCOUNT yet; trying again." >&2
  sleep "${RETRY_SECONDS:-30}"
done

previous=""
if [ "$(blob exists --name current.txt --query exists --output tsv)" = true ]; then
  blob download --name current.txt --file "$work/current.txt" --output none
  previous="$(cat "$work/current.txt")"
fi

blob upload --name "$name" --file "$package" --overwrite --output none
"$here/package.sh" "$package"

if "$here/smoke.sh" "$APP_URL" "${SMOKE_SECONDS:-180}"; then
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
