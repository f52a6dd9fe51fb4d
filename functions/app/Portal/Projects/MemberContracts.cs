namespace Vox.Portal.Projects;

public sealed record MemberList(IReadOnlyList<MemberResponse> Members);

public sealed record MemberResponse(string DeveloperId, string Email, string Name, ProjectRole Role, DateTimeOffset Since);

public sealed record InviteRequest(string? Email, ProjectRole? Role);

public sealed record MemberRoleRequest(string? DeveloperId, ProjectRole? Role);

public sealed record AcceptedResponse(string ProjectId);

public sealed record InvitationList(IReadOnlyList<InvitationResponse> Invitations);

/// <param name="Id">The id of the account that may accept it.</param>
/// <param name="Expired">It can still be sent again.</param>
public sealed record InvitationResponse(
    string Id, string Email, ProjectRole Role, string InvitedBy, DateTimeOffset SentAt, DateTimeOffset ExpiresAt, bool Expired);

internal sealed record InvitationRequest(string? Id);
