using System.Text.Json;
using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Portal.PushKeys;

/// <summary>
/// Push keys in table <c>pushkeys</c>: one row for iOS and one for Android. Each has what may be shown, and the encrypted secret.
/// </summary>
public sealed class PushKeyStore(StorageClients storage)
{
    public const string Ios = "ios";
    public const string Android = "android";

    private readonly Table table = storage.ProjectTable("pushkeys");

    public async Task<PushKeysResponse> ReadAsync(string projectId, CancellationToken cancellationToken)
    {
        var rows = await table.QueryAsync($"PartitionKey eq {PortalKeys.PushKeys(projectId)}", 10, cancellationToken, ["RowKey", "Shown"]);
        var shown = rows.ToDictionary(row => row.RowKey, row => row.GetString("Shown"), StringComparer.Ordinal);
        return new PushKeysResponse(
            shown.TryGetValue(Ios, out var ios) ? JsonSerializer.Deserialize(ios, PushKeyJson.Wire.IosPushKey) : null,
            shown.TryGetValue(Android, out var android) ? JsonSerializer.Deserialize(android, PushKeyJson.Wire.AndroidPushKey) : null);
    }

    /// <returns>Encrypted. Null when there is none.</returns>
    public async Task<string?> SecretAsync(string projectId, string platform, CancellationToken cancellationToken) =>
        (await table.FindAsync(PortalKeys.PushKeys(projectId), platform, cancellationToken))?.GetString("Secret");

    /// <param name="secret">Encrypted.</param>
    public Task SetAsync(string projectId, string platform, string shown, string secret, CancellationToken cancellationToken) =>
        table.UpsertAsync(
            new TableEntity(PortalKeys.PushKeys(projectId), platform) { ["Shown"] = shown, ["Secret"] = secret }, cancellationToken);

    public Task RemoveAsync(string projectId, string platform, CancellationToken cancellationToken) =>
        table.DeleteAsync(PortalKeys.PushKeys(projectId), platform, cancellationToken);
}
