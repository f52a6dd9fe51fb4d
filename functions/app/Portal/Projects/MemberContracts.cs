namespace Vox.Portal.Projects;

public sealed record MemberList(IReadOnlyList<MemberResponse> Members);

public sealed record MemberResponse(string DeveloperId, string Email, string Name, ProjectRole Role, DateTimeOffset Since);

public sealed record InviteRequest(string? Email, ProjectRole? Role);

public sealed record MemberRoleRequest(string? DeveloperId, ProjectRole? Role);

public sealed record AcceptedResponse(string ProjectId);
