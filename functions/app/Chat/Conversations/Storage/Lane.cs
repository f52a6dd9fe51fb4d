using Vox.Chat.ChatLogs;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>A conversation that this process writes to, with its queue and what is remembered of it.</summary>
public sealed class Lane
{
    private const int MaxBatchBytes = 3_000_000;

    /// <summary>One of the 99 rows besides the head.</summary>
    private const int BytesOfRow = MaxBatchBytes / 99;

    /// <summary>200 characters of text, a name and two keys, at their longest.</summary>
    private const int QuoteBytes = 8_000;

    public Lane(ConversationKey key, ConversationCommit commit, int capacity, TimeProvider time)
    {
        Key = key;
        Contention = new Contention(time, Random.Shared.NextDouble);
        Batcher = new Batcher<Append>(
            capacity, key.IsGroup ? ConversationStore.MaxGroupBatch : ConversationStore.MaxBatch, MaxBatchBytes, SizeOf,
            batch => RunAsync(commit, batch), () => Contention.Rest);
    }

    /// <summary>
    /// A sender may know of messages that another process has stored. Their tip serves the first attempt only: if it fails, the head is
    /// read.
    /// </summary>
    /// <returns>False when nobody has a tip that is at least as new as what this process remembers.</returns>
    public bool TakeTip(IEnumerable<Append> batch)
    {
        var newest = batch.Select(static append => append.Target.Tip).OfType<ConversationHead>().MaxBy(static tip => tip.LastSequence);
        if (newest is null || newest.LastSequence < (Head?.LastSequence ?? 0))
        {
            return false;
        }

        if (newest.LastSequence > (Head?.LastSequence ?? 0))
        {
            Head = newest;
        }

        return true;
    }

    private async Task RunAsync(ConversationCommit commit, List<Append> batch)
    {
        await Turn.WaitAsync();
        try
        {
            await commit.RunAsync(this, batch);
        }
        finally
        {
            Turn.Release();
        }
    }

    /// <summary>
    /// Bytes of a send in a transaction. A transaction may also have no more than 100 rows, so a send counts at least its share of that:
    /// its own rows, and those of the members that it mentions and of the message that it quotes.
    /// </summary>
    private static int SizeOf(Append append)
    {
        var draft = append.Draft;
        var rows = draft.Mentions.Count + (draft.ReplyTo > 0 ? 1 : 0);
        var share = MaxBatchBytes / (append.Target.Key.IsGroup ? ConversationStore.MaxGroupBatch : ConversationStore.MaxBatch);
        return (rows * BytesOfRow) + Math.Max(share, BytesOf(draft));
    }

    private static int BytesOf(MessageDraft draft) =>
        4_000 + JsonSize.Of(draft.Data) + JsonSize.Of(draft.Thumbnail) + JsonSize.Of(draft.From) + JsonSize.Of(draft.To)
            + JsonSize.Of(draft.ContentType) + (2 * JsonSize.Of(draft.Custom)) + draft.Mentions.Sum(JsonSize.Of)
            + (draft.ReplyTo > 0 ? QuoteBytes : 0);

    public ConversationKey Key { get; }

    public Batcher<Append> Batcher { get; }

    public Contention Contention { get; }

    /// <summary>Only one may write at a time: a batch of messages or a change of the group, first come, first served.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>The head as this process last wrote or read it. Null when not known.</summary>
    public ConversationHead? Head { get; set; }

    /// <summary>Another process has written to the conversation after this one, and may again: the memory is probably old.</summary>
    public bool IsShared { get; set; }

    /// <summary>Uids of senders who were found to be members of the group at version <see cref="SendersAt"/>.</summary>
    public HashSet<string> Senders { get; } = new(StringComparer.Ordinal);

    /// <summary>The group's name as this process last saw it.</summary>
    public string GroupName { get; set; } = "";

    /// <summary>The version of the group for which <see cref="Senders"/> is valid.</summary>
    public long SendersAt { get; set; }

    /// <summary>The log's note that this process writes to the conversation, see <see cref="ChatLogWriter.MarkAsync"/>.</summary>
    public LogMark? LogMark { get; set; }
}
