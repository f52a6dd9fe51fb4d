using Vox.Platform.Storage;

namespace Vox.Chat.Sessions;

/// <summary>A log-in of a user on a device.</summary>
/// <param name="Secret">SHA-256 of the current refresh token's secret, base64.</param>
/// <param name="PreviousSecret">That of the one before.</param>
/// <param name="Device">As the client calls itself; shown to the user, nothing else.</param>
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
    /// <summary>Ended by a logout everywhere. The row stays until the session would have expired, to tell the device why it ended.</summary>
    public bool LoggedOut { get; init; }
}
