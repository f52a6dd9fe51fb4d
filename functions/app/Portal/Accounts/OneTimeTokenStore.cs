using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Portal.Accounts;

/// <summary>One-time tokens in table <c>portaltokens</c>. The tokens themselves are not stored, only their digests as keys.</summary>
public sealed class OneTimeTokenStore(StorageClients storage)
{
    private readonly Table table = storage.Table("portaltokens");

    /// <returns>False when this very token is stored already.</returns>
    public async Task<bool> TryAddAsync(OneTimeToken token, CancellationToken cancellationToken) =>
        await table.TryAddAsync(ToRow(token), cancellationToken) is not null;

    /// <summary>The token, expired or not.</summary>
    public async Task<OneTimeToken?> FindAsync(string kind, string token, CancellationToken cancellationToken) =>
        await table.FindAsync(PortalKeys.OneTimeToken(kind, token), PortalKeys.OneTimeTokenRow, cancellationToken) is { } row
            ? new OneTimeToken(
                kind, row.GetString("Subject"), row.GetString("Value"), row.GetInt32("Attempts") ?? 0,
                row.GetDateTimeOffset("ExpiresAt") ?? default, row.ETag, row.PartitionKey)
            : null;

    /// <returns>The token with its new version, or null when it has changed or gone since it was read.</returns>
    public async Task<OneTimeToken?> TryReplaceAsync(OneTimeToken token, CancellationToken cancellationToken) =>
        await table.TryReplaceAsync(ToRow(token), token.Version, cancellationToken) is { } version
            ? token with { Version = version }
            : null;

    /// <returns>False when it has changed or gone since it was read.</returns>
    public Task<bool> TryRemoveAsync(OneTimeToken token, CancellationToken cancellationToken) =>
        table.TryDeleteAsync(token.Partition, PortalKeys.OneTimeTokenRow, token.Version, cancellationToken);

    /// <summary>Removes the tokens that expired before a time.</summary>
    /// <param name="but">Kinds that are left.</param>
    public async Task RemoveExpiredAsync(DateTimeOffset before, IReadOnlyCollection<string> but, CancellationToken cancellationToken)
    {
        await foreach (var row in table.EnumerateAsync(
            $"ExpiresAt lt {before}", 1_000, cancellationToken, ["PartitionKey", "RowKey", "Kind"]))
        {
            if (!but.Contains(row.GetString("Kind"), StringComparer.Ordinal))
            {
                await table.DeleteAsync(row.PartitionKey, row.RowKey, cancellationToken);
            }
        }
    }

    private static TableEntity ToRow(OneTimeToken token) => new(token.Partition, PortalKeys.OneTimeTokenRow)
    {
        ["Kind"] = token.Kind,
        ["Subject"] = token.Subject,
        ["Value"] = token.Value,
        ["Attempts"] = token.Attempts,
        ["ExpiresAt"] = token.ExpiresAt,
    };
}
