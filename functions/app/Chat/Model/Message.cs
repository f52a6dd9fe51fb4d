namespace Vox.Chat.Model;

/// <summary>What a client wants to send.</summary>
/// <param name="Id">The client's message id, or one made here when the client gave none. Unique per sender, forever.</param>
/// <param name="Data">The text, or the storage key of a file, or the JSON of a location or contact.</param>
/// <param name="Thumbnail">Storage key of a thumbnail, or empty.</param>
/// <param name="Size">Characters (UTF-16) of a text, bytes of a file.</param>
/// <param name="ClientTime">When the client sent it, by its own clock, Unix ms; 0 when unknown.</param>
/// <param name="ClientSequence">The client's own counter; 0 when unknown.</param>
public sealed record MessageDraft(
    string Id,
    string From,
    string FromUid,
    string To,
    MessageType Type,
    string ContentType,
    string Data,
    string Thumbnail,
    long Size,
    long ClientTime,
    long ClientSequence)
{
    /// <summary>Whether the sender wants to know when it was delivered and read. They do, unless they say otherwise.</summary>
    public bool Reports { get; init; } = true;

    /// <summary>
    /// The customer's system says it, and no user: <see cref="From"/> and <see cref="FromUid"/> are empty. Only in groups.
    /// </summary>
    public bool IsSystem { get; init; }

    /// <summary>
    /// Whether the sender has read what came before it. False for an answer that is sent for them while they look elsewhere.
    /// </summary>
    public bool MarksRead { get; init; } = true;

    /// <summary>An app's own JSON object; empty for none.</summary>
    public string Custom { get; init; } = "";

    /// <summary>Apps announce it without a sound. It is delivered and counted like any other.</summary>
    public bool Silent { get; init; }

    /// <summary>Login ids of the members whom it mentions, each once.</summary>
    public IReadOnlyList<string> Mentions { get; init; } = [];

    /// <summary>It mentions all members of the group.</summary>
    public bool MentionsAll { get; init; }

    /// <summary>Sequence of the message that it answers; 0 for none.</summary>
    public long ReplyTo { get; init; }

    /// <summary>What <see cref="ReplyTo"/> names. Null until the reply is stored.</summary>
    public Quote? Quote { get; init; }

    /// <summary>It was copied from another message.</summary>
    public bool Forwarded { get; init; }

    /// <summary>Sequence of the message whose thread it is in; 0 for none.</summary>
    public long Thread { get; init; }

    /// <summary>Its place among the replies in the thread: 1, 2, 3, … 0 for none, and until it is stored.</summary>
    public long ThreadNumber { get; init; }

    /// <summary>Words in it that moderators are to be told of. It is not stored with the message; empty for none.</summary>
    public string FlaggedWords { get; init; } = "";
}

/// <summary>A message as stored.</summary>
/// <param name="Sequence">Position in the conversation: 1, 2, 3, … without gaps.</param>
/// <param name="SentAt">When it was committed, by the server's clock, Unix ms. Never earlier than the previous message.</param>
/// <param name="Times">When the members of a direct conversation received and read it.</param>
/// <param name="Group">The group's name when it was sent. Empty between two users.</param>
/// <param name="Epoch">The conversation's epoch, known only when the message has just been sent: it is not stored with messages.</param>
public sealed record Message(
    long Sequence, long SentAt, MessageDraft Draft, MessageTimes Times = default, string Group = "", long Epoch = 0)
{
    public string Id => Draft.Id;

    /// <summary>The message was erased: its place in the conversation is all that is left.</summary>
    public bool IsErased { get; init; }

    /// <summary>Nothing of its content is left.</summary>
    public bool IsGone => IsErased || State.DeletedAt > 0;

    /// <summary>What has become of it since it was sent.</summary>
    public MessageState State { get; init; } = MessageState.Unchanged;

    /// <summary>The thread under it.</summary>
    public ThreadSummary Replies { get; init; } = ThreadSummary.None;
}

/// <summary>
/// When a message was delivered to and read by the two members of a direct conversation, Unix ms; 0 for never or unknown.
/// </summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
public readonly record struct MessageTimes(long Delivered0, long Read0, long Delivered1, long Read1)
{
    /// <param name="member">Index into the head's members.</param>
    public (long Delivered, long Read) Of(int member) => member == 0 ? (Delivered0, Read0) : (Delivered1, Read1);
}

/// <summary>The answer to a send.</summary>
/// <param name="Duplicate">The same (sender, id) was sent before. This is its first result, and nothing was stored now.</param>
/// <param name="Tip">The conversation's head after it, for the next send. Null for a duplicate, and where there is none.</param>
public sealed record SentMessage(string ConversationId, Message Message, bool Duplicate, string? Tip = null)
{
    public string Id => Message.Id;

    public long Sequence => Message.Sequence;

    public long SentAt => Message.SentAt;

    public long Epoch => Message.Epoch;
}
