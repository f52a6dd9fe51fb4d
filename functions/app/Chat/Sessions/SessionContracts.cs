namespace Vox.Chat.Sessions;

/// <summary><c>POST /api/v1/sessions</c></summary>
/// <param name="Device">What the client calls itself, at most 64 characters.</param>
/// <param name="DeviceKey">
/// A secret of the device, 16 to 128 characters, that it made itself and keeps. Only with it may a refresh token be presented again when an
/// answer was lost.
/// </param>
/// <param name="LoginId">With a token it may be left out: the token names the user. If it is there, it must be the token's.</param>
/// <param name="Token">In place of the password: one that the customer's server got for the user.</param>
internal sealed record LoginRequest(
    string? ProjectId, string? LoginId = null, string? Password = null, string? Device = null, string? DeviceKey = null,
    string? Token = null);

/// <summary><c>POST /api/v1/sessions/refresh</c></summary>
/// <param name="DeviceKey">As in the log-in.</param>
/// <param name="Token">A new token of the same user: the session goes on until this one ends.</param>
internal sealed record RefreshRequest(string? RefreshToken, string? DeviceKey = null, string? Token = null);

/// <summary><c>POST /api/v1/sessions/logout</c></summary>
/// <param name="Everywhere">Whether to end all sessions of the user, not only this one.</param>
internal sealed record LogoutRequest(bool Everywhere = false);

/// <param name="ExpiresIn">Seconds until the access token expires.</param>
/// <param name="RealtimeUser">The caller's id for <c>/api/v1/realtime/negotiate?u=…</c>.</param>
/// <param name="ServerTime">Unix ms.</param>
/// <param name="MediaPath">Path of the project's media addresses on this server, as in the answer of <c>/api/v1/media/prefix</c>.</param>
/// <param name="SessionExpiresIn">
/// Seconds until the session ends with the token that it began with, unless another one takes it further. Absent after a log-in with a
/// password.
/// </param>
internal sealed record SessionResponse(
    string AccessToken, int ExpiresIn, string RefreshToken, string LoginId, string RealtimeUser, long ServerTime, string MediaPath,
    int? SessionExpiresIn = null);
