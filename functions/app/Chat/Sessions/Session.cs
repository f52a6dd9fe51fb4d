using Vox.Chat.Model;
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

    /// <summary>
    /// Ended by a logout everywhere. The row stays until the session would have expired, to tell the device why it ended.
    /// </summary>
    public bool LoggedOut { get; init; }
}
