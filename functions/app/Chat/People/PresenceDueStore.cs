using Vox.Chat.Model;
using Azure;
using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Chat.People;

/// <summary>A connection that is to be looked at, because it may have run out.</summary>
/// <param name="UserPartition">Whose it is.</param>
public sealed record DueLease(string UserPartition, string Partition, string Row)
{
    public bool IsOf(string leaseRow) => Row.EndsWith("|" + KeyText.Digest(UserPartition, leaseRow), StringComparison.Ordinal);
}

/// <summary>
/// Table <c>presence</c> in the account of what belongs to no project: every connection, by the time when it runs out. So the timer finds
/// those that have run out, and reads nothing of the others. A note may be earlier than the end of a lease that was renewed since; then it
/// is moved when it is due. It is never later.
/// </summary>
public sealed class PresenceDueStore(StorageClients storage)
{
    private readonly Table table = storage.Table("presence");

    /// <summary>Notes when a connection runs out, and forgets its note from before.</summary>
    /// <param name="before">When the connection would have run out, Unix ms; null for a new one.</param>
    public async Task MoveAsync(string userPartition, string leaseRow, long? before, long until, CancellationToken cancellationToken)
    {
        var lease = KeyText.Digest(userPartition, leaseRow);
        var partition = ChatKeys.LeasesDue(lease);
        var note = new TableEntity(partition, ChatKeys.LeaseDue(until, lease)) { ["User"] = userPartition };
        if (before is { } earlier && earlier != until)
        {
            try
            {
                await table.SubmitAsync(
                    [
                        new(TableTransactionActionType.Delete, new TableEntity(partition, ChatKeys.LeaseDue(earlier, lease)), ETag.All),
                        new(TableTransactionActionType.UpsertReplace, note),
                    ],
                    cancellationToken);
                return;
            }
            catch (TableTransactionFailedException e) when (e.Status == 404)
            {
                // Another process was faster, or the connection is from before there were notes.
            }
        }

        await table.UpsertAsync(note, cancellationToken);
    }

    public Task RemoveAsync(string userPartition, string leaseRow, long until, CancellationToken cancellationToken)
    {
        var lease = KeyText.Digest(userPartition, leaseRow);
        return table.DeleteAsync(ChatKeys.LeasesDue(lease), ChatKeys.LeaseDue(until, lease), cancellationToken);
    }

    /// <summary>Connections that have run out, the earliest of each partition first.</summary>
    /// <param name="take">At most so many of each partition.</param>
    /// <param name="after">The last that was found in each partition; only those after it are found, and it is moved on.</param>
    public async Task<List<DueLease>> FindAsync(
        long now, int take, CancellationToken cancellationToken, Dictionary<string, string>? after = null)
    {
        var due = await Task.WhenAll(Enumerable.Range(0, ChatKeys.LeaseShards).Select(ChatKeys.LeasesDue).Select(shard => table.QueryAsync(
            $"PartitionKey eq {shard} and RowKey gt {after?.GetValueOrDefault(shard) ?? ""} and RowKey lt {ChatKeys.LeaseDue(now + 1, "")}",
            take, cancellationToken)));
        foreach (var rows in due.Where(rows => after is not null && rows.Count > 0))
        {
            after![rows[^1].PartitionKey] = rows[^1].RowKey;
        }

        return [.. due.SelectMany(rows => rows).Select(row => new DueLease(row.GetString("User"), row.PartitionKey, row.RowKey))];
    }

    public Task RemoveAsync(DueLease lease, CancellationToken cancellationToken) =>
        table.DeleteAsync(lease.Partition, lease.Row, cancellationToken);

    /// <summary>Whether everything was looked through after this time, Unix ms.</summary>
    public async Task<bool> WasSearchedSinceAsync(long time, CancellationToken cancellationToken) =>
        (await table.FindAsync(ChatKeys.LeaseSearch, ChatKeys.LeaseSearch, cancellationToken))?.GetInt64("At") > time;

    public Task NoteSearchAsync(long now, CancellationToken cancellationToken) =>
        table.UpsertAsync(new TableEntity(ChatKeys.LeaseSearch, ChatKeys.LeaseSearch) { ["At"] = now }, cancellationToken);
}
