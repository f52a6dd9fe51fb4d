namespace Vox.Portal.Projects;

public sealed record MemberList(IReadOnlyList<MemberResponse> Members);

public sealed record MemberResponse(string DeveloperId, string Email, string Name, ProjectRole Role, DateTimeOffset Since);

public sealed record InviteRequest(string? Email, ProjectRole? Role);

public sealed record MemberRoleRequest(string? DeveloperId, ProjectRole? Role);

/// <param name="Token">Of the link; or</param>
/// <param name="ProjectId">The project of an invitation that is listed for the caller's account.</param>
public sealed record AcceptRequest(string? Token, string? ProjectId);

/// <param name="To">The part <c>to</c> of the link.</param>
public sealed record ReadInvitationRequest(string? Token, string? To);

/// <param name="Project">The project's name.</param>
/// <param name="InvitedBy">The e-mail address of the owner who invites.</param>
/// <param name="Email">To whom it was sent: only an account with this address can accept it.</param>
/// <param name="HasAccount">Whether there is an activated account with this address.</param>
public sealed record InvitationDetails(
    string ProjectId, string Project, string InvitedBy, ProjectRole Role, string Email, bool HasAccount, DateTimeOffset ExpiresAt);

public sealed record MyInvitations(IReadOnlyList<InvitationDetails> Invitations);

public sealed record AcceptedResponse(string ProjectId);

public sealed record InvitationList(IReadOnlyList<InvitationResponse> Invitations);

/// <param name="Id">The id of the account that may accept it.</param>
/// <param name="Expired">It can still be sent again.</param>
public sealed record InvitationResponse(
    string Id, string Email, ProjectRole Role, string InvitedBy, DateTimeOffset SentAt, DateTimeOffset ExpiresAt, bool Expired);

/// <param name="IsMember">There was nothing to do: this person is in the project already, with this role.</param>
/// <param name="Link">Absent for a member.</param>
/// <param name="Mailed">Whether the link was sent by e-mail as well.</param>
public sealed record OperatorInvitation(
    string Email, ProjectRole Role, bool IsMember, string? Link, DateTimeOffset? ExpiresAt, bool Mailed);

internal sealed record InvitationRequest(string? Id);
