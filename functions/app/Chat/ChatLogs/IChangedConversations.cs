using Vox.Chat.Model;

namespace Vox.Chat.ChatLogs;

/// <summary>What has to follow changes of messages, as far as the repair of the log sees to it when a process has ended.</summary>
public interface IChangedConversations
{
    /// <summary>The newest changes: those made at or after a time (Unix ms), newest first.</summary>
    Task<List<MessageChange>> ReadSinceAsync(ConversationKey key, long at, CancellationToken cancellationToken);

    /// <summary>Brings everything in line with changes. Can be repeated.</summary>
    /// <returns>False when something has to wait: ask again.</returns>
    Task<bool> FollowAsync(ConversationKey key, IReadOnlyList<MessageChange> made, CancellationToken cancellationToken);
}
