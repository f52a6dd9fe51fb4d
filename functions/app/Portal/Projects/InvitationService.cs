using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Mail;
using Vox.Platform.Storage;
using Vox.Portal.Accounts;

namespace Vox.Portal.Projects;

/// <summary>
/// Invitations to a project. A second one to the same person replaces the first, and removing a member removes theirs, so there is never
/// a link that brings somebody back.
/// </summary>
public sealed class InvitationService(
    InvitationStore store, MemberStore members, DeveloperStore developers, ProjectService projects, AttemptGuard guard, MailOutbox mail,
    PortalAddress address, AuditLog log, ProjectAudit audit, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>Who invites when no member does. No account has this id: theirs are digests.</summary>
    private const string Operator = "operator";

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

    /// <summary>An operator's invitation. It returns the link, so it also works without e-mail.</summary>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field, too_many_attempts</exception>
    public async Task<OperatorInvitation> InviteByOperatorAsync(Project project, InviteRequest request, CancellationToken cancellationToken)
    {
        var email = DeveloperInput.Email(request.Email);
        var role = MemberService.Required(request.Role);
        var id = PortalKeys.Developer(email);
        if (await members.FindAsync(project.Id, id, cancellationToken) is { } member)
        {
            return new OperatorInvitation(email, member.Role, IsMember: true, null, null, Mailed: false);
        }

        var (link, expires) = await StoreAsync(project, id, email, role, Operator, "an operator", cancellationToken);
        if (mail.IsAvailable)
        {
            await mail.SendAsync(
                MailTemplates.Invitation(email, "An operator", project.Name, ProjectAccess.Name(role), link), cancellationToken);
        }

        await log.OfProjectAsync(
            project.Id, Operator, "member.invited", $"{email} as {ProjectAccess.Name(role)}", "", cancellationToken);
        return new OperatorInvitation(email, role, IsMember: false, link, expires, mail.IsAvailable);
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

    /// <summary>What a link is for, for whoever has it.</summary>
    /// <exception cref="VoxException">invalid_link</exception>
    public async Task<InvitationDetails> ReadAsync(ReadInvitationRequest link, CancellationToken cancellationToken) =>
        IsId(link.To) && await FindAsync(link.To!, link.Token, cancellationToken) is var (project, invitation)
            ? await DetailsAsync(project, invitation, cancellationToken)
            : throw new VoxException(
                Errors.InvalidLink, "This invitation was used or withdrawn, or has expired: ask for a new one.", "token");

    /// <summary>The open invitations to an account, the newest first.</summary>
    public async Task<MyInvitations> OfAsync(Developer developer, CancellationToken cancellationToken)
    {
        var found = await ManyRequests.EachAsync(
            await store.ProjectsAsync(developer.Id, cancellationToken),
            async id => await projects.FindAsync(id, cancellationToken) is { } project
                && await store.FindAsync(id, developer.Id, cancellationToken) is { } invitation && invitation.ExpiresAt > time.GetUtcNow()
                && await MayInviteAsync(invitation, cancellationToken)
                ? (invitation.SentAt, View: Details(project, invitation, hasAccount: true))
                : default,
            cancellationToken);
        return new MyInvitations(
            [.. found.Where(one => one.View is not null).OrderByDescending(one => one.SentAt).Select(one => one.View!)]);
    }

    /// <exception cref="VoxException">invalid_link</exception>
    public async Task<AcceptedResponse> AcceptAsync(PortalCaller caller, AcceptRequest which, CancellationToken cancellationToken)
    {
        // An invitation is found by the account that reads it. So the wrong reader does not use it up: the link may have been forwarded,
        // or opened while signed in with another account. The account has proved its e-mail address, so it needs no link.
        var me = caller.Developer;
        var found = which.Token is null && which.ProjectId is { } id
            ? await FindListedAsync(me.Id, id, cancellationToken)
            : await FindAsync(me.Id, which.Token, cancellationToken);
        if (found is not var (project, invitation))
        {
            throw new VoxException(
                Errors.InvalidLink,
                "This invitation was used or withdrawn, has expired, or is for another e-mail address than that of this account.", "token");
        }

        // What an owner promised is worth nothing any more when they are none.
        if (!await MayInviteAsync(invitation, cancellationToken))
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
        var me = caller.Caller.Developer;
        var (link, _) = await StoreAsync(caller.Project, id, email, role, me.Id, me.Email, cancellationToken);
        await mail.SendAsync(
            MailTemplates.Invitation(email, me.Name, caller.Project.Name, ProjectAccess.Name(role), link), cancellationToken);
    }

    private async Task<(string Link, DateTimeOffset Expires)> StoreAsync(
        Project project, string id, string email, ProjectRole role, string by, string byEmail, CancellationToken cancellationToken)
    {
        await guard.CountAsync("invitations", project.Id, 50, TimeSpan.FromHours(24), cancellationToken);
        var secret = Secrets.NewToken();
        var now = time.GetUtcNow();
        await store.SetAsync(
            new Invitation(project.Id, id, email, role, by, byEmail, now, now + Lifetime, Secrets.Hash(secret), default),
            cancellationToken);
        return (address.Page("invitation?to=" + id, $"{project.Id}.{secret}"), now + Lifetime);
    }

    /// <summary>The invitation of a link, to this account.</summary>
    private async Task<(Project Project, Invitation Invitation)?> FindAsync(
        string developerId, string? token, CancellationToken cancellationToken) =>
        token is { Length: <= 200 } && token.Split('.') is [var projectId, var secret]
            && await FindListedAsync(developerId, projectId, cancellationToken) is var (project, invitation)
            && Secrets.AreEqual(Secrets.Hash(secret), invitation.Secret)
            ? (project, invitation)
            : null;

    /// <summary>The invitation of this account to a project, unless it has expired.</summary>
    private async Task<(Project Project, Invitation Invitation)?> FindListedAsync(
        string developerId, string projectId, CancellationToken cancellationToken) =>
        await projects.FindNowAsync(projectId, cancellationToken) is { } project
            && await store.FindAsync(project.Id, developerId, cancellationToken) is { } invitation
            && invitation.ExpiresAt > time.GetUtcNow()
            ? (project, invitation)
            : null;

    private async Task<bool> MayInviteAsync(Invitation invitation, CancellationToken cancellationToken) =>
        invitation.InvitedBy == Operator || ProjectAccess.Allows(
            (await members.FindAsync(invitation.ProjectId, invitation.InvitedBy, cancellationToken))?.Role, ProjectAction.ManageMembers);

    private async Task<InvitationDetails> DetailsAsync(Project project, Invitation invitation, CancellationToken cancellationToken) =>
        Details(
            project, invitation, await developers.FindAsync(invitation.DeveloperId, cancellationToken) is { ActivatedAt: not null });

    private static InvitationDetails Details(Project project, Invitation invitation, bool hasAccount) => new(
        project.Id, project.Name, invitation.InvitedByEmail, invitation.Role, invitation.Email, hasAccount, invitation.ExpiresAt);

    private static bool IsId(string? id) =>
        id is { Length: > 0 and <= 64 } && !id.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'));

    private async Task<Invitation> FindAsync(ProjectCaller caller, string? id, CancellationToken cancellationToken) =>
        IsId(id) && await store.FindAsync(caller.Project.Id, id!, cancellationToken) is { } invitation
            ? invitation
            : throw new VoxException(Errors.NotFound, "There is no such invitation: it was accepted or withdrawn.", "id");
}
