using Vox.Chat.Model;

namespace Vox.Chat.ChatLogs;

/// <summary>A message on its way into a project's log.</summary>
/// <param name="KnownEnd">
/// An end of the log that was read before the message was stored, or before the message was looked for in vain. So the message does not
/// stand in the log before this end.
/// </param>
/// <param name="Work">Counts the message until it is logged.</param>
public sealed record PendingEntry(ConversationKey Conversation, Message Message, ChatLogTail KnownEnd, UnloggedWork.Period Work)
    : IPendingNews
{
    /// <summary>Whether features wait for it, see <see cref="IStoredMessageStep"/>.</summary>
    public bool Tells { get; init; }

    public (string ConversationId, long Sequence) Identity => (Conversation.Id, Message.Sequence);
}
