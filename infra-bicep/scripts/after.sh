#!/usr/bin/env bash
# Builds the app for the resources that azd has just deployed, releases it, and says how to go on. azure.yaml runs it last.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

"$here/build.sh"
"$here/release.sh" "$here/../../out/app.zip" "$(date -u +%Y%m%d-%H%M%S)"
"$here/signalr-key.sh"
echo "VoxFunctions runs. Sign up at $PUBLIC_URL/portal/ and make the first project: docs/operations.md, The first project."
