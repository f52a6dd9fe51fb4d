using Azure.Data.Tables;
using Vox.Files;
using Vox.Http;
using Vox.Storage;

namespace Vox.Projects;

/// <summary>
/// Deletes a project and all that belongs to it. The project's row is marked first and the project is gone for everybody from then on;
/// the rest can be repeated, so a timer finishes what was cut off. It sweeps once more after a while: a process that still remembered
/// the project may have written something meanwhile. What it was charged, what was paid and who did what stays.
/// </summary>
public sealed class ProjectRemoval(ProjectService projects, ProjectStore store, MemberStore members, FileRemoval files, StorageClients storage, TimeProvider time)
{
    private static readonly TimeSpan Afterglow = TimeSpan.FromMinutes(10);

    /// <summary>Tables whose partitions begin with <c>pid_…|</c>.</summary>
    private static readonly string[] Tables =
        ["users", "sessions", "recents", "contacts", "people", "presence", "conversations", "groupwork", "files", "userfiles", "chatlog", "usage", "pushkeys", "rates"];

    private readonly Table deletions = storage.Table("deletions");

    /// <summary>Marks the project; what is left is done by <see cref="ResumeAsync"/>, which a timer runs every minute.</summary>
    public async Task BeginAsync(string projectId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await deletions.UpsertAsync(new TableEntity(Keys.ProjectDeletions, projectId) { ["At"] = now }, cancellationToken);
        await projects.UpdateAsync(projectId, project => project with { DeletedAt = now }, cancellationToken);
    }

    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (var row in await deletions.QueryAsync($"PartitionKey eq {Keys.ProjectDeletions}", 100, cancellationToken))
        {
            // Not marked: whoever began it never got further, and was not told that it succeeded.
            if (await store.FindAsync(row.RowKey, cancellationToken) is { DeletedAt: null })
            {
                continue;
            }

            await SweepAsync(row.RowKey, cancellationToken);
            if (time.GetUtcNow() - row.GetDateTimeOffset("At") > Afterglow)
            {
                await store.RemoveAsync(row.RowKey, cancellationToken);
                await deletions.DeleteAsync(row.PartitionKey, row.RowKey, cancellationToken);
            }
        }
    }

    private async Task SweepAsync(string projectId, CancellationToken cancellationToken)
    {
        // First: their lists say which blobs to delete.
        await files.RemoveProjectAsync(projectId, cancellationToken);
        var (from, to) = Keys.ProjectRange(projectId);
        foreach (var name in Tables)
        {
            await storage.ProjectTable(name).DeleteRangeAsync(from, to, cancellationToken);
        }

        await storage.ProjectTable("media").DeleteAsync(Keys.Project(projectId), Keys.MediaRow, cancellationToken);
        await deletions.DeleteAllAsync($"PartitionKey eq {Keys.UserDeletions} and RowKey ge {from} and RowKey lt {to}", cancellationToken);
        await storage.ProjectTable("chatlog").DeleteRangeAsync(Keys.LogTimes(projectId), Keys.LogTimes(projectId) + "~", cancellationToken);
        foreach (var member in await members.ListAsync(projectId, cancellationToken))
        {
            await members.RemoveAsync(projectId, member.DeveloperId, cancellationToken);
        }
    }
}
