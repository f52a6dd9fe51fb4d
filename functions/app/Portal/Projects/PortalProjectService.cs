using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Mail;
using Vox.Platform.Storage;
using Vox.Portal.Accounts;

namespace Vox.Portal.Projects;

/// <summary>A developer's access to a project, as checked for one request.</summary>
public sealed record ProjectCaller(PortalCaller Caller, Project Project, ProjectMember Member)
{
    public string Who => Caller.Developer.Email;
}

/// <summary>Checks that the caller may do something in a project.</summary>
public sealed class ProjectCallers(PortalCallers callers, ProjectService projects, MemberStore members)
{
    /// <exception cref="VoxException">not_signed_in, csrf_rejected, project_not_found (also for one that is somebody else's), not_allowed</exception>
    public async Task<ProjectCaller> ReadAsync(HttpRequest request, string projectId, ProjectAction action, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var project = await projects.FindAsync(projectId, cancellationToken);
        var member = project is null ? null : await members.FindAsync(project.Id, caller.Developer.Id, cancellationToken);
        if (project is null || member is null)
        {
            throw new VoxException(Errors.ProjectNotFound, "There is no such project, or you are not one of its members.", "projectId");
        }

        return ProjectAccess.Allows(member.Role, action)
            ? new ProjectCaller(caller, project, member)
            : throw new VoxException(Errors.NotAllowed, $"As {Name(member.Role)} of this project you may not do that: ask an owner.");
    }

    public static string Name(ProjectRole role) => role.ToString().ToLowerInvariant();
}

/// <summary>What developers do with their projects.</summary>
public sealed class PortalProjectService(
    ProjectService projects, MemberStore members, ProjectRemoval removal, OneTimeTokens tokens, AttemptGuard guard, MailOutbox mail, PortalAddress address,
    AuditLog audit, IOptions<PortalOptions> options, TimeProvider time)
{
    private static readonly TimeSpan InvitationLifetime = TimeSpan.FromDays(7);

    public async Task<ProjectKeys> CreateAsync(PortalCaller caller, string? name, CancellationToken cancellationToken)
    {
        var checkedName = DeveloperInput.Text(name, "name", 60);
        if ((await members.ProjectsOfAsync(caller.Developer.Id, cancellationToken)).Count >= options.Value.MaxProjects)
        {
            throw new VoxException(Errors.LimitReached, $"An account may have at most {options.Value.MaxProjects} projects: delete one first.");
        }

        var (project, token) = await projects.CreateAsync(checkedName, cancellationToken);
        var me = caller.Developer;
        await members.SetAsync(new ProjectMember(project.Id, me.Id, me.Email, me.Name, ProjectRole.Owner, time.GetUtcNow(), default), cancellationToken);
        await audit.OfProjectAsync(project.Id, me.Email, "project.created", checkedName, caller.Address, cancellationToken);
        return new ProjectKeys(project.Id, token, null);
    }

    public async Task<List<ProjectSummary>> ListAsync(PortalCaller caller, CancellationToken cancellationToken)
    {
        var ids = await members.ProjectsOfAsync(caller.Developer.Id, cancellationToken);
        var found = await Task.WhenAll(ids.Select(async id =>
        {
            var project = await projects.FindAsync(id, cancellationToken);
            var member = project is null ? null : await members.FindAsync(id, caller.Developer.Id, cancellationToken);
            return member is null ? null : new ProjectSummary(id, project!.Name, member.Role, project.CreatedAt);
        }));
        return [.. found.OfType<ProjectSummary>().OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase).ThenBy(p => p.Id, StringComparer.Ordinal)];
    }

    public async Task RenameAsync(ProjectCaller caller, string? name, CancellationToken cancellationToken)
    {
        var checkedName = DeveloperInput.Text(name, "name", 60);
        await projects.UpdateAsync(caller.Project.Id, project => project with { Name = checkedName }, cancellationToken);
        await RecordAsync(caller, "project.renamed", $"{caller.Project.Name} → {checkedName}", cancellationToken);
    }

    public async Task<ProjectKeys> RotateTokenAsync(ProjectCaller caller, int? overlapHours, CancellationToken cancellationToken)
    {
        var hours = overlapHours ?? 24;
        if (hours is < 0 or > 168)
        {
            throw new VoxException(Errors.InvalidField, "overlapHours must be from 0 to 168.", "overlapHours");
        }

        var (project, token) = await projects.RotateTokenAsync(caller.Project.Id, TimeSpan.FromHours(hours), cancellationToken);
        await RecordAsync(caller, "project.token_rotated", $"The old one stays good for {hours} h", cancellationToken);
        return new ProjectKeys(project.Id, token, project.PreviousTokenUntil);
    }

    /// <exception cref="VoxException">edit_conflict, invalid_field</exception>
    public async Task ChangeSettingsAsync(ProjectCaller caller, ProjectSettingsRequest request, CancellationToken cancellationToken)
    {
        if (request.RetentionDays is < 1 or > 3_650)
        {
            throw new VoxException(Errors.InvalidField, "retentionDays must be from 1 to 3,650, or absent to keep messages for ever.", "retentionDays");
        }

        var origins = (request.AllowedOrigins ?? []).Select(Origin).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (origins.Count > 50)
        {
            throw new VoxException(Errors.LimitReached, "At most 50 origins are possible.", "allowedOrigins");
        }

        await projects.UpdateAsync(
            caller.Project.Id,
            project => request.Version is { } seen && seen != VersionOf(project)
                ? throw new VoxException(Errors.EditConflict, "Somebody else has changed the settings meanwhile: load them again, then make your change.")
                : project with { LogEnabled = request.LogEnabled ?? project.LogEnabled, RetentionDays = request.RetentionDays, AllowedOrigins = origins },
            cancellationToken);
        await RecordAsync(
            caller, "project.settings_changed",
            $"Chat logs {(request.LogEnabled ?? caller.Project.LogEnabled ? "on" : "off")}, kept {request.RetentionDays?.ToString() ?? "for ever"}"
            + $"{(request.RetentionDays is null ? "" : " days")}, origins {(origins.Count == 0 ? "any" : string.Join(' ', origins))}",
            cancellationToken);
    }

    /// <summary>The version of what the settings page shows; renaming or rotating keys does not make its answers stale.</summary>
    public static string VersionOf(Project project) => KeyText.Digest(
        project.LogEnabled.ToString(), project.RetentionDays?.ToString() ?? "", string.Join('\n', project.AllowedOrigins))[..12];

    public async Task DeleteAsync(ProjectCaller caller, string? confirmation, CancellationToken cancellationToken)
    {
        if (confirmation?.Trim() != caller.Project.Name)
        {
            throw new VoxException(Errors.InvalidField, "Type the project's name exactly to delete it.", "confirmation");
        }

        await RecordAsync(caller, "project.deleted", caller.Project.Name, cancellationToken);
        await audit.OfAccountAsync(
            caller.Caller.Developer.Id, caller.Who, "project.deleted", $"{caller.Project.Name} ({caller.Project.Id})", caller.Caller.Address, cancellationToken);
        await removal.BeginAsync(caller.Project.Id, cancellationToken);
    }

    public async Task InviteAsync(ProjectCaller caller, InviteRequest request, CancellationToken cancellationToken)
    {
        var email = DeveloperInput.Email(request.Email);
        var role = request.Role is { } wanted && Enum.IsDefined(wanted)
            ? wanted
            : throw new VoxException(Errors.MissingField, "role is missing: owner, admin or viewer.", "role");
        await guard.CountAsync("invitations", caller.Project.Id, 50, TimeSpan.FromHours(24), cancellationToken);
        var token = await tokens.CreateAsync(
            OneTimeTokens.Invitation, caller.Project.Id, $"{(int)role} {PortalKeys.Developer(email)}", InvitationLifetime, cancellationToken);
        await mail.SendAsync(
            MailTemplates.Invitation(email, caller.Caller.Developer.Name, caller.Project.Name, ProjectCallers.Name(role), address.Page("invitation", token)),
            cancellationToken);
        await RecordAsync(caller, "member.invited", $"{email} as {ProjectCallers.Name(role)}", cancellationToken);
    }

    /// <returns>The project's id.</returns>
    /// <exception cref="VoxException">invalid_link</exception>
    public async Task<string> AcceptAsync(PortalCaller caller, string? token, CancellationToken cancellationToken)
    {
        var invitation = await tokens.FindAsync(OneTimeTokens.Invitation, token, cancellationToken);
        // Not used up by a wrong reader: the link may have been forwarded, or opened while signed in with another account.
        if (invitation is null || invitation.Value.Split(' ') is not [var role, var invited] || invited != caller.Developer.Id
            || await projects.FindNowAsync(invitation.Subject, cancellationToken) is not { } project
            || !await tokens.TryUseAsync(invitation, cancellationToken))
        {
            throw new VoxException(
                Errors.InvalidLink, "This invitation was used already, has expired, or is for another e-mail address than that of this account.", "token");
        }

        var me = caller.Developer;
        if (await members.FindAsync(project.Id, me.Id, cancellationToken) is null)
        {
            var joined = new ProjectMember(project.Id, me.Id, me.Email, me.Name, (ProjectRole)int.Parse(role), time.GetUtcNow(), default);
            await members.SetAsync(joined, cancellationToken);
            await audit.OfProjectAsync(project.Id, me.Email, "member.joined", ProjectCallers.Name(joined.Role), caller.Address, cancellationToken);
        }

        return project.Id;
    }

    /// <param name="role">Null: removes the member.</param>
    /// <exception cref="VoxException">not_found, edit_conflict, limit_reached when there would be no owner left</exception>
    public async Task ChangeMemberAsync(ProjectCaller caller, string? developerId, ProjectRole? role, CancellationToken cancellationToken)
    {
        var all = await members.ListAsync(caller.Project.Id, cancellationToken);
        var member = all.FirstOrDefault(m => m.DeveloperId == developerId)
            ?? throw new VoxException(Errors.NotFound, "There is no such member.", "developerId");
        if (member.Role == ProjectRole.Owner && role != ProjectRole.Owner)
        {
            var other = all.FirstOrDefault(m => m.Role == ProjectRole.Owner && m.DeveloperId != developerId)
                ?? throw new VoxException(Errors.LimitReached, "A project needs an owner: make somebody else one first.", "role");
            // Both rows in one transaction: two owners who remove each other at once do not both succeed.
            if (!await members.TryReplaceAsync([other, member with { Role = role ?? ProjectRole.Viewer }], cancellationToken))
            {
                throw new VoxException(Errors.EditConflict, "Somebody else has changed the members meanwhile: load them again.");
            }
        }
        else if (role is { } changed)
        {
            await members.SetAsync(member with { Role = changed }, cancellationToken);
        }

        if (role is null)
        {
            await members.RemoveAsync(caller.Project.Id, member.DeveloperId, cancellationToken);
        }

        await RecordAsync(
            caller, role is null ? "member.removed" : "member.role_changed",
            role is { } now ? $"{member.Email}: {ProjectCallers.Name(member.Role)} → {ProjectCallers.Name(now)}" : member.Email, cancellationToken);
    }

    public Task RecordAsync(ProjectCaller caller, string action, string detail, CancellationToken cancellationToken) =>
        audit.OfProjectAsync(caller.Project.Id, caller.Who, action, detail, caller.Caller.Address, cancellationToken);

    private static string Origin(string text) =>
        Uri.TryCreate(text?.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.PathAndQuery == "/"
        && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0 && text!.Length <= 255
            ? uri.GetLeftPart(UriPartial.Authority)
            : throw new VoxException(
                Errors.InvalidField, $"“{text}” is not a web origin: write it like https://www.example.com, without a path.", "allowedOrigins");
}
