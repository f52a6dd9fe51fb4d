#!/usr/bin/env bash
# Builds the package that is deployed: out/app.zip. HOSTING=Consumption builds it for Windows.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
rm -rf out/app out/app.zip
runtime=linux-x64
[ "${HOSTING:-}" != Consumption ] || runtime=win-x64
FunctionsHost=Azure dotnet publish functions/app --configuration Release --runtime "$runtime" --no-self-contained --output out/app
# The host looks for these at the top of the package, hidden folder included.
for file in host.json worker.config.json functions.metadata .azurefunctions; do
  test -e "out/app/$file" || { echo "out/app/$file is missing: this is no build for Azure Functions." >&2; exit 1; }
done
(cd out/app && zip --quiet --recurse-paths ../app.zip .)
