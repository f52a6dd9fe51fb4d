using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Mail;
using Vox.Portal.Accounts;

namespace Vox.Portal.Projects;

/// <summary>The members of a project: invitations, roles and removal.</summary>
public sealed class MemberService(
    MemberStore members, ProjectService projects, OneTimeTokens tokens, AttemptGuard guard, MailOutbox mail, PortalAddress address,
    AuditLog log, ProjectAudit audit, TimeProvider time)
{
    private static readonly TimeSpan InvitationLifetime = TimeSpan.FromDays(7);

    public async Task<MemberList> ListAsync(string projectId, CancellationToken cancellationToken) => new(
        (await members.ListAsync(
            projectId, cancellationToken)).ConvertAll(m => new MemberResponse(m.DeveloperId, m.Email, m.Name, m.Role, m.Since)));

    /// <exception cref="VoxException">missing_field, too_long, invalid_field, too_many_attempts, mail_unavailable</exception>
    public async Task InviteAsync(ProjectCaller caller, InviteRequest request, CancellationToken cancellationToken)
    {
        var email = DeveloperInput.Email(request.Email);
        var role = Required(request.Role);
        await guard.CountAsync("invitations", caller.Project.Id, 50, TimeSpan.FromHours(24), cancellationToken);
        var token = await tokens.CreateAsync(
            OneTimeTokens.Invitation, caller.Project.Id, $"{(int)role} {PortalKeys.Developer(email)}", InvitationLifetime,
            cancellationToken);
        await mail.SendAsync(
            MailTemplates.Invitation(
                email, caller.Caller.Developer.Name, caller.Project.Name, ProjectAccess.Name(role), address.Page("invitation", token)),
            cancellationToken);
        await audit.RecordAsync(caller, "member.invited", $"{email} as {ProjectAccess.Name(role)}", cancellationToken);
    }

    /// <exception cref="VoxException">invalid_link</exception>
    public async Task<AcceptedResponse> AcceptAsync(PortalCaller caller, string? token, CancellationToken cancellationToken)
    {
        var invitation = await tokens.FindAsync(OneTimeTokens.Invitation, token, cancellationToken);
        // The wrong reader does not use it up: the link may have been forwarded, or opened while signed in with another account.
        if (invitation is null || invitation.Value.Split(' ') is not [var role, var invited] || invited != caller.Developer.Id
            || await projects.FindNowAsync(invitation.Subject, cancellationToken) is not { } project
            || !await tokens.TryUseAsync(invitation, cancellationToken))
        {
            throw new VoxException(
                Errors.InvalidLink,
                "This invitation was used already, has expired, or is for another e-mail address than that of this account.", "token");
        }

        var me = caller.Developer;
        if (await members.FindAsync(project.Id, me.Id, cancellationToken) is null)
        {
            var joined = new ProjectMember(project.Id, me.Id, me.Email, me.Name, (ProjectRole)int.Parse(role), time.GetUtcNow(), default);
            await members.SetAsync(joined, cancellationToken);
            await log.OfProjectAsync(
                project.Id, me.Email, "member.joined", ProjectAccess.Name(joined.Role), caller.Address, cancellationToken);
        }

        return new AcceptedResponse(project.Id);
    }

    /// <exception cref="VoxException">missing_field, not_found, edit_conflict; limit_reached when there would be no owner left</exception>
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

    private static ProjectRole Required(ProjectRole? role) => role is { } wanted && Enum.IsDefined(wanted)
        ? wanted
        : throw new VoxException(Errors.MissingField, "role is missing: owner, admin or viewer.", "role");
}
