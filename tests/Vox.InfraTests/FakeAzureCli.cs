namespace Vox.Tests;

/// <summary>
/// A stand-in for the Azure CLI. Blobs are files below $FAKE; what is deployed is one more file. It writes down each call.
/// </summary>
internal static class FakeAzureCli
{
    public const string Script = """
        #!/usr/bin/env bash
        set -euo pipefail
        echo "az $*" >> "$FAKE/calls"
        value() { local wanted="$1"; shift; while [ $# -gt 0 ]; do [ "$1" = "$wanted" ] && { echo "$2"; return; }; shift; done; }
        name="$(value --name "$@")"; file="$(value --file "$@")"; container="$FAKE/$(value --container-name "$@")"
        # As often as a test says: a role that is not known everywhere yet.
        fails() { [ ! -s "$FAKE/fails-$1" ] || { sed -i 1d "$FAKE/fails-$1"; echo Forbidden >&2; exit 3; }; }
        case "$1 $2 $3" in
          'storage blob list') fails blob; ls "$container" 2>/dev/null || true ;;
          'storage blob exists') [ -e "$container/$name" ] && echo true || echo false ;;
          'storage blob upload') mkdir -p "$container"; cp "$file" "$container/$name"; [ "$name" != app.zip ] || cp "$file" "$FAKE/deployed" ;;
          'storage blob download') cp "$container/$name" "$file" ;;
          'storage blob delete') rm "$container/$name" ;;
          'functionapp deployment source') fails package; cp "$(value --src "$@")" "$FAKE/deployed" ;;
          'functionapp restart --resource-group') ;;
          'functionapp config appsettings') cat "$FAKE/settings" ;;
          'functionapp keys list') cat "$FAKE/$([[ "$*" == *masterKey* ]] && echo master || echo key)" 2>/dev/null || true ;;
          'functionapp keys set') echo renewed > "$FAKE/key" ;;
          'keyvault secret show') cat "$FAKE/secret" 2>/dev/null ;;
          'keyvault secret set') fails secret; cp "$file" "$FAKE/secret" ;;
          'keyvault show --name') echo /subscriptions/s/vaults/vault ;;
          'keyvault list-deleted --resource-type') cat "$FAKE/deleted-vaults" ;;
          'deployment group create') env | grep ^VOX_BREAK | sort > "$FAKE/break-glass" ;;
          'role assignment list') [ -e "$FAKE/role" ] && echo 1 || echo 0 ;;
          'role assignment create') value --scope "$@" > "$FAKE/role" ;;
          *) echo "unexpected: $*" >&2; exit 9 ;;
        esac
        """;
}
