using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.Storage;

namespace Vox.Chat.Users;

/// <summary>Removes the notes of a project's user deletions under way: they are done when the project is removed.</summary>
internal sealed class UserDeletionsRemoval(StorageClients storage) : IProjectRemovalStep
{
    private readonly Table table = storage.Table("deletions");

    public async Task RemoveAsync(string projectId, CancellationToken cancellationToken)
    {
        var (from, to) = Keys.ProjectRange(projectId);
        await table.DeleteAllAsync($"PartitionKey eq {ChatKeys.UserDeletions} and RowKey ge {from} and RowKey lt {to}", cancellationToken);
    }
}
