#!/usr/bin/env bash
# Prints a one-time link for the first operator, unless they have an account already. Needs VOX_OPERATOR_EMAIL and the outputs of main.bicep.
# The link makes the account without an e-mail, so it works before e-mail does.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
. "$here/lib.sh"

email="${VOX_OPERATOR_EMAIL:-${VOX_ALERT_EMAIL%% *}}"
echo "The first operator, $email:"
# The app answers for its storage only when the roles are known.
again "The app's portal" "$here/vox" sign-in-link "$email" --only-new
