using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure;
using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Operations.Backups;

/// <summary>A partition that has changed.</summary>
/// <param name="Whole">Rows were deleted, so all of it is exported.</param>
/// <param name="Since">What may have changed has a later time, by the clock of the storage.</param>
internal sealed record ChangedPartition(string Table, string Partition, bool Whole, DateTimeOffset Since);

/// <summary>Notes of changes, with which they are removed.</summary>
internal sealed record ChangeNotes(IReadOnlyList<ChangedPartition> Partitions, IReadOnlyList<(string Partition, string Row)> Rows);

/// <summary>Table <c>changes</c>: what has changed, and how far exports and restores are.</summary>
public sealed class BackupStore(StorageClients storage)
{
    /// <summary>Clocks of two accounts may differ, and a mark that several processes write has the time of the last.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(20);

    private readonly Table table = storage.Table("changes");

    /// <summary>What has changed in intervals that began before a time, oldest first.</summary>
    internal async Task<ChangeNotes> ReadChangesAsync(long before, int take, CancellationToken cancellationToken)
    {
        var rows = await table.QueryAsync(
            $"PartitionKey ge {Keys.ChangesBefore(0)} and PartitionKey lt {Keys.ChangesBefore(before)}", take, cancellationToken);
        var changed = rows.GroupBy(row => (Table: row.GetString("Table"), Partition: row.GetString("Partition"))).Select(group =>
            new ChangedPartition(
                group.Key.Table, group.Key.Partition, group.Any(row => row.GetBoolean("Deletes") is true),
                group.Min(row => row.Timestamp ?? DateTimeOffset.MinValue + Margin) - Margin));
        return new([.. changed], rows.ConvertAll(row => (row.PartitionKey, row.RowKey)));
    }

    internal async Task RemoveAsync(ChangeNotes notes, CancellationToken cancellationToken)
    {
        foreach (var group in notes.Rows.GroupBy(row => row.Partition, StringComparer.Ordinal))
        {
            foreach (var batch in group.Chunk(100))
            {
                try
                {
                    await table.SubmitAsync(
                        [.. batch.Select(row => new TableTransactionAction(
                            TableTransactionActionType.Delete, new TableEntity(row.Partition, row.Row), ETag.All))],
                        cancellationToken);
                }
                catch (TableTransactionFailedException e) when (e.Status == 404)
                {
                    // Another instance exports as well. One by one, a missing row is no error.
                    foreach (var (partition, row) in batch)
                    {
                        await table.DeleteAsync(partition, row, cancellationToken);
                    }
                }
            }
        }
    }

    /// <summary>A record of what is being done, and its version.</summary>
    internal async Task<(T? State, RowVersion? Version)> FindStateAsync<T>(
        string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        await table.FindAsync(Keys.BackupState, name, cancellationToken) is { } row
            ? (JsonSerializer.Deserialize(row.GetString("State"), type), row.ETag)
            : (null, null);

    /// <param name="expected">The version that is replaced; null when there must be none.</param>
    /// <returns>The new version; null when somebody else was faster.</returns>
    internal Task<RowVersion?> TryWriteStateAsync<T>(
        string name, T state, JsonTypeInfo<T> type, RowVersion? expected, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Keys.BackupState, name) { ["State"] = JsonSerializer.Serialize(state, type) };
        return expected is { } version
            ? table.TryReplaceAsync(row, version, cancellationToken)
            : table.TryAddAsync(row, cancellationToken);
    }

    /// <summary>The names of records that begin like this.</summary>
    internal async Task<List<string>> ListStatesAsync(string from, string to, CancellationToken cancellationToken) =>
        (await table.QueryAsync(
            $"PartitionKey eq {Keys.BackupState} and RowKey ge {from} and RowKey lt {to}", 1_000, cancellationToken, ["RowKey"]))
        .ConvertAll(row => row.RowKey);
}
