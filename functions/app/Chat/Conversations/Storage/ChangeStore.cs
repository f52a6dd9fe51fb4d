using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>Somebody who reacted to a message.</summary>
/// <param name="At">Unix ms.</param>
/// <param name="Row">Where the list goes on after them.</param>
public sealed record Reactor(string LoginId, string Uid, string Emoji, long At, string Row)
{
    /// <summary>The message's. Only where the list is not of one message; else 0.</summary>
    public long Sequence { get; init; }
}

/// <summary>Reads what changes are about, and what they have left, in the partitions of conversations.</summary>
public sealed class ChangeStore(StorageClients storage)
{
    /// <summary>Messages between two wanted ones that are read with them, to save a request.</summary>
    private const int MaxBetween = 30;

    private const int MaxRange = 1_000;

    private readonly Table table = storage.ProjectTable("conversations");

    /// <summary>The row of a message, to be changed. Null when there is none.</summary>
    internal async Task<ChangedMessageRows?> FindMessageAsync(ConversationKey key, long sequence) =>
        await table.FindAsync(key.Partition, ChatKeys.Message(sequence), CancellationToken.None) is { } row
            ? new ChangedMessageRows(row)
            : null;

    /// <summary>When the user reacted to the message with this emoji. Null when they did not.</summary>
    public async Task<long?> FindReactionAsync(ConversationKey key, string uid, long sequence, string emoji) =>
        (await table.FindAsync(key.Partition, ChatKeys.Reaction(uid, sequence, emoji), CancellationToken.None))?.GetInt64("At");

    /// <summary>Who reacted to a message, by emoji and time: one request.</summary>
    /// <param name="emoji">Null for all.</param>
    /// <param name="after">The row of the last one on the page before; null for the first page.</param>
    public async Task<List<Reactor>> ReadReactorsAsync(
        ConversationKey key, long sequence, string? emoji, string? after, int take, CancellationToken cancellationToken)
    {
        var from = emoji is null ? ChatKeys.Reactors(sequence) : ChatKeys.Reactors(sequence, emoji);
        // Whatever place a client names: it gets those of this message only.
        var start = string.CompareOrdinal(after, from) > 0 ? after! : from;
        var rows = await table.QueryAsync(
            $"PartitionKey eq {key.Partition} and RowKey gt {start} and RowKey lt {from[..^1] + "}"}", take, cancellationToken);
        return rows.ConvertAll(row => new Reactor(
            row.GetString("Login"), row.GetString("Uid"), row.GetString("Emoji"), row.GetInt64("At") ?? 0, row.RowKey));
    }

    /// <summary>The user's own reactions to the messages from one sequence to another: one request.</summary>
    public async Task<HashSet<(long Sequence, string Emoji)>> ReadOwnReactionsAsync(
        ConversationKey key, string uid, long first, long last, CancellationToken cancellationToken)
    {
        var rows = await table.QueryAsync(
            $"PartitionKey eq {key.Partition} and RowKey ge {ChatKeys.Reaction(uid, last, "")[..^1]} and RowKey lt {ChatKeys.Reaction(
                uid, first, "")[..^2] + "}"}",
            int.MaxValue, cancellationToken, ["Sequence", "Emoji"]);
        return [.. rows.Select(row => (row.GetInt64("Sequence") ?? 0, row.GetString("Emoji")))];
    }

    /// <summary>All of the user's reactions in a conversation, of the newest messages first: one request.</summary>
    /// <param name="after">The row of the last one on the page before; empty for the first page.</param>
    public async Task<List<Reactor>> ReadReactionsOfAsync(
        ConversationKey key, string uid, string after, int take, CancellationToken cancellationToken)
    {
        var from = ChatKeys.ReactionsOf(uid);
        var start = string.CompareOrdinal(after, from) > 0 ? after : from;
        var rows = await table.QueryAsync(
            $"PartitionKey eq {key.Partition} and RowKey gt {start} and RowKey lt {from[..^1] + "}"}", take, cancellationToken);
        return rows.ConvertAll(row => new Reactor(
            row.GetString("Login"), uid, row.GetString("Emoji"), row.GetInt64("At") ?? 0, row.RowKey)
        {
            Sequence = row.GetInt64("Sequence") ?? 0,
        });
    }

    /// <summary>The number of the newest change on record; 0 when there is none.</summary>
    public async Task<long> FindLastAsync(ConversationKey key) => await table.QueryAsync(
        $"PartitionKey eq {key.Partition} and RowKey ge {ChatKeys.ChangesFrom} and RowKey lt {ChatKeys.ChangesTo}", 1,
        CancellationToken.None) is [var row] ? ChangeRows.Change(row).Number : 0;

    /// <summary>Changes from <paramref name="first"/> to <paramref name="last"/>, oldest first: one request for up to 1,000.</summary>
    public async Task<List<MessageChange>> ReadRangeAsync(
        ConversationKey key, long first, long last, CancellationToken cancellationToken)
    {
        var rows = await table.QueryAsync(
            $"PartitionKey eq {key.Partition} and RowKey ge {ChatKeys.Change(last)} and RowKey le {ChatKeys.Change(first)}",
            int.MaxValue, cancellationToken);
        rows.Reverse();
        return rows.ConvertAll(ChangeRows.Change);
    }

    /// <summary>The newest changes: those made at or after a time (Unix ms), newest first.</summary>
    public async Task<List<MessageChange>> ReadSinceAsync(ConversationKey key, long at, CancellationToken cancellationToken)
    {
        var changes = new List<MessageChange>();
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey eq {key.Partition} and RowKey ge {ChatKeys.ChangesFrom} and RowKey lt {ChatKeys.ChangesTo}", 100,
            cancellationToken))
        {
            var change = ChangeRows.Change(row);
            if (change.At < at)
            {
                break;
            }

            changes.Add(change);
        }

        return changes;
    }

    /// <summary>The change and the transaction that a client's change id stands for. Null when there is none.</summary>
    public async Task<(long Change, string Commit)?> FindResultAsync(ConversationKey key, string uid, string changeId) =>
        await table.FindAsync(key.Partition, ChatKeys.ChangeResult(uid, changeId), CancellationToken.None) is { } row
            ? (row.GetInt64("Change") ?? 0, row.GetString("Commit") ?? "")
            : null;

    /// <summary>A change and the transaction that stored it.</summary>
    public async Task<(MessageChange Change, string Commit)?> FindAsync(ConversationKey key, long number) =>
        await table.FindAsync(key.Partition, ChatKeys.Change(number), CancellationToken.None) is { } row
            ? (ChangeRows.Change(row), row.GetString("Commit") ?? "")
            : null;

    /// <summary>Messages as they are now. Those that lie close together are read in one request.</summary>
    public async Task<List<Message>> ReadMessagesAsync(
        ConversationKey key, IEnumerable<long> sequences, CancellationToken cancellationToken)
    {
        var ranges = new List<(long First, long Last, HashSet<long> Wanted)>();
        foreach (var sequence in sequences.Distinct().Order())
        {
            if (ranges is [.., var (first, last, wanted)] && sequence - last <= MaxBetween && sequence - first < MaxRange)
            {
                wanted.Add(sequence);
                ranges[^1] = (first, sequence, wanted);
            }
            else
            {
                ranges.Add((sequence, sequence, [sequence]));
            }
        }

        var parts = await ManyRequests.EachAsync(ranges, async range =>
        {
            var rows = await table.QueryAsync(
                $"PartitionKey eq {key.Partition} and RowKey ge {ChatKeys.Message(range.Last)} and RowKey le {ChatKeys.Message(
                    range.First)}",
                MaxRange, cancellationToken);
            return rows.Where(row => range.Wanted.Contains(row.GetInt64("Sequence") ?? 0)).Select(ConversationRows.Message).Reverse();
        }, cancellationToken);
        return [.. parts.SelectMany(part => part)];
    }

    /// <summary>Storage keys of the files of a message that a change has deleted, and who sent them. Null when they are gone.</summary>
    public async Task<(IReadOnlyList<string> Files, string FromUid)?> FindFilesAsync(
        ConversationKey key, long change, CancellationToken cancellationToken) =>
        await table.FindAsync(key.Partition, ChatKeys.Change(change), cancellationToken) is { } row
            && row.GetString("Files") is { Length: > 0 } files
            ? (files.Split('\n'), row.GetString("FilesOf") ?? "")
            : null;

    public async Task ForgetFilesAsync(ConversationKey key, long change, CancellationToken cancellationToken) =>
        await table.TryMergeAsync(
            new TableEntity(key.Partition, ChatKeys.Change(change)) { ["Files"] = "" }, Azure.ETag.All, cancellationToken);

    /// <summary>The texts that a message had before, oldest first, and when each was written, Unix ms.</summary>
    public async Task<List<(long At, string Data)>> ReadVersionsAsync(
        ConversationKey key, long sequence, CancellationToken cancellationToken) =>
        await table.FindAsync(key.Partition, ChatKeys.Versions(sequence), cancellationToken) is { } row ? ChangeRows.Versions(row) : [];

    /// <summary>
    /// Removes the reactions to a message that was deleted, 1,000 at a time. What is left when it is cut off shows nowhere. Can be
    /// repeated.
    /// </summary>
    public async Task RemoveReactionsAsync(ConversationKey key, long sequence, CancellationToken cancellationToken)
    {
        while (await ReadReactorsAsync(key, sequence, null, null, 1_000, cancellationToken) is { Count: > 0 } page)
        {
            // The row by the message goes with the other one: while it is there, the other is found.
            foreach (var some in page.Chunk(50))
            {
                try
                {
                    await table.SubmitAsync(
                        [
                            .. some.SelectMany(reactor => (string[])
                                [reactor.Row, ChatKeys.Reaction(reactor.Uid, sequence, reactor.Emoji)])
                                .Select(row => new TableTransactionAction(
                                    TableTransactionActionType.Delete, new TableEntity(key.Partition, row), Azure.ETag.All)),
                        ],
                        cancellationToken);
                }
                catch (TableTransactionFailedException e) when (e.Status == 404)
                {
                    // Another process does the same. One by one, what is gone is no error.
                    await ManyRequests.EachAsync(some, async reactor =>
                    {
                        await table.DeleteAsync(
                            key.Partition, ChatKeys.Reaction(reactor.Uid, sequence, reactor.Emoji), cancellationToken);
                        await table.DeleteAsync(key.Partition, reactor.Row, cancellationToken);
                    }, cancellationToken);
                }
            }
        }
    }
}
