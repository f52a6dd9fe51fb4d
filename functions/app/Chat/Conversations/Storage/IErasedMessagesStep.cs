using Vox.Chat.Model;

namespace Vox.Chat.Conversations.Storage;

/// <summary>What a feature that has copies of texts does when messages are erased. Runs more than once for the same messages.</summary>
public interface IErasedMessagesStep
{
    /// <summary>Before the texts go, and again when the erasure looks a second time.</summary>
    Task ErasingAsync(ConversationKey key, IReadOnlyCollection<long> sequences, CancellationToken cancellationToken);
}
