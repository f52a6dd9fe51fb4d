using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Moderation;

/// <summary>
/// What users have flagged: a partition of table <c>moderation</c> for each project. An entry stands there twice, by what was flagged and
/// by time; so does each flag, by its user and by what they flagged. One transaction writes them, so they never differ.
/// </summary>
public sealed class FlagStore(StorageClients storage)
{
    private readonly Table table = storage.ProjectTable("moderation");

    public async Task<Flagged?> FindAsync(string projectId, string id, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.Flags(projectId), ChatKeys.Flagged(id), cancellationToken) is { } row
            ? FlagRows.ToFlagged(projectId, row)
            : null;

    /// <summary>The user's own flag of something.</summary>
    public async Task<Flag?> FindFlagAsync(string projectId, string uid, string id, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.Flags(projectId), ChatKeys.FlagBy(uid, id), cancellationToken) is { } row
            ? FlagRows.ToFlag(row)
            : null;

    public async Task<FlagCount?> FindCountAsync(string projectId, string uid, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.Flags(projectId), ChatKeys.FlagCount(uid), cancellationToken) is { } row
            ? FlagRows.ToCount(row)
            : null;

    /// <summary>Stores a flag, with what it changes in the entry and the user's count.</summary>
    /// <param name="before">The entry as it was read; null when there was none.</param>
    /// <param name="count">The count after it, with the version that was read; without one when there was none.</param>
    /// <param name="earlier">The user's earlier flag of the same, which this one replaces.</param>
    /// <returns>False when somebody else was faster: read again.</returns>
    public async Task<bool> TryAddAsync(
        Flagged? before, Flagged after, Flag flag, FlagCount count, Flag? earlier, CancellationToken cancellationToken)
    {
        var actions = EntryActions(before, after);
        actions.Add(new(
            earlier is null ? TableTransactionActionType.Add : TableTransactionActionType.UpsertReplace, FlagRows.ByUser(after, flag)));
        actions.Add(new(TableTransactionActionType.UpsertReplace, FlagRows.ByTarget(after, flag)));
        actions.Add(Guarded(FlagRows.Count(after.ProjectId, flag.Uid, count), count.Version));
        return await TrySubmitAsync(actions, cancellationToken);
    }

    /// <summary>Stores a flag by a word list, in place of an earlier one.</summary>
    /// <returns>False when somebody else was faster: read again.</returns>
    public Task<bool> TryAddAsync(Flagged? before, Flagged after, Flag flag, CancellationToken cancellationToken)
    {
        var actions = EntryActions(before, after);
        actions.Add(new(TableTransactionActionType.UpsertReplace, FlagRows.ByUser(after, flag)));
        actions.Add(new(TableTransactionActionType.UpsertReplace, FlagRows.ByTarget(after, flag)));
        return TrySubmitAsync(actions, cancellationToken);
    }

    /// <returns>False when somebody else was faster: read again.</returns>
    public Task<bool> TryChangeAsync(Flagged before, Flagged after, CancellationToken cancellationToken) =>
        TrySubmitAsync(EntryActions(before, after), cancellationToken);

    /// <summary>Entries, newest first.</summary>
    /// <param name="after">The key of the last one of the page before; empty for the first page.</param>
    public async Task<List<(string Key, Flagged Entry)>> ListAsync(
        string projectId, bool open, string after, int take, CancellationToken cancellationToken)
    {
        var (from, to) = ChatKeys.FlagQueueRange(open);
        var begin = after.Length > 0 ? after : from;
        var rows = await table.QueryAsync(
            $"PartitionKey eq {ChatKeys.Flags(projectId)} and RowKey gt {begin} and RowKey lt {to}", take, cancellationToken);
        return rows.ConvertAll(row => (row.RowKey, FlagRows.ToFlagged(projectId, row)));
    }

    /// <summary>Whether a text is the key of an entry in this part of the queue. Whoever makes one up must not get other rows.</summary>
    public static bool IsPlace(bool open, string key) =>
        key.StartsWith(ChatKeys.FlagQueueRange(open).From, StringComparison.Ordinal) && key.Length < 100
        && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '|' or '-' or '_');

    /// <summary>Flags of an entry, newest first.</summary>
    public async Task<List<Flag>> FlagsOfAsync(string projectId, string id, int take, CancellationToken cancellationToken)
    {
        var (from, to) = ChatKeys.FlagsOf(id);
        return (await table.QueryAsync(
            $"PartitionKey eq {ChatKeys.Flags(projectId)} and RowKey ge {from} and RowKey lt {to}", take, cancellationToken))
            .ConvertAll(FlagRows.ToFlag);
    }

    /// <summary>All flags by a user, each with what they flagged.</summary>
    public async Task<List<(Flag Flag, FlagTarget Target)>> FlagsByAsync(string projectId, string uid, CancellationToken cancellationToken)
    {
        var (from, to) = ChatKeys.FlagsBy(uid);
        return (await table.QueryAsync(
            $"PartitionKey eq {ChatKeys.Flags(projectId)} and RowKey ge {from} and RowKey lt {to}", int.MaxValue, cancellationToken))
            .ConvertAll(row => (FlagRows.ToFlag(row), FlagRows.ToTarget(row)));
    }

    /// <summary>Entries whose newest flag, or decision, is older than a time.</summary>
    public async IAsyncEnumerable<Flagged> OlderAsync(
        string projectId, DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var open in (bool[])[true, false])
        {
            var (from, to) = (ChatKeys.FlagQueueAt(open, before), ChatKeys.FlagQueueRange(open).To);
            await foreach (var row in table.EnumerateAsync(
                $"PartitionKey eq {ChatKeys.Flags(projectId)} and RowKey gt {from} and RowKey lt {to}", 1_000, cancellationToken))
            {
                if (FlagRows.ToFlagged(projectId, row) is var entry && entry.LastAt < before)
                {
                    yield return entry;
                }
            }
        }
    }

    /// <summary>Entries about a user with this login id.</summary>
    public IAsyncEnumerable<Flagged> AboutAsync(string projectId, string loginId, CancellationToken cancellationToken)
    {
        var (from, to) = ChatKeys.AllFlagged;
        return table.EnumerateAsync(
            $"PartitionKey eq {ChatKeys.Flags(projectId)} and RowKey ge {from} and RowKey lt {to} and Login eq {loginId}", 1_000,
            cancellationToken).Select(row => FlagRows.ToFlagged(projectId, row));
    }

    /// <summary>Removes an entry with all its flags. Can be repeated.</summary>
    public async Task RemoveAsync(Flagged entry, CancellationToken cancellationToken)
    {
        var partition = ChatKeys.Flags(entry.ProjectId);
        var (from, to) = ChatKeys.FlagsOf(entry.Id);
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {to}", 1_000, cancellationToken))
        {
            await table.DeleteAsync(partition, ChatKeys.FlagBy(FlagRows.ToFlag(row).Uid, entry.Id), cancellationToken);
            await table.DeleteAsync(partition, row.RowKey, cancellationToken);
        }

        await table.DeleteAsync(partition, ChatKeys.FlagQueue(entry.IsOpen, entry.QueuedAt, entry.Id), cancellationToken);

        // Last: by it, a removal that was cut off is found again.
        await table.DeleteAsync(partition, ChatKeys.Flagged(entry.Id), cancellationToken);
    }

    /// <summary>Takes a user's name and words out of their flags. That somebody flagged stays. Can be repeated.</summary>
    /// <param name="successor">The uid of another user who has the login id now, whose flags stay; null for nobody.</param>
    public async Task EraseFlagsByAsync(
        string projectId, string loginId, string? successor, string pseudonym, CancellationToken cancellationToken)
    {
        var partition = ChatKeys.Flags(projectId);
        var (from, to) = ChatKeys.AllFlags;
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {to} and Login eq {loginId}", 1_000, cancellationToken))
        {
            var uid = FlagRows.ToFlag(row).Uid;
            if (uid == successor)
            {
                continue;
            }

            await table.DeleteAsync(partition, ChatKeys.FlagBy(uid, row.RowKey.Split('|')[1]), cancellationToken);
            await table.TryMergeAsync(
                new TableEntity(partition, row.RowKey) { ["Login"] = pseudonym, ["Text"] = "" }, ETag.All, cancellationToken);
        }
    }

    public Task RemoveCountAsync(string projectId, string uid, CancellationToken cancellationToken) =>
        table.DeleteAsync(ChatKeys.Flags(projectId), ChatKeys.FlagCount(uid), cancellationToken);

    private static List<TableTransactionAction> EntryActions(Flagged? before, Flagged after)
    {
        var place = ChatKeys.FlagQueue(after.IsOpen, after.QueuedAt, after.Id);
        List<TableTransactionAction> actions =
        [
            Guarded(FlagRows.Entry(after, ChatKeys.Flagged(after.Id)), before?.Version),
            new(TableTransactionActionType.UpsertReplace, FlagRows.Entry(after, place)),
        ];
        if (before is not null && ChatKeys.FlagQueue(before.IsOpen, before.QueuedAt, before.Id) is var former && former != place)
        {
            actions.Add(new(
                TableTransactionActionType.Delete, new TableEntity(ChatKeys.Flags(before.ProjectId), former), ETag.All));
        }

        return actions;
    }

    private static TableTransactionAction Guarded(TableEntity row, RowVersion? version) => version is { } expected
        ? new(TableTransactionActionType.UpdateReplace, row, expected)
        : new(TableTransactionActionType.Add, row);

    private async Task<bool> TrySubmitAsync(List<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await table.SubmitAsync(actions, cancellationToken);
            return true;
        }
        catch (TableTransactionFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return false;
        }
    }
}
