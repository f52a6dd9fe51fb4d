using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;

namespace Vox.Chat.Conversations.Messages;

/// <summary>
/// What a feature does when a message with a file is stored, before anybody is told of it. If it fails, so does the send, and the client's
/// next try with the same message id does it again.
/// </summary>
public interface IFileMessageStep
{
    /// <param name="members">Both members of a conversation of two; empty for a group.</param>
    /// <param name="isNew">The sender has just uploaded the file for this message.</param>
    Task SentAsync(
        ConversationKey conversation, IReadOnlyList<Member> members, MessageDraft draft, bool isNew, CancellationToken cancellationToken);
}
