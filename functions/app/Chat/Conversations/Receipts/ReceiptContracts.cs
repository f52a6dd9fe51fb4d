using Vox.Chat.Conversations.Storage;

namespace Vox.Chat.Conversations.Receipts;

/// <summary><c>POST /api/v1/receipts</c>: how far the caller has received and read messages, for at most 100 conversations.</summary>
public sealed record ReceiptsRequest(IReadOnlyList<Receipt>? Receipts);

/// <param name="Delivered">Everything up to this sequence has arrived.</param>
/// <param name="Read">Everything up to this sequence was read, which means that it has arrived too.</param>
public sealed record Receipt(string? Conversation, long? Delivered = null, long? Read = null);

public sealed record ReceiptsResponse(IReadOnlyList<ReceiptResult> Results);

/// <param name="Own">The caller's marks afterwards.</param>
/// <param name="Error">The error's code; then there are no marks.</param>
public sealed record ReceiptResult(string Conversation, MarkView? Own, string? Error = null);

/// <param name="DeliveredAt">Unix ms; absent for never.</param>
public sealed record MarkView(long Delivered, long? DeliveredAt, long Read, long? ReadAt)
{
    public static MarkView Of(Mark mark) => new(
        mark.Delivered, mark.DeliveredAt > 0 ? mark.DeliveredAt : null, mark.Read, mark.ReadAt > 0 ? mark.ReadAt : null);
}

/// <summary>Argument of the live event <c>receipt</c>.</summary>
/// <param name="With">The other user of the conversation, as seen by whoever gets the event; or the group's id.</param>
/// <param name="By">The login id of the user whose marks these are.</param>
/// <param name="Group">True in a group.</param>
/// <param name="DeliveredFrom">In a group: the delivered mark before this change.</param>
/// <param name="ReadFrom">In a group: the read mark before this change.</param>
internal sealed record ReceiptEvent(
    string Conversation, string With, string By, long Delivered, long? DeliveredAt, long Read, long? ReadAt, bool? Group = null,
    long? DeliveredFrom = null, long? ReadFrom = null);

/// <param name="Sequence">The message in question. Absent when every member's marks were asked for.</param>
/// <param name="Of">How many members the message could reach: present members who joined before it, without its author.</param>
/// <param name="Members">Empty for a broadcast group: there the counts are for the owner and the admins, and up to 30 s old.</param>
public sealed record GroupReceipts(
    string Conversation, long? Sequence, int Of, int Delivered, int Read, IReadOnlyList<GroupMemberReceipt> Members);

/// <param name="Delivered">Everything up to this sequence has arrived.</param>
/// <param name="DeliveredAt">When the mark moved there, Unix ms. An older message arrived then at the latest.</param>
/// <param name="JoinedSequence">The group's last sequence when the member joined. Only messages after it count for them.</param>
public sealed record GroupMemberReceipt(
    string Id, long Delivered, long? DeliveredAt, long Read, long? ReadAt, long JoinedSequence);
