using Vox.Chat.Model;

namespace Vox.Chat.ChatLogs;

/// <summary>Where the messages are that the log lists; for its repair.</summary>
public interface ILoggedConversations
{
    /// <summary>
    /// Changes the version of the head and nothing else: a transaction that a process had under way when it ended does not commit
    /// after this.
    /// </summary>
    /// <returns>False when there is no head yet.</returns>
    Task<bool> FenceAsync(ConversationKey key, CancellationToken cancellationToken);

    /// <summary>Newest messages sent at or after a time (Unix ms).</summary>
    Task<List<Message>> ReadSinceAsync(ConversationKey key, long sentAt, CancellationToken cancellationToken);
}
