using Vox.Chat.Model;

namespace Vox.Chat.ChatLogs;

/// <summary>The conversations whose messages the log lists, as far as the repair of the log needs them.</summary>
public interface ILoggedConversations
{
    /// <summary>
    /// Changes the version of the head and nothing else: a transaction that a process had under way when it ended does not commit
    /// after this.
    /// </summary>
    /// <returns>False when there is no head yet.</returns>
    Task<bool> FenceAsync(ConversationKey key, CancellationToken cancellationToken);

    /// <summary>The newest messages: those sent at or after a time (Unix ms).</summary>
    Task<List<Message>> ReadSinceAsync(ConversationKey key, long sentAt, CancellationToken cancellationToken);
}
