using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.Storage;

namespace Vox.Chat.Users;

/// <summary>With a project, the deletions of its users that are under way are done as well.</summary>
public sealed class UserDeletionsRemoval(StorageClients storage) : IProjectRemovalStep
{
    private readonly Table table = storage.Table("deletions");

    public async Task RemoveAsync(string projectId, CancellationToken cancellationToken)
    {
        var (from, to) = Keys.ProjectRange(projectId);
        await table.DeleteAllAsync($"PartitionKey eq {ChatKeys.UserDeletions} and RowKey ge {from} and RowKey lt {to}", cancellationToken);
    }
}
