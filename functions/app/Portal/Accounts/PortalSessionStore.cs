using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Portal.Accounts;

/// <summary>Signed-in browsers and remembered devices in table <c>portalsessions</c>, all of an account in one partition.</summary>
public sealed class PortalSessionStore(StorageClients storage)
{
    private readonly Table table = storage.Table("portalsessions");

    public Task AddAsync(PortalSession session, CancellationToken cancellationToken) =>
        table.UpsertAsync(ToRow(session), cancellationToken);

    /// <summary>The session, expired or not.</summary>
    public async Task<PortalSession?> FindAsync(string developerId, string key, CancellationToken cancellationToken) =>
        await table.FindAsync(developerId, key, cancellationToken) is { } row
            ? new PortalSession(
                row.PartitionKey, row.RowKey, row.GetDateTimeOffset("CreatedAt") ?? default, row.GetDateTimeOffset("ExpiresAt") ?? default,
                row.ETag)
            : null;

    /// <returns>False when it has changed or gone since it was read.</returns>
    public async Task<bool> TryReplaceAsync(PortalSession session, CancellationToken cancellationToken) =>
        await table.TryReplaceAsync(ToRow(session), session.Version, cancellationToken) is not null;

    public Task RemoveAsync(string developerId, string key, CancellationToken cancellationToken) =>
        table.DeleteAsync(developerId, key, cancellationToken);

    /// <param name="sessions">Signed-in browsers.</param>
    /// <param name="devices">Remembered devices.</param>
    public async Task RemoveAllAsync(string developerId, bool sessions, bool devices, CancellationToken cancellationToken)
    {
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey eq {developerId}", 1_000, cancellationToken, ["PartitionKey", "RowKey"]))
        {
            if (row.RowKey.StartsWith("s|", StringComparison.Ordinal) ? sessions : devices)
            {
                await table.DeleteAsync(row.PartitionKey, row.RowKey, cancellationToken);
            }
        }
    }

    /// <summary>Removes what expired before a time.</summary>
    public async Task RemoveExpiredAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await foreach (var row in table.EnumerateAsync($"ExpiresAt lt {before}", 1_000, cancellationToken, ["PartitionKey", "RowKey"]))
        {
            await table.DeleteAsync(row.PartitionKey, row.RowKey, cancellationToken);
        }
    }

    private static TableEntity ToRow(PortalSession session) => new(session.DeveloperId, session.Key)
    {
        ["CreatedAt"] = session.CreatedAt,
        ["ExpiresAt"] = session.ExpiresAt,
    };
}
