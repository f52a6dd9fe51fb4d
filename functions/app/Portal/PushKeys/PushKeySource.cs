using System.Text.Json;
using Vox.Chat.Push;
using Vox.Platform.Caching;
using Vox.Platform.Security;

namespace Vox.Portal.PushKeys;

/// <summary>Gives the stored keys to what sends push messages.</summary>
internal sealed class PushKeySource(PushKeyStore store, SecretProtector protector, TimeProvider time) : IPushKeys
{
    private readonly ExpiringCache<string, (AppleKey? Apple, GoogleAccount? Google)> known = new(10_000, TimeSpan.FromMinutes(1), time);

    public async ValueTask<AppleKey?> AppleAsync(string projectId, CancellationToken cancellationToken) =>
        (await FindAsync(projectId, cancellationToken)).Apple;

    public async ValueTask<GoogleAccount?> GoogleAsync(string projectId, CancellationToken cancellationToken) =>
        (await FindAsync(projectId, cancellationToken)).Google;

    private async ValueTask<(AppleKey? Apple, GoogleAccount? Google)> FindAsync(string projectId, CancellationToken cancellationToken)
    {
        if (known.TryGet(projectId, out var cached))
        {
            return cached;
        }

        var shown = await store.ReadAsync(projectId, cancellationToken);
        // Certificates and the older kind of Google's keys are stored, but nothing is sent with them: Google has switched theirs off.
        var keys = (
            shown.Ios is { Kind: "p8", KeyId: { } keyId, TeamId: { } teamId } ios
                ? new AppleKey(keyId, teamId, ios.BundleId, await SecretAsync(projectId, PushKeyStore.Ios, cancellationToken))
                : null,
            shown.Android is { Kind: "service_account" }
                ? Account(await SecretAsync(projectId, PushKeyStore.Android, cancellationToken))
                : null);
        known.Set(projectId, keys);
        return keys;
    }

    private async Task<byte[]> SecretAsync(string projectId, string platform, CancellationToken cancellationToken) =>
        protector.Unprotect(
            PushKeyService.Purpose(projectId, platform), await store.SecretAsync(projectId, platform, cancellationToken) ?? "");

    private static GoogleAccount Account(byte[] file)
    {
        using var json = JsonDocument.Parse(file);
        return new GoogleAccount(Field("project_id"), Field("client_email"), Field("private_key_id"), Field("private_key"));

        string Field(string name) => json.RootElement.GetProperty(name).GetString()!;
    }
}
