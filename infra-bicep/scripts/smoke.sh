#!/usr/bin/env bash
# Asks an app from outside whether it works. Usage: smoke.sh URL [SECONDS]
# Waits up to SECONDS (default 180) for it to come up: a new package starts cold.
set -euo pipefail

url="${1%/}"
deadline=$((SECONDS + ${2:-180}))

status() { curl --silent --output /dev/null --max-time 20 --write-out '%{http_code}' "$@" || true; }

# expect STATUS WHAT CURL-ARGUMENTS...
expect() {
  local wanted="$1" what="$2" got
  shift 2
  while got="$(status "$@")"; [ "$got" != "$wanted" ]; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      echo "FAILED: $what (HTTP $got instead of $wanted)"
      return 1
    fi
    sleep 2
  done
  echo "ok: $what"
}

expect 200 'the process answers' "$url/api/health/live"
expect 200 'storage can be reached' "$url/api/health/ready"
expect 200 'functions are found' "$url/api/openapi.json"
expect 401 'a call without a token is refused' --request POST --header 'content-type: application/json' --data '{}' "$url/api/v1/messages"
expect 401 'the SignalR extension is there and guarded' --request POST "$url/runtime/webhooks/signalr"
