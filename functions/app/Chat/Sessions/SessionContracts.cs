namespace Vox.Chat.Sessions;

/// <summary><c>POST /api/v1/sessions</c></summary>
/// <param name="Device">What the client calls itself, at most 64 characters.</param>
internal sealed record LoginRequest(string? ProjectId, string? LoginId, string? Password, string? Device = null);

/// <summary><c>POST /api/v1/sessions/refresh</c></summary>
internal sealed record RefreshRequest(string? RefreshToken);

/// <summary><c>POST /api/v1/sessions/logout</c></summary>
/// <param name="Everywhere">Whether to end all sessions of the user, not only this one.</param>
internal sealed record LogoutRequest(bool Everywhere = false);

/// <param name="ExpiresIn">Seconds until the access token expires.</param>
/// <param name="RealtimeUser">The caller's id for <c>/api/v1/realtime/negotiate?u=…</c>.</param>
/// <param name="ServerTime">Unix ms.</param>
/// <param name="MediaPath">Path of the project's media addresses on this server, as in the answer of <c>/api/v1/media/prefix</c>.</param>
internal sealed record SessionResponse(
    string AccessToken, int ExpiresIn, string RefreshToken, string LoginId, string RealtimeUser, long ServerTime, string MediaPath);
