using Azure.Data.Tables;
using Vox.Chat.Projects;
using Vox.Platform.Storage;
using Vox.Portal.Accounts;

namespace Vox.Portal.Projects;

/// <summary>
/// Open invitations, in table <c>members</c> beside the members of their project. A second row lists them for the invited: it may be out of
/// date, and decides nothing.
/// </summary>
public sealed class InvitationStore(StorageClients storage) : IPortalSweepStep, IProjectRemovalStep
{
    /// <summary>Expired invitations are shown for a while, so that they can be sent again.</summary>
    private static readonly TimeSpan Shown = TimeSpan.FromDays(30);

    private const int MaxListed = 100;

    private readonly Table table = storage.Table("members");

    public async Task SetAsync(Invitation invitation, CancellationToken cancellationToken)
    {
        await table.UpsertAsync(ToRow(invitation), cancellationToken);
        await table.UpsertAsync(
            new TableEntity(PortalKeys.InvitedTo(invitation.DeveloperId), invitation.ProjectId) { ["ExpiresAt"] = invitation.ExpiresAt },
            cancellationToken);
    }

    /// <summary>The projects that somebody may be invited to: their invitations may have been withdrawn or accepted since.</summary>
    public async Task<List<string>> ProjectsAsync(string developerId, CancellationToken cancellationToken) =>
        (await table.QueryAsync($"PartitionKey eq {PortalKeys.InvitedTo(developerId)}", MaxListed, cancellationToken))
        .ConvertAll(row => row.RowKey);

    /// <summary>The invitation, expired or not.</summary>
    public async Task<Invitation?> FindAsync(string projectId, string developerId, CancellationToken cancellationToken) =>
        await table.FindAsync(
            PortalKeys.Members(projectId), PortalKeys.Invitation(developerId), cancellationToken) is { } row ? FromRow(row) : null;

    public async Task<List<Invitation>> ListAsync(string projectId, CancellationToken cancellationToken)
    {
        var (from, to) = PortalKeys.Invitations;
        return (await table.QueryAsync(
            $"PartitionKey eq {PortalKeys.Members(projectId)} and RowKey ge {from} and RowKey lt {to}", 1_000, cancellationToken))
            .ConvertAll(FromRow);
    }

    public async Task RemoveAsync(string projectId, string developerId, CancellationToken cancellationToken)
    {
        await table.DeleteAsync(PortalKeys.Members(projectId), PortalKeys.Invitation(developerId), cancellationToken);
        await table.DeleteAsync(PortalKeys.InvitedTo(developerId), projectId, cancellationToken);
    }

    /// <summary>Removes all invitations of a project that is deleted.</summary>
    public async Task RemoveAsync(string projectId, CancellationToken cancellationToken)
    {
        foreach (var invitation in await ListAsync(projectId, cancellationToken))
        {
            await RemoveAsync(projectId, invitation.DeveloperId, cancellationToken);
        }
    }

    /// <summary>Makes the invited a member and the invitation void, both or neither.</summary>
    /// <returns>False when the invitation has changed or gone since it was read, or the invited is a member.</returns>
    public async Task<bool> TryAcceptAsync(Invitation invitation, ProjectMember member, CancellationToken cancellationToken)
    {
        try
        {
            await table.SubmitAsync(
                [
                    new(TableTransactionActionType.Delete, ToRow(invitation), invitation.Version),
                    new(TableTransactionActionType.Add, MemberStore.ToRow(member)),
                ],
                cancellationToken);
        }
        catch (TableTransactionFailedException e) when (e.Status is 412 or 404 or 409)
        {
            return false;
        }

        await table.UpsertAsync(MemberStore.ToListRow(member), cancellationToken);
        await table.DeleteAsync(PortalKeys.InvitedTo(member.DeveloperId), member.ProjectId, cancellationToken);
        return true;
    }

    public async Task SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await foreach (var row in table.EnumerateAsync($"ExpiresAt lt {now - Shown}", 1_000, cancellationToken, ["PartitionKey", "RowKey"]))
        {
            await table.DeleteAsync(row.PartitionKey, row.RowKey, cancellationToken);
        }
    }

    private static TableEntity ToRow(Invitation invitation) => new(
        PortalKeys.Members(invitation.ProjectId), PortalKeys.Invitation(invitation.DeveloperId))
    {
        ["Email"] = invitation.Email,
        ["Role"] = (int)invitation.Role,
        ["InvitedBy"] = invitation.InvitedBy,
        ["InvitedByEmail"] = invitation.InvitedByEmail,
        ["SentAt"] = invitation.SentAt,
        ["ExpiresAt"] = invitation.ExpiresAt,
        ["Secret"] = invitation.Secret,
    };

    private static Invitation FromRow(TableEntity row) => new(
        row.PartitionKey, row.RowKey[PortalKeys.Invitation("").Length..], row.GetString("Email"), (ProjectRole)(row.GetInt32("Role") ?? 0),
        row.GetString("InvitedBy"), row.GetString("InvitedByEmail"), row.GetDateTimeOffset("SentAt") ?? default,
        row.GetDateTimeOffset("ExpiresAt") ?? default, row.GetString("Secret"), row.ETag);
}
