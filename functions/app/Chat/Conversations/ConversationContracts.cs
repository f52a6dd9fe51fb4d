using Vox.Chat.Conversations.Messages;
using Vox.Chat.Conversations.Personal;
using Vox.Chat.Conversations.Receipts;

namespace Vox.Chat.Conversations;

/// <param name="With">The other user's login id, or the group's id.</param>
/// <param name="Unread">How many messages of others the caller has not read.</param>
/// <param name="Closed">The other user was deleted, or the caller has left the group.</param>
/// <param name="LastMessage">The newest message.</param>
/// <param name="Own">The caller's marks.</param>
/// <param name="Other">The other user's marks. Absent in a group.</param>
/// <param name="Name">The group's name.</param>
/// <param name="FirstSequence">
/// The caller does not see messages below this sequence: in a group those from before they joined, and what they have cleared.
/// </param>
/// <param name="LastChange">Number of the last change of a message. Absent when there was none.</param>
public sealed record ConversationSummary(
    string Conversation,
    string With,
    long LastSequence,
    long Unread,
    bool Closed,
    MessageEvent LastMessage,
    MarkView Own,
    MarkView? Other,
    bool Group = false,
    string? Name = null,
    long? FirstSequence = null,
    long? LastChange = null)
{
    /// <summary>In a group: how many unread messages mention the caller or everybody. Absent for none.</summary>
    public int? UnreadMentions { get; init; }

    /// <summary>What the caller has set for themselves. Absent when they have never set anything.</summary>
    public ConversationSettings? Settings { get; init; }
}

/// <param name="Total">Number of all conversations, not only those of this page.</param>
/// <param name="Conversations">Most recent first.</param>
public sealed record ConversationPage(int Total, IReadOnlyList<ConversationSummary> Conversations);

/// <summary><c>POST /api/v1/sync</c>: asks for everything that a client has missed.</summary>
/// <param name="Conversations">The last sequence that the client has, by conversation id.</param>
/// <param name="Newest">
/// How many of the newest messages to send for conversations that the client does not name, 0-100. When absent, the messages that no
/// device of the caller has acknowledged.
/// </param>
/// <param name="Cursor">From the previous answer. Absent in the first request.</param>
/// <param name="Changes">
/// The last change that the client knows, by conversation id. A conversation that is named here has <c>changed</c> in the answer when
/// there are later changes.
/// </param>
public sealed record SyncRequest(
    IReadOnlyDictionary<string, long>? Conversations = null, int? Newest = null, string? Cursor = null,
    IReadOnlyDictionary<string, long>? Changes = null);

/// <param name="Conversations">The conversations that the client named, and those with new messages.</param>
/// <param name="Cursor">To ask for the next portion. Absent at the end.</param>
/// <param name="ServerTime">Unix ms.</param>
public sealed record SyncResponse(IReadOnlyList<ConversationChanges> Conversations, string? Cursor, long ServerTime);

/// <param name="Messages">Oldest first, without gaps after the sequence that the client named.</param>
/// <param name="Complete">False when there are more: ask again with the last of these sequences.</param>
/// <param name="FirstSequence">
/// The caller does not see messages below this sequence: in a group those from before they joined, and what they have cleared.
/// </param>
/// <param name="Name">The group's name.</param>
/// <param name="Closed">The other user was deleted, or the caller has left the group.</param>
/// <param name="Unread">How many messages of others the caller has not read, as in <c>GET /api/v1/conversations</c>.</param>
/// <param name="LastOther">Sequence of the other user's newest message, 0 when there is none. Absent in a group.</param>
/// <param name="Tip">The conversation's tip, see <see cref="SendMessageResponse"/>.</param>
/// <param name="Epochs">Oldest first; the last one is the present one. Absent in conversations from before there were epochs.</param>
/// <param name="LastChange">Number of the last change of a message. Absent when there was none.</param>
/// <param name="Changed">
/// Messages that have changed after the change that the client named, as they are now, oldest first. Those in <c>messages</c> are left out.
/// </param>
/// <param name="ChangedThrough">Changes up to this number are covered. Ask for the others with <c>GET …/changes?after=</c>.</param>
/// <param name="ChangesReset">
/// True when the client is too far behind, or knows of changes that a restore has lost: it forgets the messages that it has.
/// </param>
public sealed record ConversationChanges(
    string Conversation,
    string With,
    long LastSequence,
    IReadOnlyList<MessageEvent> Messages,
    bool Complete,
    MarkView Own,
    MarkView? Other,
    bool Group = false,
    long? FirstSequence = null,
    string? Name = null,
    bool? Closed = null,
    long Unread = 0,
    long? LastOther = null,
    string? Tip = null,
    IReadOnlyList<EpochView>? Epochs = null,
    long? LastChange = null,
    IReadOnlyList<MessageEvent>? Changed = null,
    long? ChangedThrough = null,
    bool? ChangesReset = null)
{
    /// <summary>In a group: how many unread messages mention the caller or everybody. Absent for none.</summary>
    public int? UnreadMentions { get; init; }

    /// <summary>What the caller has set for themselves. Absent when they have never set anything.</summary>
    public ConversationSettings? Settings { get; init; }

    /// <summary>
    /// Messages after the sequence that the client named that the caller has deleted for themselves, oldest first: they are left out of
    /// <c>messages</c> and no loss. Absent for none.
    /// </summary>
    public IReadOnlyList<long>? HiddenSequences { get; init; }
}
