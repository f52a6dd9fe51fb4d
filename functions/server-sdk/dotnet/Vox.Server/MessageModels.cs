using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vox.Server;

/// <summary>A message to send.</summary>
public sealed record MessageDraft
{
    /// <summary>The user who sends it.</summary>
    public string? From { get; init; }

    /// <summary>The recipient. Or else <see cref="Group"/>.</summary>
    public string? To { get; init; }

    /// <summary>A group, by your own id or its conversation's.</summary>
    public string? Group { get; init; }

    /// <summary>The text, or the data of another type.</summary>
    public required string Data { get; init; }

    /// <summary>1 text, 2 HTML, 3 location, 4 image, 5 video, 6 contact, 7 document.</summary>
    public int Type { get; init; } = 1;

    /// <summary>MIME type; null for text/plain.</summary>
    public string? ContentType { get; init; }

    /// <summary>Unique per sender, for ever; null: made of the idempotency key.</summary>
    public string? Id { get; init; }

    /// <summary>False: nobody is told when it was delivered and read.</summary>
    public bool? Reports { get; init; }

    /// <summary>An object of at most 4 KB, which members of the conversation see.</summary>
    public JsonElement? Custom { get; init; }

    /// <summary>Apps announce it without a sound.</summary>
    public bool? Silent { get; init; }

    /// <summary>Your system says it, and no user. Only in groups.</summary>
    public bool System { get; init; }

    /// <summary>True: the sender has read what came before it. A server reads nothing, so the default is false.</summary>
    public bool? MarksRead { get; init; }

    /// <summary>The sequence of the message that it answers, in the same conversation.</summary>
    public long? ReplyTo { get; init; }

    /// <summary>The sequence of the message whose thread it goes into, in the same conversation.</summary>
    public long? Thread { get; init; }

    /// <summary>In a group: ids of the members whom it mentions, at most 50.</summary>
    public IReadOnlyList<string>? Mentions { get; init; }

    /// <summary>In a group: it mentions everybody. The sender must be allowed to.</summary>
    public bool? MentionsAll { get; init; }
}

/// <summary>A message that was stored.</summary>
public sealed record SentMessage(string Id, string Conversation, long Sequence, long SentAt, bool Duplicate);

/// <summary>A message of a conversation.</summary>
public sealed record VoxMessage
{
    /// <summary>Unique per sender.</summary>
    public required string Id { get; init; }

    /// <summary>The conversation's id.</summary>
    public required string Conversation { get; init; }

    /// <summary>1, 2, 3, … without gaps.</summary>
    public long Sequence { get; init; }

    /// <summary>Empty for a message of your system.</summary>
    public string From { get; init; } = "";

    /// <summary>The recipient, or the id of the group's conversation.</summary>
    public string To { get; init; } = "";

    /// <summary>1 text, 2 HTML, 3 location, 4 image, 5 video, 6 contact, 7 document.</summary>
    public int Type { get; init; }

    /// <summary>MIME type.</summary>
    public string ContentType { get; init; } = "";

    /// <summary>The text, or the data of another type.</summary>
    public string Data { get; init; } = "";

    /// <summary>Unix time in milliseconds.</summary>
    public long SentAt { get; init; }

    /// <summary>What was sent with it; null for nothing.</summary>
    public JsonElement? Custom { get; init; }

    /// <summary>Apps announce it without a sound.</summary>
    public bool Silent { get; init; }

    /// <summary>Your system said it, and no user.</summary>
    public bool System { get; init; }

    /// <summary>The message was erased or deleted: only its place is left.</summary>
    public bool Erased { get; init; }

    /// <summary>Whether it is a message of a group.</summary>
    public bool Group { get; init; }

    /// <summary>False when the sender asked for no reports; else null.</summary>
    public bool? Reports { get; init; }

    /// <summary>The key of a small picture of a file; null for none.</summary>
    public string? Thumbnail { get; init; }

    /// <summary>Of a file, in bytes.</summary>
    public long Size { get; init; }

    /// <summary>When the sender's app wrote it, Unix time in milliseconds; null where it did not say.</summary>
    public long? ClientTime { get; init; }

    /// <summary>The app's own number of the message; null where it gave none.</summary>
    public long? ClientSequence { get; init; }

    /// <summary>When the recipient received it, Unix time in milliseconds. Not in groups.</summary>
    public long? DeliveredAt { get; init; }

    /// <summary>When the recipient read it, Unix time in milliseconds. Not in groups.</summary>
    public long? ReadAt { get; init; }

    /// <summary>The number of the conversation's last change that touched it; null when it was never changed.</summary>
    public long? Change { get; init; }

    /// <summary>When it was last edited, Unix time in milliseconds; null when it was not.</summary>
    public long? EditedAt { get; init; }

    /// <summary>When it was deleted for everyone, Unix time in milliseconds; null when it was not.</summary>
    public long? DeletedAt { get; init; }

    /// <summary>Who deleted it; null when it was not deleted, or your server did it.</summary>
    public string? DeletedBy { get; init; }

    /// <summary>In the order in which the first of each kind came; null for none.</summary>
    public IReadOnlyList<MessageReaction>? Reactions { get; init; }

    /// <summary>When it was pinned, Unix time in milliseconds; null when it is not pinned.</summary>
    public long? PinnedAt { get; init; }

    /// <summary>Who pinned it.</summary>
    public string? PinnedBy { get; init; }

    /// <summary>The message that it answers; null for none.</summary>
    public QuotedMessage? ReplyTo { get; init; }

    /// <summary>The thread that it is in; null for none.</summary>
    public ThreadPlace? Thread { get; init; }

    /// <summary>The thread under it; null for none.</summary>
    public MessageThread? Replies { get; init; }

    /// <summary>The ids of the users whom it mentions; null for none.</summary>
    public IReadOnlyList<string>? Mentions { get; init; }

    /// <summary>Whether it mentions everybody in the group.</summary>
    public bool? MentionsAll { get; init; }

    /// <summary>Whether it was copied from another message.</summary>
    public bool? Forwarded { get; init; }

    /// <summary>For conditional changes: of the message as it is here.</summary>
    [JsonIgnore]
    public string Etag => string.Create(CultureInfo.InvariantCulture, $"\"{Change ?? 0}\"");
}

/// <summary>
/// Where a reply is in its thread. <paramref name="Sequence"/>: of the message that the thread begins with.
/// <paramref name="Number"/>: 1, 2, 3, …; null when it is not known.
/// </summary>
public sealed record ThreadPlace(long Sequence, long? Number);

/// <summary>
/// The thread under a message. <paramref name="LastAt"/>: Unix time in milliseconds. <paramref name="Users"/>: who replied first, at most
/// five.
/// </summary>
public sealed record MessageThread(long Count, long LastAt, IReadOnlyList<string> Users);

/// <summary>A new text, and in a group whom the message mentions from now on; null: as before.</summary>
public sealed record MessageEdit(string Data, IReadOnlyList<string>? Mentions = null, bool? MentionsAll = null);

/// <summary>A message as it is now, and the texts that it had before.</summary>
public sealed record MessageVersions(VoxMessage Message, IReadOnlyList<MessageVersion> Versions);

/// <summary>An earlier text. <paramref name="WrittenAt"/>: Unix time in milliseconds.</summary>
public sealed record MessageVersion(string Data, long WrittenAt);

/// <summary>One emoji at a message. <paramref name="Users"/>: the first of those who reacted so, at most five.</summary>
public sealed record MessageReaction(string Emoji, long Count, IReadOnlyList<string> Users);

/// <summary>
/// What a message answers. <paramref name="Data"/>: at most 200 characters of a text, the key of a file, or empty when the quoted message
/// was deleted since. <paramref name="Thumbnail"/>: the key of a small picture; null for none.
/// </summary>
public sealed record QuotedMessage(long Sequence, string From, int Type, string Data, string? Thumbnail);

/// <summary>
/// A message after an edit or a deletion. <paramref name="Changed"/>: false when it was so already, and nobody was told.
/// <paramref name="Message"/>: as it is now.
/// </summary>
public sealed record ChangedMessage(string Conversation, long Sequence, bool Changed, VoxMessage Message);

/// <summary>A conversation, as one of its users sees it.</summary>
public sealed record VoxConversation
{
    /// <summary>The conversation's id.</summary>
    public required string Conversation { get; init; }

    /// <summary>The other user, or the group's conversation.</summary>
    public string With { get; init; } = "";

    /// <summary>Whether it is a group.</summary>
    public bool Group { get; init; }

    /// <summary>The group's name; null between two users.</summary>
    public string? Name { get; init; }

    /// <summary>The number of the newest message.</summary>
    public long LastSequence { get; init; }

    /// <summary>The user sees nothing from before this message; null: everything.</summary>
    public long? FirstSequence { get; init; }

    /// <summary>The number of the last change of a message; null for none.</summary>
    public long? LastChange { get; init; }

    /// <summary>How many messages of others the user has not read.</summary>
    public int Unread { get; init; }

    /// <summary>How many of them mention the user, at most 100; null for none.</summary>
    public int? UnreadMentions { get; init; }

    /// <summary>The other user was deleted, or the user has left the group.</summary>
    public bool Closed { get; init; }

    /// <summary>The newest message.</summary>
    public required VoxMessage LastMessage { get; init; }

    /// <summary>What the user has received and read.</summary>
    public required ConversationMarks Own { get; init; }

    /// <summary>What the other user has received and read; null in a group.</summary>
    public ConversationMarks? Other { get; init; }

    /// <summary>What the user has set for the conversation; null for nothing.</summary>
    public ConversationSettings? Settings { get; init; }
}

/// <summary>Up to which message a user has received and read, and when: Unix time in milliseconds, null for never.</summary>
public sealed record ConversationMarks(long Delivered, long? DeliveredAt, long Read, long? ReadAt);

/// <summary>What a user has set for a conversation.</summary>
public sealed record ConversationSettings
{
    /// <summary>The conversation's id.</summary>
    public string Conversation { get; init; } = "";

    /// <summary>Apps announce no messages until then: Unix time in milliseconds, -1 for ever; null: they do.</summary>
    public long? MutedUntil { get; init; }

    /// <summary>Whether the user has put it away.</summary>
    public bool? Archived { get; init; }

    /// <summary>Whether it is a favourite.</summary>
    public bool? Favourite { get; init; }

    /// <summary>They have marked the messages from this one on as unread; null for none.</summary>
    public long? UnreadFrom { get; init; }

    /// <summary>They have deleted the history up to this message for themselves; null for none.</summary>
    public long? ClearedThrough { get; init; }

    /// <summary>Of two states the one with the higher version is newer.</summary>
    public long Version { get; init; }

    /// <summary>Messages that they have deleted for themselves; null for none.</summary>
    public IReadOnlyList<long>? HiddenSequences { get; init; }
}
