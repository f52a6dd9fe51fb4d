#!/usr/bin/env bash
# Builds the package that is deployed: out/app.zip. HOSTING=Consumption builds it for Windows.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
rm -rf out/app out/app.zip
runtime=linux-x64
[ "${HOSTING:-}" != Consumption ] || runtime=win-x64
# Microsoft's SignalR package, not the shim: it is what makes the host load its SignalR extension.
FunctionsHost=Azure SignalRServicePackage=Official dotnet publish functions/app --configuration Release --runtime "$runtime" --no-self-contained --output out/app
# The host looks for these at the top of the package, hidden folder included.
for file in host.json worker.config.json functions.metadata .azurefunctions; do
  test -e "out/app/$file" || { echo "out/app/$file is missing: this is no build for Azure Functions." >&2; exit 1; }
done
grep -q SignalR out/app/extensions.json || { echo "The package names no SignalR extension: no live channel would work." >&2; exit 1; }
(cd out/app && zip --quiet --recurse-paths ../app.zip .)
