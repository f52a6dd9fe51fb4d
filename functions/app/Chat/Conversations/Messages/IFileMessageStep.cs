using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;

namespace Vox.Chat.Conversations.Messages;

/// <summary>
/// What a feature does when a message with a file is stored, before anybody is told of it. If the step fails, the send fails too. When the
/// client tries again with the same message id, the step runs again.
/// </summary>
public interface IFileMessageStep
{
    /// <param name="members">Both members of a conversation of two; empty for a group.</param>
    /// <param name="isNew">The sender has just uploaded the file for this message.</param>
    Task SentAsync(
        ConversationKey conversation, IReadOnlyList<Member> members, MessageDraft draft, bool isNew, CancellationToken cancellationToken);
}
