using Vox.Platform.ErrorCatalogue;

namespace Vox.Portal.Projects;

/// <summary>The members of a project: roles and removal.</summary>
public sealed class MemberService(MemberStore members, ProjectAudit audit)
{
    public async Task<MemberList> ListAsync(string projectId, CancellationToken cancellationToken) => new(
        (await members.ListAsync(
            projectId, cancellationToken)).ConvertAll(m => new MemberResponse(m.DeveloperId, m.Email, m.Name, m.Role, m.Since)));

    /// <exception cref="VoxException">missing_field, not_found, edit_conflict; limit_reached when there would be no owner
    /// left</exception>
    public async Task ChangeRoleAsync(ProjectCaller caller, MemberRoleRequest request, CancellationToken cancellationToken)
    {
        var role = Required(request.Role);
        var (member, others) = await FindAsync(caller, request.DeveloperId, cancellationToken);
        if (member.Role == ProjectRole.Owner && role != ProjectRole.Owner)
        {
            await TakeOwnershipAsync(member, others, role, cancellationToken);
        }
        else
        {
            await members.SetAsync(member with { Role = role }, cancellationToken);
        }

        await audit.RecordAsync(
            caller, "member.role_changed", $"{member.Email}: {ProjectAccess.Name(member.Role)} → {ProjectAccess.Name(role)}",
            cancellationToken);
    }

    /// <exception cref="VoxException">not_found, edit_conflict; limit_reached when there would be no owner left</exception>
    public async Task RemoveAsync(ProjectCaller caller, string? developerId, CancellationToken cancellationToken)
    {
        var (member, others) = await FindAsync(caller, developerId, cancellationToken);
        if (member.Role == ProjectRole.Owner)
        {
            await TakeOwnershipAsync(member, others, ProjectRole.Viewer, cancellationToken);
        }

        await members.RemoveAsync(caller.Project.Id, member.DeveloperId, cancellationToken);
        await audit.RecordAsync(caller, "member.removed", member.Email, cancellationToken);
    }

    private async Task<(ProjectMember Member, List<ProjectMember> Others)> FindAsync(
        ProjectCaller caller, string? developerId, CancellationToken cancellationToken)
    {
        var all = await members.ListAsync(caller.Project.Id, cancellationToken);
        var member = all.Find(m => m.DeveloperId == developerId)
            ?? throw new VoxException(Errors.NotFound, "There is no such member.", "developerId");
        return (member, all.FindAll(m => m.DeveloperId != developerId));
    }

    private async Task TakeOwnershipAsync(
        ProjectMember owner, List<ProjectMember> others, ProjectRole role, CancellationToken cancellationToken)
    {
        var other = others.Find(m => m.Role == ProjectRole.Owner)
            ?? throw new VoxException(Errors.LimitReached, "A project needs an owner: make somebody else one first.", "role");
        // Both rows in one transaction: when two owners remove each other at the same moment, only one of them succeeds.
        if (!await members.TryReplaceAsync([other, owner with { Role = role }], cancellationToken))
        {
            throw new VoxException(Errors.EditConflict, "Somebody else has changed the members meanwhile: load them again.");
        }
    }

    internal static ProjectRole Required(ProjectRole? role) => role is { } wanted && Enum.IsDefined(wanted)
        ? wanted
        : throw new VoxException(Errors.MissingField, "role is missing: owner, admin or viewer.", "role");
}
