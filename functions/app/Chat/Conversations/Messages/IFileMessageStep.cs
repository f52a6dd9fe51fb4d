using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;

namespace Vox.Chat.Conversations.Messages;

/// <summary>What a feature does before a message with a file is stored. The message may still be refused.</summary>
public interface IFileMessageStep
{
    /// <param name="members">Both members of a conversation of two; empty for a group.</param>
    /// <param name="isNew">The sender has just uploaded the file for this message.</param>
    Task SendingAsync(
        ConversationKey conversation, IReadOnlyList<Member> members, MessageDraft draft, bool isNew, CancellationToken cancellationToken);
}
