using Vox.Platform.Storage;

namespace Vox.Chat.Users;

/// <summary>A user of a project's app.</summary>
/// <param name="LoginId">Opaque, compared exactly, never normalised.</param>
/// <param name="Uid">Made anew each time a login id is created: a new user of the same name inherits nothing of a deleted one.</param>
/// <param name="DeletedAt">Set while a deletion is under way; such a user does not exist for anybody any more.</param>
public sealed record User(
    string ProjectId,
    string LoginId,
    string Uid,
    string PasswordHash,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DeletedAt,
    RowVersion Version)
{
    /// <summary>Set by the portal: the user keeps everything, but cannot log in until it is enabled again.</summary>
    public DateTimeOffset? DisabledAt { get; init; }
}
