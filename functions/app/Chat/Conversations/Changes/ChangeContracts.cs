using Vox.Chat.Conversations.Messages;
using Vox.Chat.Conversations.Storage;

namespace Vox.Chat.Conversations.Changes;

/// <summary><c>PATCH /api/v1/conversations/{conversation}/messages/{sequence}</c></summary>
/// <param name="Data">The new text. Limits are those of a new message.</param>
/// <param name="ClientChangeId">Chosen by the client, unique per user. A repeated change with the same id is not made again.</param>
/// <param name="Tip">As in <see cref="SendMessageRequest"/>.</param>
public sealed record EditMessageRequest(string? Data, string? ClientChangeId = null, string? Tip = null)
{
    /// <summary>In a group: login ids of the members whom it mentions from now on, at most 50. Absent: as before.</summary>
    public IReadOnlyList<string>? Mentions { get; init; }

    /// <summary>In a group: whether it mentions everybody from now on. Absent: as before.</summary>
    public bool? MentionsAll { get; init; }
}

/// <summary><c>PUT /api/v1/conversations/{conversation}/messages/{sequence}/reactions</c></summary>
/// <param name="Emoji">One emoji: one character as people see it, at most 64 UTF-16 characters.</param>
/// <param name="ClientChangeId">As in <see cref="EditMessageRequest"/>.</param>
/// <param name="Tip">As in <see cref="SendMessageRequest"/>.</param>
public sealed record ReactionRequest(string? Emoji, string? ClientChangeId = null, string? Tip = null);

/// <summary>The answer to a change of a message.</summary>
/// <param name="Change">Number of the change. For a duplicate: the last one that touched the message; absent when none did.</param>
/// <param name="Message">The message as it is now.</param>
/// <param name="Duplicate">True when nothing had to be changed: it was so already, or the same change was made before.</param>
/// <param name="Tip">As in <see cref="SendMessageResponse"/>.</param>
/// <param name="Epoch">The conversation's epoch, see <see cref="EpochView"/>. Absent for 0.</param>
public sealed record ChangeResponse(
    string Conversation, long? Change, long Sequence, MessageEvent Message, bool Duplicate, string? Tip = null, long? Epoch = null);

/// <summary>Argument of the live event <c>change</c>.</summary>
/// <param name="Change">1, 2, 3, … without gaps. Who sees a gap asks for <c>GET …/changes?after=</c>.</param>
/// <param name="Kind"><c>edited</c>, <c>deleted</c>, <c>reaction</c>, <c>pinned</c> or <c>unpinned</c>.</param>
/// <param name="By">Login id. Absent when the customer's server made the change.</param>
/// <param name="At">Unix ms.</param>
/// <param name="Message">
/// The message as it was after the change. Absent in a group whose members do not all see the message: ask for the changes.
/// </param>
/// <param name="Emoji">Of a reaction.</param>
/// <param name="Removed">True when a reaction was taken back.</param>
/// <param name="Tip">As in <see cref="SendMessageResponse"/>.</param>
/// <param name="Epoch">The conversation's epoch, where it is not 0: see <see cref="EpochView"/>.</param>
public sealed record ChangeEvent(
    string Conversation, long Change, string Kind, string? By, long At, long Sequence, MessageEvent? Message, string? Emoji = null,
    bool? Removed = null, string? Tip = null, long? Epoch = null);

/// <summary>What has changed in a conversation.</summary>
/// <param name="LastChange">Number of the conversation's last change; 0 when there was none.</param>
/// <param name="Messages">The messages that were touched, each once and as it is now, oldest first.</param>
/// <param name="Through">Changes up to this number are covered. Below <paramref name="LastChange"/> there is more: ask again.</param>
/// <param name="Reset">
/// True when the client is too far behind, or knows of changes that a restore has lost: it forgets the messages that it has, and reads
/// pages again. Else absent.
/// </param>
public sealed record ChangePage(
    string Conversation, long LastChange, IReadOnlyList<MessageEvent> Messages, long Through, bool? Reset = null);

/// <param name="Messages">The pinned messages, newest pin first.</param>
public sealed record PinPage(string Conversation, IReadOnlyList<MessageEvent> Messages);

/// <param name="User">Login id.</param>
/// <param name="At">Unix ms.</param>
public sealed record ReactorView(string User, string Emoji, long At)
{
    public static ReactorView Of(Reactor reactor) => new(reactor.LoginId, reactor.Emoji, reactor.At);
}

/// <param name="Users">By emoji, and by time in each.</param>
/// <param name="Cursor">To ask for the next page. Absent at the end.</param>
public sealed record ReactorPage(IReadOnlyList<ReactorView> Users, string? Cursor = null);
