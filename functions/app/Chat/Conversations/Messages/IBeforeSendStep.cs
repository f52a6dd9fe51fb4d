using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Messages;

/// <summary>What a feature decides before a message is stored, where <see cref="Project.AsksBeforeSend"/> is set.</summary>
public interface IBeforeSendStep
{
    /// <returns>The message to store: as it is, or with another text.</returns>
    /// <exception cref="VoxException">message_refused, hook_unavailable</exception>
    Task<MessageDraft> BeforeAsync(Project project, MessageDraft draft, CancellationToken cancellationToken);
}
