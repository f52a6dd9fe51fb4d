using System.Globalization;
using Microsoft.Extensions.Options;
using Vox.Chat.Projects;
using Vox.Chat.Search;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;
using Vox.Portal.Accounts;

namespace Vox.Portal.Projects;

/// <summary>What developers do with their projects.</summary>
public sealed class PortalProjectService(
    ProjectService projects, MediaPrefixes prefixes, MemberStore members, UserStore users, ProjectRemoval removal, AuditLog log,
    ProjectAudit audit, SearchBuilds searchBuilds, IOptions<PortalOptions> options, TimeProvider time)
{
    /// <summary>Of new projects. Older ones keep 1, and an owner whose users have shorter passwords elsewhere can set it so.</summary>
    public const int NewMinPasswordLength = 8;

    /// <summary>Ten years, in seconds.</summary>
    private const int MaxWindow = 315_360_000;

    private const int MaxMinPasswordLength = 64;

    /// <summary>Creates a project, with the caller as its owner.</summary>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field, limit_reached</exception>
    public async Task<ProjectKeys> CreateAsync(PortalCaller caller, string? name, CancellationToken cancellationToken)
    {
        var checkedName = DeveloperInput.Text(name, "name", 60);
        if (await OwnsAllowedAsync(caller.Developer.Id, cancellationToken))
        {
            throw new VoxException(
                Errors.LimitReached, $"An account may own at most {options.Value.MaxProjects} projects: delete one first.");
        }

        var (project, token) = await projects.CreateAsync(checkedName, NewMinPasswordLength, cancellationToken);
        var me = caller.Developer;
        await members.SetAsync(
            new ProjectMember(project.Id, me.Id, me.Email, me.Name, ProjectRole.Owner, time.GetUtcNow(), default), cancellationToken);
        await log.OfProjectAsync(project.Id, me.Email, "project.created", checkedName, caller.Address, cancellationToken);
        return new ProjectKeys(project.Id, token, null);
    }

    /// <summary>Whether an account owns as many projects as it may. Those that others have invited it to are theirs.</summary>
    private async Task<bool> OwnsAllowedAsync(string developerId, CancellationToken cancellationToken)
    {
        var ids = await members.ProjectsOfAsync(developerId, cancellationToken);
        if (ids.Count < options.Value.MaxProjects)
        {
            return false;
        }

        var roles = await Task.WhenAll(ids.Select(id => members.FindAsync(id, developerId, cancellationToken)));
        return roles.Count(member => member?.Role == ProjectRole.Owner) >= options.Value.MaxProjects;
    }

    /// <summary>The caller's projects, by name.</summary>
    public async Task<ProjectList> ListAsync(PortalCaller caller, CancellationToken cancellationToken)
    {
        var ids = await members.ProjectsOfAsync(caller.Developer.Id, cancellationToken);
        var found = await Task.WhenAll(ids.Select(async id =>
        {
            var project = await projects.FindAsync(id, cancellationToken);
            var member = project is null ? null : await members.FindAsync(id, caller.Developer.Id, cancellationToken);
            return member is null ? null : new ProjectSummary(id, project!.Name, member.Role, project.CreatedAt);
        }));
        return new ProjectList(
            [.. found.OfType<ProjectSummary>().OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase)
                .ThenBy(p => p.Id, StringComparer.Ordinal)]);
    }

    public async Task<ProjectDetails> ReadAsync(ProjectCaller caller, CancellationToken cancellationToken)
    {
        // As stored now: another process may have changed it a moment ago.
        var project = await projects.FindNowAsync(caller.Project.Id, cancellationToken) ?? caller.Project;
        var count = await users.CountAsync(project.Id, cancellationToken);
        return new ProjectDetails(
            project.Id, project.Name, caller.Member.Role, project.CreatedAt, project.LogEnabled, project.RetentionDays,
            project.AllowedOrigins, project.PreviousTokenUntil, count, VersionOf(project), project.MinPasswordLength,
            project.Visibility, project.KeepsMetadata, Tokens(project),
            new MessageSettings(project.EditWindowSeconds, project.DeleteWindowSeconds, project.KeepsVersions))
        {
            MentionsAll = project.MentionsAll,
            Search = project.Searches,
        };
    }

    private IReadOnlyList<TokenView> Tokens(Project project) =>
    [
        new(ProjectService.TokenId(project.TokenHash), null),
        .. project.EarlierTokens(time.GetUtcNow()).Select(token => new TokenView(ProjectService.TokenId(token.Hash), token.Until)),
    ];

    public async Task RenameAsync(ProjectCaller caller, string? name, CancellationToken cancellationToken)
    {
        var checkedName = DeveloperInput.Text(name, "name", 60);
        await projects.UpdateAsync(caller.Project.Id, project => project with { Name = checkedName }, cancellationToken);
        await audit.RecordAsync(caller, "project.renamed", $"{caller.Project.Name} → {checkedName}", cancellationToken);
    }

    /// <param name="overlapHours">How long the present token stays valid: 0–168, default 24.</param>
    /// <exception cref="VoxException">invalid_field</exception>
    public async Task<ProjectKeys> RotateTokenAsync(ProjectCaller caller, int? overlapHours, CancellationToken cancellationToken)
    {
        var hours = OverlapHours(overlapHours);
        var (project, token) = await projects.RotateTokenAsync(caller.Project.Id, TimeSpan.FromHours(hours), cancellationToken);
        await audit.RecordAsync(caller, "project.token_rotated", $"The old one stays good for {hours} h", cancellationToken);
        return new ProjectKeys(project.Id, token, hours > 0 ? project.PreviousTokenUntil : null);
    }

    /// <summary>Ends an earlier auth token before its time.</summary>
    /// <exception cref="VoxException">not_found</exception>
    public async Task EndTokenAsync(ProjectCaller caller, string? id, CancellationToken cancellationToken)
    {
        await projects.EndTokenAsync(caller.Project.Id, id, cancellationToken);
        await audit.RecordAsync(caller, "project.token_ended", id!, cancellationToken);
    }

    /// <exception cref="VoxException">invalid_field</exception>
    internal static int OverlapHours(int? wanted) => (wanted ?? 24) is >= 0 and <= 168 and var hours
        ? hours
        : throw new VoxException(Errors.InvalidField, "overlapHours must be from 0 to 168.", "overlapHours");

    /// <summary>Makes all addresses of the project's files invalid that anybody has.</summary>
    public async Task RotateMediaSecretAsync(ProjectCaller caller, CancellationToken cancellationToken)
    {
        await prefixes.RotateAsync(caller.Project.Id, cancellationToken);
        await audit.RecordAsync(
            caller, "project.media_secret_rotated", "Addresses of files that were given out before no longer work", cancellationToken);
    }

    /// <exception cref="VoxException">edit_conflict, invalid_field</exception>
    public async Task ChangeSettingsAsync(ProjectCaller caller, ProjectSettingsRequest request, CancellationToken cancellationToken)
    {
        if (request.RetentionDays is < 1 or > 3_650)
        {
            throw new VoxException(
                Errors.InvalidField, "retentionDays must be from 1 to 3,650, or absent to keep messages for ever.", "retentionDays");
        }

        if (request.MinPasswordLength is < 1 or > MaxMinPasswordLength)
        {
            throw new VoxException(
                Errors.InvalidField, $"minPasswordLength must be from 1 to {MaxMinPasswordLength}.", "minPasswordLength");
        }

        if (request.Visibility is { } visibility && !Enum.IsDefined(visibility))
        {
            throw new VoxException(Errors.InvalidField, "visibility must be everybody or contacts.", "visibility");
        }

        if (request.MentionsAll is { } right && !Enum.IsDefined(right))
        {
            throw new VoxException(Errors.InvalidField, "mentionsAll must be admins or members.", "mentionsAll");
        }

        CheckWindow(request.Messages?.EditWindowSeconds, "messages.editWindowSeconds");
        CheckWindow(request.Messages?.DeleteWindowSeconds, "messages.deleteWindowSeconds");
        var origins = (request.AllowedOrigins ?? []).Select(Origin).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (origins.Count > 50)
        {
            throw new VoxException(Errors.LimitReached, "At most 50 origins are possible.", "allowedOrigins");
        }

        if (request is { Search: true } && !(request.LogEnabled ?? caller.Project.LogEnabled))
        {
            throw new VoxException(Errors.InvalidField, "search needs the chat log: switch logEnabled on too.", "search");
        }

        var changed = await projects.UpdateAsync(
            caller.Project.Id,
            project => request.Version is { } seen && seen != VersionOf(project)
                ? throw new VoxException(
                    Errors.EditConflict, "Somebody else has changed the settings meanwhile: load them again, then make your change.")
                : project with
                {
                    LogEnabled = request.LogEnabled ?? project.LogEnabled,
                    RetentionDays = request.RetentionDays,
                    AllowedOrigins = origins,
                    MinPasswordLength = request.MinPasswordLength ?? project.MinPasswordLength,
                    Visibility = request.Visibility ?? project.Visibility,
                    KeepsMetadata = request.KeepsMetadata ?? project.KeepsMetadata,
                    MentionsAll = request.MentionsAll ?? project.MentionsAll,
                    EditWindowSeconds = request.Messages?.EditWindowSeconds ?? project.EditWindowSeconds,
                    DeleteWindowSeconds = request.Messages?.DeleteWindowSeconds ?? project.DeleteWindowSeconds,
                    KeepsVersions = request.Messages?.KeepVersions ?? project.KeepsVersions,
                    SearchEnabled = (request.Search ?? project.SearchEnabled) && (request.LogEnabled ?? project.LogEnabled),
                },
            cancellationToken);
        await searchBuilds.FollowAsync(changed, cancellationToken);
        await audit.RecordAsync(
            caller, "project.settings_changed",
            $"Chat logs {(request.LogEnabled ?? caller.Project.LogEnabled ? "on" : "off")}, "
            + $"kept {request.RetentionDays?.ToString() ?? "for ever"}"
            + $"{(request.RetentionDays is null ? "" : " days")}, origins {(origins.Count == 0 ? "any" : string.Join(' ', origins))}"
            + (request.MinPasswordLength is { } min ? $", passwords from {min} characters" : "")
            + (request.Visibility is { } who ? $", visible to {who.ToString().ToLowerInvariant()}" : "")
            + (request.KeepsMetadata is { } keeps ? $", pictures {(keeps ? "with" : "without")} place and camera" : "")
            + (request.MentionsAll is { } all ? $", {all.ToString().ToLowerInvariant()} may mention everybody" : "")
            + (request.Search is { } search ? $", search {(search ? "on" : "off")}" : "")
            + (request.Messages?.EditWindowSeconds is { } edit ? $", edits {Window(edit)}" : "")
            + (request.Messages?.DeleteWindowSeconds is { } delete ? $", deletions {Window(delete)}" : "")
            + (request.Messages?.KeepVersions is { } versions ? $", earlier texts {(versions ? "kept" : "not kept")}" : ""),
            cancellationToken);
    }

    /// <param name="confirmation">The project's name, typed.</param>
    /// <exception cref="VoxException">invalid_field</exception>
    public async Task DeleteAsync(ProjectCaller caller, string? confirmation, CancellationToken cancellationToken)
    {
        if (confirmation?.Trim() != caller.Project.Name)
        {
            throw new VoxException(Errors.InvalidField, "Type the project's name exactly to delete it.", "confirmation");
        }

        await audit.RecordAsync(caller, "project.deleted", caller.Project.Name, cancellationToken);
        await log.OfAccountAsync(
            caller.Caller.Developer.Id, caller.Who, "project.deleted", $"{caller.Project.Name} ({caller.Project.Id})",
            caller.Caller.Address, cancellationToken);
        await removal.BeginAsync(caller.Project.Id, cancellationToken);
    }

    /// <summary>Deletes what is left of deleted projects.</summary>
    public Task ResumeDeletionsAsync(CancellationToken cancellationToken) => removal.ResumeAsync(cancellationToken);

    /// <summary>The version of what the settings page shows. Renaming the project or rotating its token does not change it.</summary>
    private static string VersionOf(Project project) => KeyText.Digest(
        project.LogEnabled.ToString(), project.RetentionDays?.ToString() ?? "", string.Join('\n', project.AllowedOrigins),
        project.MinPasswordLength.ToString(CultureInfo.InvariantCulture), project.Visibility.ToString(),
        project.KeepsMetadata.ToString(), project.MentionsAll.ToString(), project.SearchEnabled.ToString(),
        string.Create(
            CultureInfo.InvariantCulture, $"{project.EditWindowSeconds} {project.DeleteWindowSeconds} {project.KeepsVersions}"))[..12];

    private static void CheckWindow(int? seconds, string field)
    {
        if (seconds is < -1 or > MaxWindow)
        {
            throw new VoxException(
                Errors.InvalidField, $"{field} must be a number of seconds from 1 to {MaxWindow:N0}, 0 for never or -1 for always.", field);
        }
    }

    private static string Window(int seconds) => seconds switch
    {
        -1 => "always",
        0 => "never",
        _ => $"for {seconds:N0} seconds",
    };

    private static string Origin(string text) => WebOrigin.Canonical(text) ?? throw new VoxException(
        Errors.InvalidField,
        $"“{text}” is not the origin of pages: write it like https://www.example.com or capacitor://localhost, without a path.",
        "allowedOrigins");
}
