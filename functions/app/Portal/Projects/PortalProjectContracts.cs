namespace Vox.Portal.Projects;

public sealed record ProjectNameRequest(string? Name);

public sealed record ProjectList(IReadOnlyList<ProjectSummary> Projects);

public sealed record ProjectSummary(string Id, string Name, ProjectRole Role, DateTimeOffset CreatedAt);

/// <param name="PreviousTokenUntil">Until when the auth token before the last rotation is accepted.</param>
/// <param name="Version">Goes back with changed settings, so that nobody overwrites what he has not seen.</param>
public sealed record ProjectDetails(
    string Id, string Name, ProjectRole Role, DateTimeOffset CreatedAt, bool LogEnabled, int? RetentionDays, IReadOnlyList<string> AllowedOrigins,
    DateTimeOffset? PreviousTokenUntil, int Users, string Version);

/// <param name="AuthToken">Shown this once; only its hash is kept.</param>
public sealed record ProjectKeys(string ProjectId, string AuthToken, DateTimeOffset? PreviousTokenUntil);

/// <param name="OverlapHours">0–168: how long the present token stays good; default 24.</param>
public sealed record RotateTokenRequest(int? OverlapHours);

public sealed record ProjectSettingsRequest(bool? LogEnabled, int? RetentionDays, IReadOnlyList<string>? AllowedOrigins, string? Version);

/// <param name="Confirmation">The project's name, typed.</param>
public sealed record DeleteProjectRequest(string? Confirmation);

public sealed record MemberList(IReadOnlyList<MemberResponse> Members);

public sealed record MemberResponse(string DeveloperId, string Email, string Name, ProjectRole Role, DateTimeOffset Since);

public sealed record InviteRequest(string? Email, ProjectRole? Role);

public sealed record MemberRoleRequest(string? DeveloperId, ProjectRole? Role);
