using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.Storage;

namespace Vox.Chat.ChatLogs;

/// <summary>Removes a deleted project's log.</summary>
internal sealed class ChatLogRemoval(StorageClients storage) : IProjectRemovalStep
{
    private readonly Table table = storage.ProjectTable("chatlog");

    public async Task RemoveAsync(string projectId, CancellationToken cancellationToken)
    {
        var (from, to) = Keys.ProjectRange(projectId);
        await table.DeleteRangeAsync(from, to, cancellationToken);
        await table.DeleteRangeAsync(ChatKeys.LogTimes(projectId), ChatKeys.LogTimes(projectId) + "~", cancellationToken);
    }
}
