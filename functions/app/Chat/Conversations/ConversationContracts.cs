using Vox.Chat.Conversations.Messages;
using Vox.Chat.Conversations.Receipts;

namespace Vox.Chat.Conversations;

/// <param name="With">The other user's login id; the group's id.</param>
/// <param name="Unread">Messages of others that the caller has not read.</param>
/// <param name="Closed">The other user was deleted; the caller has left the group.</param>
/// <param name="LastMessage">The newest message.</param>
/// <param name="Own">The caller's marks.</param>
/// <param name="Other">The other user's marks; absent in a group.</param>
/// <param name="Name">The group's name.</param>
/// <param name="FirstSequence">In a group: messages below it are not for the caller.</param>
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
    long? FirstSequence = null);

/// <param name="Total">Conversations in all.</param>
/// <param name="Conversations">The most recent first.</param>
public sealed record ConversationPage(int Total, IReadOnlyList<ConversationSummary> Conversations);

/// <summary><c>POST /api/v1/sync</c>: everything that a client has missed.</summary>
/// <param name="Conversations">The last sequence that the client has, by conversation id.</param>
/// <param name="Newest">
/// For conversations that the client does not name: how many of the newest messages, 0-100. Absent: those that no device of the caller
/// has acknowledged.
/// </param>
/// <param name="Cursor">From the answer before; absent at the beginning.</param>
public sealed record SyncRequest(IReadOnlyDictionary<string, long>? Conversations = null, int? Newest = null, string? Cursor = null);

/// <param name="Conversations">Those which the client named, and those with something new.</param>
/// <param name="Cursor">Ask again with it; absent at the end.</param>
/// <param name="ServerTime">Unix ms.</param>
public sealed record SyncResponse(IReadOnlyList<ConversationChanges> Conversations, string? Cursor, long ServerTime);

/// <param name="Messages">Oldest first, without gaps from the sequence that the client named.</param>
/// <param name="Complete">False: ask again, with the last of these sequences.</param>
/// <param name="FirstSequence">In a group: messages below it are not for the caller.</param>
/// <param name="Name">The group's name.</param>
/// <param name="Closed">The other user was deleted; the caller has left the group.</param>
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
    bool? Closed = null);
