using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Portal.Accounts;

/// <summary>Counts of attempts in table <c>attempts</c>, one row for each kind and name.</summary>
public sealed class AttemptStore(StorageClients storage)
{
    private readonly Table table = storage.Table("attempts");

    public async Task<AttemptCount?> FindAsync(string what, string who, CancellationToken cancellationToken) =>
        await table.FindAsync(PortalKeys.Attempts(what, who), PortalKeys.AttemptsRow, cancellationToken) is { } row
            ? new AttemptCount(
                row.GetInt32("Count") ?? 0, row.GetDateTimeOffset("Since") ?? default, row.GetDateTimeOffset("Until") ?? default, row.ETag)
            : null;

    public async Task<bool> TryAddAsync(string what, string who, AttemptCount attempts, CancellationToken cancellationToken) =>
        await table.TryAddAsync(ToRow(what, who, attempts), cancellationToken) is not null;

    /// <returns>False when the row has changed since it was read.</returns>
    public async Task<bool> TryReplaceAsync(string what, string who, AttemptCount attempts, CancellationToken cancellationToken) =>
        await table.TryReplaceAsync(ToRow(what, who, attempts), attempts.Version, cancellationToken) is not null;

    public Task RemoveAsync(string what, string who, CancellationToken cancellationToken) =>
        table.DeleteAsync(PortalKeys.Attempts(what, who), PortalKeys.AttemptsRow, cancellationToken);

    /// <summary>Removes the counts that began before a time.</summary>
    public async Task RemoveBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken)
    {
        await foreach (var row in table.EnumerateAsync($"Since lt {time}", 1_000, cancellationToken, ["PartitionKey", "RowKey"]))
        {
            await table.DeleteAsync(row.PartitionKey, row.RowKey, cancellationToken);
        }
    }

    private static TableEntity ToRow(string what, string who, AttemptCount attempts) => new(
        PortalKeys.Attempts(what, who), PortalKeys.AttemptsRow)
    {
        ["Count"] = attempts.Count,
        ["Since"] = attempts.Since,
        ["Until"] = attempts.Until,
    };
}
