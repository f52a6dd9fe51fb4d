using Vox.Chat.Projects;

namespace Vox.Chat.ChatLogs;

/// <summary>Removes a deleted project's log.</summary>
internal sealed class ChatLogRemoval(ChatLogStore store, ChatLogSortStore sorted) : IProjectRemovalStep
{
    public async Task RemoveAsync(string projectId, CancellationToken cancellationToken)
    {
        await store.DeleteAllAsync(projectId, cancellationToken);
        await sorted.RemoveAsync(projectId, cancellationToken);
    }
}
