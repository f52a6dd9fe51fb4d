using Vox.Chat.Model;
using Vox.Chat.Users;
using Vox.Platform.Storage;

namespace Vox.Chat.Sessions;

/// <summary>A log-in of a user on a device.</summary>
/// <param name="Secret">SHA-256 of the current refresh token's secret, base64.</param>
/// <param name="PreviousSecret">The same of the refresh token before it.</param>
/// <param name="Device">What the client calls itself. Meant to be shown to the user; nothing depends on it.</param>
public sealed record Session(
    string ProjectId,
    string LoginId,
    string Id,
    string Uid,
    string Secret,
    string? PreviousSecret,
    DateTimeOffset CreatedAt,
    DateTimeOffset RotatedAt,
    DateTimeOffset ExpiresAt,
    string Device,
    RowVersion Version)
{
    public UserKey Key => new(ProjectId, LoginId);

    public UserIdentity Identity => new(ProjectId, LoginId, Uid);

    /// <summary>
    /// Ended by a logout everywhere. The row stays until the session would have expired, to tell the device why it ended.
    /// </summary>
    public bool LoggedOut { get; init; }

    /// <summary>
    /// The session began with a token, and ends with it: only another token takes it further. Null for a session that began with a
    /// password.
    /// </summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The user's <see cref="User.MutedUntil"/>: so a send need not read the user.</summary>
    public DateTimeOffset? MutedUntil { get; init; }

    /// <summary>The log-in ended the user's other sessions.</summary>
    public bool Single { get; init; }

    /// <summary>The user's <see cref="User.SessionVersion"/> when they logged in.</summary>
    public int UserVersion { get; init; }

    /// <summary>See <see cref="RefreshToken.NewSeed"/>. Null in sessions from before there were seeds.</summary>
    public string? Seed { get; init; }

    /// <summary>SHA-256 of the device's key, base64; null when the client has none.</summary>
    public string? DeviceKey { get; init; }

    /// <summary>Whether the user may still have this session.</summary>
    /// <param name="user">As stored now; null when there is none.</param>
    public bool BelongsTo(User? user, DateTimeOffset now) =>
        user is { DeletedAt: null } && !user.IsShutOut(now) && user.Uid == Uid && user.SessionVersion == UserVersion
        && !(CreatedAt < user.TokensFrom);
}
