namespace Vox.Chat.ChatLogs;

/// <summary>A row of a project's log.</summary>
/// <param name="Position">0, 1, 2, … without gaps, in the order of logging.</param>
/// <param name="LoggedAt">Unix ms; never less than in the row before, so a time is also a place in the log.</param>
/// <param name="Group">The group's name when the message was sent; empty between two users.</param>
public sealed record ChatLogEntry(
    long Position, long LoggedAt, string ConversationId, long Sequence, string Id, string From, string To, int Type, string Data,
    string Group = "")
{
    /// <summary>When the text was changed last, in Unix ms; 0 for never.</summary>
    public long EditedAt { get; init; }

    /// <summary>The type of a row that was emptied and kept only for its position.</summary>
    public const int Removed = -1;

    /// <summary>The type of a row whose message was erased. Readers show that there was one, and when.</summary>
    public const int Erased = -2;

    /// <summary>The type of a row whose message was deleted for everyone. It keeps who wrote it to whom.</summary>
    public const int Deleted = -3;

    /// <summary>The entry of a message as it is now, at a position that is not known yet.</summary>
    public static ChatLogEntry Of(string conversationId, Model.Message message) => new(
        0, message.SentAt, conversationId, message.Sequence, message.Id, message.Draft.From, message.Draft.To,
        message.State.DeletedAt > 0 ? Deleted : (int)message.Draft.Type, message.Draft.Data, message.Group)
    {
        EditedAt = message.State.EditedAt,
    };
}

/// <summary>The end of a project's log as a process last saw it.</summary>
/// <param name="Next">Position of the next row.</param>
/// <param name="LastTime">Time of the last row.</param>
public sealed record ChatLogTail(long Next, long LastTime);
