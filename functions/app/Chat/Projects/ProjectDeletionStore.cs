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

    /// <returns>At most 100 projects, and when the deletion of each began.</returns>
    public async Task<IReadOnlyList<(string ProjectId, DateTimeOffset At)>> PendingAsync(CancellationToken cancellationToken) =>
        [.. (await table.QueryAsync($"PartitionKey eq {ChatKeys.ProjectDeletions}", 100, cancellationToken))
            .Select(row => (row.RowKey, row.GetDateTimeOffset("At") ?? default))];

    public Task EndAsync(string projectId, CancellationToken cancellationToken) =>
        table.DeleteAsync(ChatKeys.ProjectDeletions, projectId, cancellationToken);
}
