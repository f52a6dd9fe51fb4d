using Azure;
using Azure.Data.Tables;
using Vox.Chat.ChatLogs;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>The result of the first send of a (sender, message id), and the name of the transaction that stored it.</summary>
public sealed record FirstResult(long Sequence, long SentAt, string Commit);

/// <summary>The result of a transaction.</summary>
/// <param name="Head">The head with its new version. Null when another writer was faster, or a message was stored before.</param>
/// <param name="OnlyTheHead">True when it failed on the head: no message was found to be stored already.</param>
public readonly record struct CommitResult(ConversationHead? Head, bool OnlyTheHead);

/// <summary>
/// Conversations in table <c>conversations</c>, one partition each: a head row, mark rows, message rows newest first, and one row per
/// (sender, message id). The last makes a repeated send return its first result.
/// </summary>
public sealed class ConversationStore(StorageClients storage) : ILoggedConversations
{
    /// <summary>
    /// A message writes two rows, and all messages share the head: 1 + 2 × 49 = 99 of the 100 rows that a transaction may have.
    /// </summary>
    public const int MaxBatch = 49;

    /// <summary>In a group a message may also change its sender's row: 1 + 3 × 33 = 100.</summary>
    public const int MaxGroupBatch = 33;

    /// <summary>Rows between the head and the messages: the marks of two members.</summary>
    private const int MaxMarks = 2;

    /// <summary>Messages that one step of a mark may pass over. They and the mark are one transaction.</summary>
    public const int MaxMarked = 99;

    private readonly Table table = storage.ProjectTable("conversations");

    public async Task<ConversationHead?> FindHeadAsync(ConversationKey key, CancellationToken cancellationToken) =>
        await table.FindAsync(key.Partition, ChatKeys.HeadRow, cancellationToken) is { } row ? ConversationRows.Head(row) : null;

    /// <summary>The head, the marks and the newest messages in one request. Null when the conversation has not begun.</summary>
    public async Task<ConversationView?> ReadNewestAsync(ConversationKey key, int take, CancellationToken cancellationToken) =>
        View(await table.QueryAsync(
            $"PartitionKey eq {key.Partition} and RowKey ge {ChatKeys.HeadRow} and RowKey lt {ChatKeys.MessagesEnd}",
            take + MaxMarks + 1, cancellationToken), take);

    /// <summary>The head and the marks in one request, without messages.</summary>
    public async Task<ConversationView?> ReadMarksAsync(ConversationKey key, CancellationToken cancellationToken) =>
        View(await table.QueryAsync(
            $"PartitionKey eq {key.Partition} and RowKey ge {ChatKeys.HeadRow} and RowKey lt {ChatKeys.MarksEnd}", MaxMarks + 1,
            cancellationToken), 0);

    /// <summary>Messages from <paramref name="first"/> to <paramref name="last"/>, newest first, at most 1,000, in one request.</summary>
    public async Task<List<Message>> ReadRangeAsync(ConversationKey key, long first, long last, CancellationToken cancellationToken)
    {
        first = Math.Max(1, first);
        if (last < first)
        {
            return [];
        }

        var rows = await table.QueryAsync(
            $"PartitionKey eq {key.Partition} and RowKey ge {ChatKeys.Message(last)} and RowKey le {ChatKeys.Message(first)}",
            (int)Math.Min(1_000, last - first + 1), cancellationToken);
        return rows.ConvertAll(ConversationRows.Message);
    }

    public async Task<List<Message>> ReadSinceAsync(ConversationKey key, long sentAt, CancellationToken cancellationToken)
    {
        var messages = new List<Message>();
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey eq {key.Partition} and RowKey ge {"m|"} and RowKey lt {ChatKeys.MessagesEnd}", 100, cancellationToken))
        {
            var message = ConversationRows.Message(row);
            if (message.SentAt < sentAt)
            {
                break;
            }

            messages.Add(message);
        }

        return messages;
    }

    /// <summary>The first result of a send, or null when this (sender, id) was never stored.</summary>
    public async Task<FirstResult?> FindFirstResultAsync(
        ConversationKey key, string senderUid, string messageId, CancellationToken cancellationToken) =>
        await table.FindAsync(key.Partition, ChatKeys.Idempotency(senderUid, messageId), cancellationToken) is { } row
            ? ConversationRows.FirstResult(row)
            : null;

    /// <summary>Stores the head, its new messages and the changes of earlier ones in one transaction.</summary>
    /// <param name="head">
    /// The new head. Its <see cref="ConversationHead.Version"/> is the one that it follows; null begins the conversation. Of a head that
    /// exists, only what the messages change is written.
    /// </param>
    /// <param name="commit">A name for this transaction, see <see cref="FirstResult.Commit"/>.</param>
    /// <param name="extras">What mentions and replies change; null for nothing.</param>
    /// <param name="changes">What else is to be written.</param>
    public async Task<CommitResult> CommitAsync(
        ConversationKey key, ConversationHead head, IReadOnlyList<Message> messages, string commit, CancellationToken cancellationToken,
        CommitExtras? extras = null, ChangePlanRows? changes = null)
    {
        var actions = new List<TableTransactionAction>(1 + (2 * messages.Count))
        {
            head.Version is { } version
                ? new(
                    TableTransactionActionType.UpdateMerge,
                    ConversationRows.HeadChange(
                        key, head, messages, changes?.PinsChanged ?? false, changes?.Mentions.OfAllChanged ?? false),
                    version)
                : new(TableTransactionActionType.Add, ConversationRows.Head(key, head)),
        };
        foreach (var message in messages)
        {
            actions.Add(new(TableTransactionActionType.Add, ConversationRows.Message(key, message)));
            actions.Add(new(TableTransactionActionType.Add, ConversationRows.FirstResult(key, message, commit)));
            if (message.Draft.Thread > 0)
            {
                actions.Add(new(TableTransactionActionType.Add, ThreadRows.Reply(key, message)));
            }
        }

        var threads = (extras ?? CommitExtras.None).Threads;
        foreach (var (sequence, (known, summary)) in threads)
        {
            var row = ThreadRows.Summary(key, sequence, summary);
            if (changes?.Touches(sequence) != true)
            {
                actions.Add(new(TableTransactionActionType.UpdateMerge, row, known));
            }
            else if (!changes.TryMerge(sequence, row, known))
            {
                // The message was read twice, and somebody has written it in between.
                return new CommitResult(null, OnlyTheHead: true);
            }
        }

        changes?.AddTo(actions);
        if (head.Group is not null)
        {
            // A member who answers has read everything before. Between two users the head itself notes this.
            var rows = messages.Where(message => !message.Draft.IsSystem)
                .GroupBy(message => message.Draft.From, StringComparer.Ordinal).ToDictionary(
                own => own.Key, own => GroupRows.Own(key, own.Key, [.. own]), StringComparer.Ordinal);
            var sent = (extras ?? CommitExtras.None).Mentioned;
            foreach (var (loginId, mentioned) in changes?.Mentions.With(sent) ?? sent.Select(one => (one.Key, one.Value)))
            {
                rows.TryAdd(loginId, new TableEntity(key.Partition, ChatKeys.GroupMember(loginId)));
                rows[loginId]["Mentioned"] = string.Join(' ', mentioned);
            }

            actions.AddRange(rows.Values.Select(row => new TableTransactionAction(TableTransactionActionType.UpdateMerge, row, ETag.All)));
        }

        // It changes nothing, but fails if a quoted message was deleted or erased after it was read.
        var quotes = (extras ?? CommitExtras.None).Quoted
            .Where(quoted => changes?.Touches(quoted.Key) != true && !threads.ContainsKey(quoted.Key));
        actions.AddRange(quotes.Select(quoted => new TableTransactionAction(
            TableTransactionActionType.UpdateMerge, new TableEntity(key.Partition, ChatKeys.Message(quoted.Key)), quoted.Value)));

        try
        {
            var stored = await table.SubmitAsync(actions, cancellationToken);
            return new CommitResult(head with { Version = stored.Headers.ETag }, OnlyTheHead: false);
        }
        catch (TableTransactionFailedException e) when (e.Status is 409 or 412 || e is { Status: 404, FailedTransactionActionIndex: 0 }
            || (e.Status == 404 && changes is not null))
        {
            // With changes, 404 may also be a message that is gone, because its project is being deleted. Else: there is no head at all. It
            // was lost when an older state of the storage was restored, and the client has a tip of it.
            return new CommitResult(null, OnlyTheHead: e.FailedTransactionActionIndex is 0);
        }
    }

    public async Task<bool> FenceAsync(ConversationKey key, CancellationToken cancellationToken)
    {
        if (await FindHeadAsync(key, cancellationToken) is not { Version: { } version } head)
        {
            return false;
        }

        // If another writer was faster, the version has changed as well, and a transaction of the ended process does not know it.
        await table.TryReplaceAsync(ConversationRows.Head(key, head), version, cancellationToken);
        return true;
    }

    /// <summary>Moves a member's mark, and notes the times in the newest <see cref="MaxMarked"/> messages that it passes over.</summary>
    /// <param name="member">The member's index in the head.</param>
    /// <returns>The mark with its new version. Null when the mark has changed meanwhile, or a message does not exist.</returns>
    public async Task<Mark?> TryMarkAsync(
        ConversationKey key, string uid, int member, Mark before, Mark after, CancellationToken cancellationToken)
    {
        var row = ConversationRows.Mark(key, uid, after);
        var actions = new List<TableTransactionAction>
        {
            before.Version is { } version
                ? new(TableTransactionActionType.UpdateMerge, row, version)
                : new(TableTransactionActionType.Add, row),
        };
        var last = after.Delivered > before.Delivered ? after.Delivered : after.Read;
        var first = (after.Read > before.Read ? Math.Min(before.Read, before.Delivered) : before.Delivered) + 1;
        for (var sequence = Math.Max(first, last - MaxMarked + 1); sequence <= last; sequence++)
        {
            long? delivered = sequence > before.Delivered && sequence <= after.Delivered ? after.DeliveredAt : null;
            long? read = sequence > before.Read && sequence <= after.Read ? after.ReadAt : null;
            if (delivered is not null || read is not null)
            {
                actions.Add(new(
                    TableTransactionActionType.UpdateMerge, ConversationRows.Times(key, sequence, member, delivered, read), ETag.All));
            }
        }

        try
        {
            var stored = await table.SubmitAsync(actions, cancellationToken);
            return after with { Version = stored.Headers.ETag };
        }
        catch (TableTransactionFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return null;
        }
    }

    /// <summary>Changes the head in spite of other writers. Sends under way fail on the changed head and read it again.</summary>
    /// <param name="change">Returns null or the same head when there is nothing to change.</param>
    public async Task ChangeHeadAsync(
        ConversationKey key, Func<ConversationHead?, ConversationHead?> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var head = await FindHeadAsync(key, cancellationToken);
            var changed = change(head);
            if (changed is null || changed == head)
            {
                return;
            }

            var row = ConversationRows.Head(key, changed);
            var stored = head?.Version is { } version
                ? await table.TryReplaceAsync(row, version, cancellationToken)
                : await table.TryAddAsync(row, cancellationToken);
            if (stored is not null)
            {
                return;
            }
        }
    }

    private static ConversationView? View(List<TableEntity> rows, int take)
    {
        if (rows is not [{ RowKey: ChatKeys.HeadRow } head, .. var rest])
        {
            return null;
        }

        var marks = rest.TakeWhile(row => row.RowKey.StartsWith(ChatKeys.Mark(""), StringComparison.Ordinal))
            .Select(ConversationRows.Mark).ToDictionary(mark => mark.Uid, mark => mark.Mark, StringComparer.Ordinal);
        return new ConversationView(
            ConversationRows.Head(head), marks, [.. rest.Skip(marks.Count).Take(take).Select(ConversationRows.Message)]);
    }
}
