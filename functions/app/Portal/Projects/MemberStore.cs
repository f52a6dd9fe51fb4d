using Azure.Data.Tables;
using Vox.Chat.Projects;
using Vox.Platform.Storage;

namespace Vox.Portal.Projects;

/// <summary>
/// Members in table <c>members</c>. Each has two rows: the row under the project decides what a member may do, the row under the
/// developer only lists their projects. The first is written first and removed first: a list may be wrong for a moment, but it grants
/// nothing.
/// </summary>
public sealed class MemberStore(StorageClients storage) : IProjectRemovalStep
{
    private readonly Table table = storage.Table("members");

    public async Task<ProjectMember?> FindAsync(string projectId, string developerId, CancellationToken cancellationToken) =>
        await table.FindAsync(PortalKeys.Members(projectId), developerId, cancellationToken) is { } row ? FromRow(row) : null;

    public async Task<List<ProjectMember>> ListAsync(string projectId, CancellationToken cancellationToken) =>
        (await table.QueryAsync($"PartitionKey eq {PortalKeys.Members(projectId)}", 2_000, cancellationToken))
        .FindAll(row => !row.RowKey.Contains('|', StringComparison.Ordinal)).ConvertAll(FromRow);

    public async Task<List<string>> ProjectsOfAsync(string developerId, CancellationToken cancellationToken) =>
        (await table.QueryAsync(
            $"PartitionKey eq {PortalKeys.Memberships(developerId)}", 2_000, cancellationToken)).ConvertAll(row => row.RowKey);

    public async Task SetAsync(ProjectMember member, CancellationToken cancellationToken)
    {
        await table.UpsertAsync(ToRow(member), cancellationToken);
        await table.UpsertAsync(ToListRow(member), cancellationToken);
    }

    /// <summary>Removes a member and, before that, an open invitation of theirs: with it they could come back.</summary>
    public async Task RemoveAsync(string projectId, string developerId, CancellationToken cancellationToken)
    {
        await table.DeleteAsync(PortalKeys.Members(projectId), PortalKeys.Invitation(developerId), cancellationToken);
        await table.DeleteAsync(PortalKeys.Members(projectId), developerId, cancellationToken);
        await table.DeleteAsync(PortalKeys.Memberships(developerId), projectId, cancellationToken);
    }

    /// <summary>Removes all members of a project that is deleted.</summary>
    public async Task RemoveAsync(string projectId, CancellationToken cancellationToken)
    {
        foreach (var member in await ListAsync(projectId, cancellationToken))
        {
            await RemoveAsync(projectId, member.DeveloperId, cancellationToken);
        }
    }

    /// <summary>Changes several members of a project, all or none, so that there is always an owner.</summary>
    /// <returns>False when one of them has changed meanwhile.</returns>
    public async Task<bool> TryReplaceAsync(IEnumerable<ProjectMember> members, CancellationToken cancellationToken)
    {
        try
        {
            await table.SubmitAsync(
                [.. members.Select(member => new TableTransactionAction(
                    TableTransactionActionType.UpdateReplace, ToRow(member), member.Version))],
                cancellationToken);
            return true;
        }
        catch (TableTransactionFailedException e) when (e.Status is 412 or 404)
        {
            return false;
        }
    }

    internal static TableEntity ToListRow(ProjectMember member) => new(PortalKeys.Memberships(member.DeveloperId), member.ProjectId);

    internal static TableEntity ToRow(ProjectMember member) => new(PortalKeys.Members(member.ProjectId), member.DeveloperId)
    {
        ["Email"] = member.Email,
        ["Name"] = member.Name,
        ["Role"] = (int)member.Role,
        ["Since"] = member.Since,
    };

    private static ProjectMember FromRow(TableEntity row) => new(
        row.PartitionKey, row.RowKey, row.GetString("Email"), row.GetString("Name"), (ProjectRole)(row.GetInt32("Role") ?? 0),
        row.GetDateTimeOffset("Since") ?? default, row.ETag);
}
