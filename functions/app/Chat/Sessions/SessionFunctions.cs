using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Sessions;

/// <summary>Log-in, refresh and logout of clients.</summary>
public sealed class SessionFunctions(
    ProjectService projects, SessionService sessions, CallerReader callers, AccessTokens tokens, LoginProofs proofs, MediaPrefixes prefixes,
    RequestBody body, TimeProvider time)
{
    private const int MaxDevice = 64;
    private const int MinDeviceKey = 16;
    private const int MaxDeviceKey = 128;

    [Function("LogIn")]
    [ApiOperation("Sessions", "Log in", Request = typeof(LoginRequest), Response = typeof(SessionResponse), Anonymous = true)]
    public async Task<IActionResult> LogIn(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/sessions")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var login = await body.ReadJsonAsync(request, SessionJson.Wire.LoginRequest, cancellationToken);
        var project = await projects.GetAsync(Required(login.ProjectId, "projectId"), cancellationToken);
        ProjectOrigins.Check(request, project);
        if (login.Device is { Length: > MaxDevice })
        {
            throw new VoxException(Errors.TooLong, $"device may have at most {MaxDevice} characters.", "device");
        }

        var device = login.Device ?? "";
        var deviceKey = DeviceKey(login.DeviceKey);
        var session = login.Token is { Length: > 0 } token
            ? await sessions.LogInAsync(
                await proofs.ReadAsync(project, token, login.LoginId, cancellationToken), device, deviceKey, cancellationToken)
            : await sessions.LogInAsync(
                project, Required(login.LoginId, "loginId"), Required(login.Password, "password"), device, deviceKey, cancellationToken);
        return await AnswerAsync(session, cancellationToken);
    }

    [Function("RefreshSession")]
    [ApiOperation("Sessions", "Exchange a refresh token for new tokens", Request = typeof(RefreshRequest),
        Response = typeof(SessionResponse), Anonymous = true)]
    public async Task<IActionResult> RefreshSession(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/sessions/refresh")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var refresh = await body.ReadJsonAsync(request, SessionJson.Wire.RefreshRequest, cancellationToken);
        var token = Required(refresh.RefreshToken, "refreshToken");
        LoginProof? proof = null;
        DateTimeOffset? from = null;
        if (RefreshToken.Parse(token) is { } parsed && await projects.FindAsync(parsed.ProjectId, cancellationToken) is { } project)
        {
            ProjectOrigins.Check(request, project);
            from = project.TokensFrom;
            proof = refresh.Token is { Length: > 0 } further
                ? await proofs.ReadAsync(project, further, parsed.LoginId, cancellationToken)
                : null;
        }

        return await AnswerAsync(
            await sessions.RefreshAsync(token, DeviceKey(refresh.DeviceKey), from, proof, cancellationToken), cancellationToken);
    }

    [Function("LogOut")]
    [ApiOperation("Sessions", "Log out here or everywhere", Request = typeof(LogoutRequest))]
    public async Task<IActionResult> LogOut(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/sessions/logout")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var logout = await body.ReadOptionalJsonAsync(request, SessionJson.Wire.LogoutRequest, cancellationToken);
        await sessions.LogOutAsync(caller.Claims, logout?.Everywhere ?? false, cancellationToken);
        return WireResults.NoContent;
    }

    private async Task<IActionResult> AnswerAsync(IssuedSession issued, CancellationToken cancellationToken)
    {
        var session = issued.Session;
        return WireResults.Json(
            new SessionResponse(
                issued.AccessToken, (int)tokens.LifetimeOf(session).TotalSeconds, issued.RefreshToken, session.LoginId,
                RealtimeUser.IdOf(session.Identity), time.GetUtcNow().ToUnixTimeMilliseconds(),
                await prefixes.PathAsync(session.Identity, cancellationToken),
                session.Until is { } until ? (int)(until - time.GetUtcNow()).TotalSeconds : null),
            SessionJson.Wire.SessionResponse);
    }

    private static string? DeviceKey(string? key) => key switch
    {
        null or "" => null,
        { Length: < MinDeviceKey } => throw new VoxException(
            Errors.InvalidField, $"deviceKey must have at least {MinDeviceKey} characters: make it of random bytes.", "deviceKey"),
        { Length: > MaxDeviceKey } => throw new VoxException(
            Errors.TooLong, $"deviceKey may have at most {MaxDeviceKey} characters.", "deviceKey"),
        _ => key,
    };

    private static string Required(string? value, string field) =>
        string.IsNullOrEmpty(value) ? throw new VoxException(Errors.MissingField, $"{field} is missing or blank.", field) : value;
}
