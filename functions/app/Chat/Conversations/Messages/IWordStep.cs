using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Messages;

/// <summary>How a text comes.</summary>
/// <param name="ByServer">The customer's server sends it, or edits.</param>
/// <param name="IsEdit">It takes the place of another; whether it is HTML is not known.</param>
public readonly record struct SentText(bool ByServer, bool IsEdit);

/// <summary>
/// What word lists say of a message before it is stored, where <see cref="Project.WordListVersion"/> is set. They come after the
/// before-send hook: what is stored has passed them, whoever wrote it.
/// </summary>
public interface IWordStep
{
    /// <returns>The message to store: as it is, with another text, or to be flagged.</returns>
    /// <exception cref="VoxException">blocked_words</exception>
    ValueTask<MessageDraft> CheckAsync(Project project, MessageDraft draft, SentText kind, CancellationToken cancellationToken);

    /// <summary>Tells moderators of a message that is stored, with <see cref="MessageDraft.FlaggedWords"/>.</summary>
    Task FlagAsync(Project project, string conversationId, long sequence, MessageDraft draft);
}
