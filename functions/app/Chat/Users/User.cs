using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Users;

/// <summary>A user of a project's app.</summary>
/// <param name="LoginId">In its canonical form, see <see cref="LoginIds"/>; as it was written for a user from before there was one.</param>
/// <param name="Uid">New each time a login id is created: a new user with an old login id inherits nothing from the deleted one.</param>
/// <param name="DeletedAt">Set while a deletion is under way. Such a user does not exist any more for anyone.</param>
public sealed record User(
    string ProjectId,
    string LoginId,
    string Uid,
    string PasswordHash,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DeletedAt,
    RowVersion Version)
{
    public UserKey Key => new(ProjectId, LoginId);

    public UserIdentity Identity => new(ProjectId, LoginId, Uid);

    /// <summary>Set by the portal. The user keeps everything, but cannot log in until they are enabled again.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Banned from the project by its server: like disabled, but it ends by itself. Null or a past time: they are not.</summary>
    public DateTimeOffset? BannedUntil { get; init; }

    /// <summary>May read, but send nothing. Null or a past time: they may. Sessions have a copy.</summary>
    public DateTimeOffset? MutedUntil { get; init; }

    /// <summary>Tokens issued before, and sessions begun before, are over. Null for none.</summary>
    public DateTimeOffset? TokensFrom { get; init; }

    /// <summary>Rises when the password is set and when the user is disabled. Sessions that began before that are over.</summary>
    public int SessionVersion { get; init; }

    /// <summary>Whether the user is kept from logging in, for good or for a time.</summary>
    public bool IsShutOut(DateTimeOffset now) => DisabledAt is not null || BannedUntil > now;
}
