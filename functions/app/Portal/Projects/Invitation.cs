using Vox.Platform.Storage;

namespace Vox.Portal.Projects;

/// <summary>An invitation that nobody has accepted yet. There is at most one for each account of a project.</summary>
/// <param name="DeveloperId">The id of the account that may accept it, whether there is such an account already or not.</param>
/// <param name="InvitedBy">The account that invites. It must be allowed to do so when the invitation is accepted, too.</param>
/// <param name="Secret">The hash of what the link contains.</param>
public sealed record Invitation(
    string ProjectId, string DeveloperId, string Email, ProjectRole Role, string InvitedBy, string InvitedByEmail, DateTimeOffset SentAt,
    DateTimeOffset ExpiresAt, string Secret, RowVersion Version);
