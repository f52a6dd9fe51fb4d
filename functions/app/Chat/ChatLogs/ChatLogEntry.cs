using Vox.Chat.Model;

namespace Vox.Chat.ChatLogs;

/// <summary>A message on its way into a project's log.</summary>
/// <param name="KnownEnd">An end of the log from before the message was stored, or was looked for in vain: it does not stand before there.</param>
/// <param name="Work">Counts it until it is logged.</param>
public sealed record PendingEntry(ConversationKey Conversation, Message Message, ChatLogTail KnownEnd, UnloggedWork.Period Work)
{
    public (string ConversationId, long Sequence) Identity => (Conversation.Id, Message.Sequence);
}

/// <summary>A row of a project's log.</summary>
/// <param name="Position">0, 1, 2, … without gaps, in the order of logging.</param>
/// <param name="LoggedAt">Unix ms; never less than that of the row before, so a time is also a place in the log.</param>
/// <param name="Group">The group's name when it was sent; empty between two users.</param>
public sealed record ChatLogEntry(
    long Position, long LoggedAt, string ConversationId, long Sequence, string Id, string From, string To, int Type, string Data,
    string Group = "")
{
    /// <summary>The type of a row that was kept only for its position.</summary>
    public const int Removed = -1;
}

/// <summary>Which rows; null means any.</summary>
/// <param name="Start">Unix ms, inclusive.</param>
/// <param name="End">Unix ms, inclusive.</param>
/// <param name="Group">A group's name as it was when the message was sent.</param>
public sealed record ChatLogFilter(string? From = null, string? To = null, long? Start = null, long? End = null, string? Group = null)
{
    public bool ByUser => From is not null || To is not null || Group is not null;

    public bool ByTime => Start is not null || End is not null;
}

/// <summary>The end of a project's log as a process last saw it.</summary>
/// <param name="Next">Position of the next row.</param>
/// <param name="LastTime">Time of the last row.</param>
public sealed record ChatLogTail(long Next, long LastTime);
