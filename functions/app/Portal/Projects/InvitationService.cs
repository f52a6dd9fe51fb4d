using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Mail;
using Vox.Portal.Accounts;

namespace Vox.Portal.Projects;

/// <summary>
/// Invitations to a project. A second one to the same person replaces the first, and removing a member removes theirs, so there is never
/// a link that brings somebody back.
/// </summary>
public sealed class InvitationService(
    InvitationStore store, MemberStore members, ProjectService projects, AttemptGuard guard, MailOutbox mail, PortalAddress address,
    AuditLog log, ProjectAudit audit, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>Those that are open, and those that expired within the last month. The newest first.</summary>
    public async Task<InvitationList> ListAsync(string projectId, CancellationToken cancellationToken) => new(
        [.. (await store.ListAsync(projectId, cancellationToken)).OrderByDescending(i => i.SentAt).Select(i => new InvitationResponse(
            i.DeveloperId, i.Email, i.Role, i.InvitedByEmail, i.SentAt, i.ExpiresAt, i.ExpiresAt <= time.GetUtcNow()))]);

    /// <exception cref="VoxException">missing_field, too_long, invalid_field, too_many_attempts, mail_unavailable</exception>
    public async Task InviteAsync(ProjectCaller caller, InviteRequest request, CancellationToken cancellationToken)
    {
        var email = DeveloperInput.Email(request.Email);
        var role = MemberService.Required(request.Role);
        var id = PortalKeys.Developer(email);
        if (await members.FindAsync(caller.Project.Id, id, cancellationToken) is not null)
        {
            throw new VoxException(
                Errors.InvalidField, "This person is a member of the project already: change their role instead.", "email");
        }

        await SendAsync(caller, id, email, role, cancellationToken);
        await audit.RecordAsync(caller, "member.invited", $"{email} as {ProjectAccess.Name(role)}", cancellationToken);
    }

    /// <summary>Sends another link. The one before is void.</summary>
    /// <exception cref="VoxException">not_found, too_many_attempts, mail_unavailable</exception>
    public async Task ResendAsync(ProjectCaller caller, string? id, CancellationToken cancellationToken)
    {
        var invitation = await FindAsync(caller, id, cancellationToken);
        await SendAsync(caller, invitation.DeveloperId, invitation.Email, invitation.Role, cancellationToken);
        await audit.RecordAsync(
            caller, "member.invited_again", $"{invitation.Email} as {ProjectAccess.Name(invitation.Role)}", cancellationToken);
    }

    /// <exception cref="VoxException">not_found</exception>
    public async Task RevokeAsync(ProjectCaller caller, string? id, CancellationToken cancellationToken)
    {
        var invitation = await FindAsync(caller, id, cancellationToken);
        await store.RemoveAsync(caller.Project.Id, invitation.DeveloperId, cancellationToken);
        await audit.RecordAsync(caller, "member.invitation_revoked", invitation.Email, cancellationToken);
    }

    /// <exception cref="VoxException">invalid_link</exception>
    public async Task<AcceptedResponse> AcceptAsync(PortalCaller caller, string? token, CancellationToken cancellationToken)
    {
        // An invitation is found by the account that reads it. So the wrong reader does not use it up: the link may have been forwarded,
        // or opened while signed in with another account.
        var me = caller.Developer;
        if (token is not { Length: <= 200 } || token.Split('.') is not [var projectId, var secret]
            || await projects.FindNowAsync(projectId, cancellationToken) is not { } project
            || await store.FindAsync(project.Id, me.Id, cancellationToken) is not { } invitation
            || !Secrets.AreEqual(Secrets.Hash(secret), invitation.Secret) || invitation.ExpiresAt <= time.GetUtcNow())
        {
            throw new VoxException(
                Errors.InvalidLink,
                "This invitation was used or withdrawn, has expired, or is for another e-mail address than that of this account.", "token");
        }

        // What an owner promised is worth nothing any more when they are none.
        var inviter = await members.FindAsync(project.Id, invitation.InvitedBy, cancellationToken);
        if (!ProjectAccess.Allows(inviter?.Role, ProjectAction.ManageMembers))
        {
            throw new VoxException(
                Errors.InvalidLink, "Whoever sent this invitation may not invite to the project any more: ask an owner for a new one.",
                "token");
        }

        var joined = new ProjectMember(project.Id, me.Id, me.Email, me.Name, invitation.Role, time.GetUtcNow(), default);
        if (await store.TryAcceptAsync(invitation, joined, cancellationToken))
        {
            await log.OfProjectAsync(
                project.Id, me.Email, "member.joined", ProjectAccess.Name(joined.Role), caller.Address, cancellationToken);
        }
        else if (await members.FindAsync(project.Id, me.Id, cancellationToken) is null)
        {
            throw new VoxException(Errors.InvalidLink, "This invitation was withdrawn a moment ago: ask for a new one.", "token");
        }

        return new AcceptedResponse(project.Id);
    }

    private async Task SendAsync(ProjectCaller caller, string id, string email, ProjectRole role, CancellationToken cancellationToken)
    {
        mail.CheckAvailable();
        await guard.CountAsync("invitations", caller.Project.Id, 50, TimeSpan.FromHours(24), cancellationToken);
        var secret = Secrets.NewToken();
        var now = time.GetUtcNow();
        var me = caller.Caller.Developer;
        await store.SetAsync(
            new Invitation(
                caller.Project.Id, id, email, role, me.Id, me.Email, now, now + Lifetime, Secrets.Hash(secret), default),
            cancellationToken);
        await mail.SendAsync(
            MailTemplates.Invitation(
                email, me.Name, caller.Project.Name, ProjectAccess.Name(role),
                address.Page("invitation", $"{caller.Project.Id}.{secret}")),
            cancellationToken);
    }

    private async Task<Invitation> FindAsync(ProjectCaller caller, string? id, CancellationToken cancellationToken) =>
        id is { Length: > 0 and <= 64 } && !id.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            && await store.FindAsync(caller.Project.Id, id, cancellationToken) is { } invitation
            ? invitation
            : throw new VoxException(Errors.NotFound, "There is no such invitation: it was accepted or withdrawn.", "id");
}
