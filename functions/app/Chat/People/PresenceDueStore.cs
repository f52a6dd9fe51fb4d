using Vox.Chat.Model;
using Azure;
using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Chat.People;

/// <summary>A connection that is to be looked at, because it may have run out.</summary>
/// <param name="UserPartition">Whose it is.</param>
/// <param name="Attempts">How often that has failed.</param>
public sealed record DueLease(string UserPartition, string Partition, string Row, int Attempts)
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
    public async Task<List<DueLease>> FindAsync(long now, int take, CancellationToken cancellationToken)
    {
        var due = await Task.WhenAll(Enumerable.Range(0, ChatKeys.LeaseShards).Select(shard => table.QueryAsync(
            $"PartitionKey eq {ChatKeys.LeasesDue(shard)} and RowKey lt {ChatKeys.LeaseDue(now + 1, "")}", take, cancellationToken)));
        return [.. due.SelectMany(rows => rows).Select(
            row => new DueLease(row.GetString("User"), row.PartitionKey, row.RowKey, row.GetInt32("Attempts") ?? 0))];
    }

    public Task RemoveAsync(DueLease lease, CancellationToken cancellationToken) =>
        table.DeleteAsync(lease.Partition, lease.Row, cancellationToken);

    /// <summary>Looks at it again later.</summary>
    public async Task PostponeAsync(DueLease lease, long until, CancellationToken cancellationToken)
    {
        await table.UpsertAsync(
            new TableEntity(lease.Partition, ChatKeys.LeaseDue(until, lease.Row[(lease.Row.IndexOf('|', StringComparison.Ordinal) + 1)..]))
            {
                ["User"] = lease.UserPartition,
                ["Attempts"] = lease.Attempts + 1,
            },
            cancellationToken);
        await RemoveAsync(lease, cancellationToken);
    }

    /// <summary>Whether everything was looked through after this time, Unix ms.</summary>
    public async Task<bool> WasSearchedSinceAsync(long time, CancellationToken cancellationToken) =>
        (await table.FindAsync(ChatKeys.LeaseSearch, ChatKeys.LeaseSearch, cancellationToken))?.GetInt64("At") > time;

    public Task NoteSearchAsync(long now, CancellationToken cancellationToken) =>
        table.UpsertAsync(new TableEntity(ChatKeys.LeaseSearch, ChatKeys.LeaseSearch) { ["At"] = now }, cancellationToken);
}
