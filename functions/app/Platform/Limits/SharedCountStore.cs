using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Platform.Limits;

/// <summary>Counts of attempts in table <c>attempts</c>, one row for each kind and name.</summary>
public sealed class SharedCountStore(StorageClients storage)
{
    private readonly Table table = storage.Table("attempts");

    public async Task<SharedCount?> FindAsync(string key, CancellationToken cancellationToken) =>
        await table.FindAsync(key, Keys.AttemptsRow, cancellationToken) is { } row
            ? new SharedCount(
                row.GetInt32("Count") ?? 0, row.GetDateTimeOffset("Since") ?? default, row.GetDateTimeOffset("Until") ?? default,
                SharedCount.PartsOf(row.GetString("Parts")), row.ETag)
            : null;

    /// <returns>Its version, or null when there is such a count already.</returns>
    public Task<RowVersion?> TryAddAsync(string key, SharedCount count, CancellationToken cancellationToken) =>
        table.TryAddAsync(ToRow(key, count), cancellationToken);

    /// <returns>The new version, or null when the row has changed since it was read.</returns>
    public Task<RowVersion?> TryReplaceAsync(string key, SharedCount count, CancellationToken cancellationToken) =>
        table.TryReplaceAsync(ToRow(key, count), count.Version, cancellationToken);

    public Task RemoveAsync(string key, CancellationToken cancellationToken) =>
        table.DeleteAsync(key, Keys.AttemptsRow, cancellationToken);

    /// <summary>Removes the counts that began before a time.</summary>
    public async Task RemoveBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken)
    {
        await foreach (var row in table.EnumerateAsync($"Since lt {time}", 1_000, cancellationToken, ["PartitionKey", "RowKey"]))
        {
            await table.DeleteAsync(row.PartitionKey, row.RowKey, cancellationToken);
        }
    }

    private static TableEntity ToRow(string key, SharedCount count) => new(key, Keys.AttemptsRow)
    {
        ["Count"] = count.Count,
        ["Since"] = count.Since,
        ["Until"] = count.Until,
        ["Parts"] = count.PartsText(),
    };
}
