using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.ApiKeys;

/// <summary>API keys in table <c>apikeys</c>. A project has few, all in one partition.</summary>
public sealed class ApiKeyStore(StorageClients storage)
{
    private readonly Table table = storage.ProjectTable("apikeys");

    public async Task<ApiKey?> FindAsync(string projectId, string keyId, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.ApiKeys(projectId), ChatKeys.ApiKey(keyId), cancellationToken) is { } row
            ? FromRow(projectId, row)
            : null;

    public async Task<List<ApiKey>> ListAsync(string projectId, CancellationToken cancellationToken) =>
        (await table.QueryAsync($"PartitionKey eq {ChatKeys.ApiKeys(projectId)}", 1_000, cancellationToken))
            .ConvertAll(row => FromRow(projectId, row));

    public Task AddAsync(ApiKey key, CancellationToken cancellationToken) => table.UpsertAsync(ToRow(key), cancellationToken);

    /// <returns>False when the key has changed or was revoked meanwhile: a revoked key never comes back.</returns>
    public async Task<bool> TryReplaceAsync(ApiKey key, CancellationToken cancellationToken) =>
        await table.TryReplaceAsync(ToRow(key), key.Version, cancellationToken) is not null;

    public Task RemoveAsync(string projectId, string keyId, CancellationToken cancellationToken) =>
        table.DeleteAsync(ChatKeys.ApiKeys(projectId), ChatKeys.ApiKey(keyId), cancellationToken);

    private static TableEntity ToRow(ApiKey key) => new(ChatKeys.ApiKeys(key.ProjectId), ChatKeys.ApiKey(key.Id))
    {
        ["Name"] = key.Name,
        ["Hash"] = key.Hash,
        ["LastFour"] = key.LastFour,
        ["PreviousHash"] = key.PreviousHash,
        ["PreviousUntil"] = key.PreviousUntil,
        ["Scopes"] = string.Join(' ', key.Scopes),
        ["Addresses"] = string.Join(' ', key.Addresses),
        ["CreatedAt"] = key.CreatedAt,
        ["CreatedBy"] = key.CreatedBy,
        ["RotatedAt"] = key.RotatedAt,
        ["ExpiresAt"] = key.ExpiresAt,
        ["LastUsedAt"] = key.LastUsedAt,
    };

    private static ApiKey FromRow(string projectId, TableEntity row) => new(
        projectId,
        row.RowKey,
        row.GetString("Name"),
        row.GetString("Hash"),
        row.GetString("LastFour"),
        Words(row.GetString("Scopes")),
        Words(row.GetString("Addresses")),
        row.GetDateTimeOffset("CreatedAt") ?? default,
        row.GetString("CreatedBy") ?? "",
        row.GetDateTimeOffset("ExpiresAt"),
        row.ETag)
    {
        PreviousHash = row.GetString("PreviousHash"),
        PreviousUntil = row.GetDateTimeOffset("PreviousUntil"),
        RotatedAt = row.GetDateTimeOffset("RotatedAt"),
        LastUsedAt = row.GetDateTimeOffset("LastUsedAt"),
    };

    private static string[] Words(string? text) => (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
