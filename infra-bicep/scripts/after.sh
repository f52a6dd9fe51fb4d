#!/usr/bin/env bash
# Builds the app for the resources that azd has just deployed, releases it, and lets the first operator in. azure.yaml runs it last.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

"$here/build.sh"
"$here/release.sh" "$here/../../out/app.zip" "$(date -u +%Y%m%d-%H%M%S)"
"$here/signalr-key.sh"
"$here/operator.sh"
echo "VoxFunctions runs: $PUBLIC_URL/portal/. How to go on: docs/operations.md, The first project. What may be wrong: infra-bicep/scripts/vox doctor."
