using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.ApiKeys;

namespace Vox.Chat.ServerApi.Tokens;

/// <summary>Tokens with which users log in, for customers' servers.</summary>
public sealed class ServerTokenFunctions(ServerRequests requests, ServerTokenService tokens)
{
    private const string Tag = "Server: tokens";

    [Function("MintToken")]
    [ServerOperation(Tag, "A token with which a user logs in", ApiScopes.TokensWrite, Request = typeof(MintTokenRequest),
        Response = typeof(MintedToken),
        Description = "Hand it to the user's app, which logs in with it once or on several devices. The session ends with the token, "
            + "unless the app gets another one in time. Repeated with the same Idempotency-Key, it answers a new token.",
        RequestExample = """{"lifetimeSeconds":3600,"createUser":true}""",
        ResponseExample = """{"token":"eyJ…","userId":"alice","expiresAt":"2026-11-30T10:00:00+00:00"}""")]
    public Task<IActionResult> MintToken(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/server/v1/users/{userId}/tokens")] HttpRequest request,
        string userId, CancellationToken cancellationToken) => requests.PostAsync(
            request, ApiScopes.TokensWrite, ServerTokenJson.Wire.MintTokenRequest, ServerTokenJson.Wire.MintedToken,
            (caller, body) => tokens.MintAsync(caller, RouteText.Decode(userId), body, cancellationToken), cancellationToken, again: true);

    [Function("RevokeUserTokens")]
    [ServerOperation(Tag, "End a user's tokens and sessions", ApiScopes.TokensWrite, Request = typeof(RevokeTokensRequest),
        Response = typeof(RevokedTokens),
        Description = "Also sessions that began with a password. Devices are cut off within seconds.",
        RequestExample = """{"before":"2026-11-30T09:00:00Z"}""", ResponseExample = """{"before":"2026-11-30T09:00:00+00:00"}""")]
    public Task<IActionResult> RevokeUserTokens(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/server/v1/users/{userId}/tokens/revoke")] HttpRequest request,
        string userId, CancellationToken cancellationToken) => requests.PostAsync(
            request, ApiScopes.TokensWrite, ServerTokenJson.Wire.RevokeTokensRequest, ServerTokenJson.Wire.RevokedTokens,
            (caller, body) => tokens.RevokeAsync(caller, RouteText.Decode(userId), body, cancellationToken), cancellationToken);

    [Function("RevokeAllTokens")]
    [ServerOperation(Tag, "End the tokens and sessions of all users", ApiScopes.TokensWrite, Request = typeof(RevokeTokensRequest),
        Response = typeof(RevokedTokens),
        Description = "Also sessions that began with a password. Every instance refuses them within half a minute. A live connection whose "
            + "app goes on listening is closed within minutes.",
        RequestExample = """{"before":"2026-11-30T09:00:00Z"}""", ResponseExample = """{"before":"2026-11-30T09:00:00+00:00"}""")]
    public Task<IActionResult> RevokeAllTokens(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/server/v1/tokens/revoke")] HttpRequest request,
        CancellationToken cancellationToken) => requests.PostAsync(
            request, ApiScopes.TokensWrite, ServerTokenJson.Wire.RevokeTokensRequest, ServerTokenJson.Wire.RevokedTokens,
            (caller, body) => tokens.RevokeAllAsync(caller, body, cancellationToken), cancellationToken);
}
