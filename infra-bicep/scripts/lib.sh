# Sourced by the other scripts.

# The subscription that was deployed to, not the one that the Azure CLI used last.
az() { command az "$@" ${AZURE_SUBSCRIPTION_ID:+--subscription "$AZURE_SUBSCRIPTION_ID"}; }

# again WHAT COMMAND...: runs it until it works, ten times. A role that was assigned a moment ago takes minutes to be known everywhere.
again() {
  local what="$1" attempt
  shift
  for attempt in 1 2 3 4 5 6 7 8 9 10; do
    "$@" && return
    [ "$attempt" -lt 10 ] || break
    echo "$what does not work yet; trying again." >&2
    sleep "${RETRY_SECONDS:-30}"
  done
  echo "$what does not work." >&2
  return 1
}
