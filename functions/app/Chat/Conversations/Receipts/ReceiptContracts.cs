using Vox.Chat.Conversations.Storage;

namespace Vox.Chat.Conversations.Receipts;

/// <summary><c>POST /api/v1/receipts</c>: how far the caller has got, at most 100 conversations.</summary>
public sealed record ReceiptsRequest(IReadOnlyList<Receipt>? Receipts);

/// <param name="Delivered">Everything up to this sequence has arrived.</param>
/// <param name="Read">Everything up to this sequence was read, and so has arrived.</param>
public sealed record Receipt(string? Conversation, long? Delivered = null, long? Read = null);

public sealed record ReceiptsResponse(IReadOnlyList<ReceiptResult> Results);

/// <param name="Own">The caller's marks afterwards.</param>
/// <param name="Error">Code of the error instead.</param>
public sealed record ReceiptResult(string Conversation, MarkView? Own, string? Error = null);

/// <param name="DeliveredAt">Unix ms; absent for never.</param>
public sealed record MarkView(long Delivered, long? DeliveredAt, long Read, long? ReadAt)
{
    public static MarkView Of(Mark mark) => new(
        mark.Delivered, mark.DeliveredAt > 0 ? mark.DeliveredAt : null, mark.Read, mark.ReadAt > 0 ? mark.ReadAt : null);
}

/// <summary>Argument of the live event <c>receipt</c>.</summary>
/// <param name="With">The other user of the conversation, for the one who gets the event; the group's id.</param>
/// <param name="By">Whose marks.</param>
/// <param name="Group">True in a group.</param>
/// <param name="DeliveredFrom">In a group: the mark before.</param>
/// <param name="ReadFrom">In a group: the mark before.</param>
public sealed record ReceiptEvent(
    string Conversation, string With, string By, long Delivered, long? DeliveredAt, long Read, long? ReadAt, bool? Group = null,
    long? DeliveredFrom = null, long? ReadFrom = null);

/// <param name="Sequence">Of which message; absent: every member's marks.</param>
/// <param name="Of">How many members it could reach: present ones who see it, without its author.</param>
public sealed record GroupReceipts(
    string Conversation, long? Sequence, int Of, int Delivered, int Read, IReadOnlyList<GroupMemberReceipt> Members);

/// <param name="Delivered">Everything up to this sequence has arrived.</param>
/// <param name="DeliveredAt">When it got there, Unix ms: for an older message, at the latest then.</param>
/// <param name="JoinedSequence">He sees what comes after.</param>
public sealed record GroupMemberReceipt(
    string Id, long Delivered, long? DeliveredAt, long Read, long? ReadAt, long JoinedSequence);
