using Vox.Chat.Model;
using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Chat.Projects;

/// <summary>Table <c>deletions</c>: the projects whose deletion is under way.</summary>
public sealed class ProjectDeletionStore(StorageClients storage)
{
    private readonly Table table = storage.Table("deletions");

    public Task BeginAsync(string projectId, DateTimeOffset at, CancellationToken cancellationToken) =>
        table.UpsertAsync(new TableEntity(ChatKeys.ProjectDeletions, projectId) { ["At"] = at }, cancellationToken);

    /// <returns>The projects, and when the deletion of each began.</returns>
    public async IAsyncEnumerable<(string ProjectId, DateTimeOffset At)> PendingAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in table.EnumerateAsync($"PartitionKey eq {ChatKeys.ProjectDeletions}", 1_000, cancellationToken))
        {
            yield return (row.RowKey, row.GetDateTimeOffset("At") ?? default);
        }
    }

    public Task EndAsync(string projectId, CancellationToken cancellationToken) =>
        table.DeleteAsync(ChatKeys.ProjectDeletions, projectId, cancellationToken);
}
