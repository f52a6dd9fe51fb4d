using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.ApiKeys;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.People;

/// <summary>Presence and devices of users, for customers' servers.</summary>
public sealed class ServerPeopleFunctions(ServerRequests requests, ServerPeopleService people)
{
    private const string Sessions = "api/server/v1/users/{userId}/sessions";

    [Function("GetServerPresence")]
    [ServerOperation("Server: users", "Who of up to 100 users is online", ApiScopes.UsersRead, Request = typeof(ServerPresenceRequest),
        Response = typeof(ServerPresenceList), RequestExample = """{"ids":["alice","bob"]}""",
        Description = "It is a POST because ids may be long and may have any characters. Nothing changes.",
        ResponseExample = """
            {"users":[{"id":"alice","online":true,"lastSeen":"2026-11-30T09:00:00+00:00"},{"id":"bob","online":false}]}
            """)]
    public Task<IActionResult> GetServerPresence(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/server/v1/presence")] HttpRequest request,
        CancellationToken cancellationToken) => requests.PostAsync(
            request, ApiScopes.UsersRead, ServerPeopleJson.Wire.ServerPresenceRequest, ServerPeopleJson.Wire.ServerPresenceList,
            (caller, body) => people.PresenceAsync(caller.Project, body, cancellationToken), cancellationToken);

    [Function("ListUserSessions")]
    [ServerOperation("Server: tokens", "A user's devices", ApiScopes.TokensRead, Response = typeof(ServerSessionList),
        Description = "Each log-in is a session. A user has at most 20 unless the settings say otherwise.",
        ResponseExample = """
            {"sessions":[{"id":"3QmV0aPz","device":"Firefox on Linux","createdAt":"2026-11-30T09:00:00+00:00",
            "refreshedAt":"2026-11-30T09:00:00+00:00","expiresAt":"2026-12-30T09:00:00+00:00"}]}
            """)]
    public async Task<IActionResult> ListUserSessions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Sessions)] HttpRequest request, string userId,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.TokensRead, cancellationToken);
        return WireResults.Json(
            await people.SessionsAsync(caller.Project, RouteText.Decode(userId), cancellationToken),
            ServerPeopleJson.Wire.ServerSessionList);
    }

    [Function("EndUserSession")]
    [ServerOperation("Server: tokens", "End a user's session on one device", ApiScopes.TokensWrite,
        Description = "The device is cut off within seconds.")]
    public async Task<IActionResult> EndUserSession(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Sessions + "/{sessionId}")] HttpRequest request, string userId,
        string sessionId, CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.TokensWrite, cancellationToken);
        await people.EndSessionAsync(caller, RouteText.Decode(userId), sessionId, cancellationToken);
        return WireResults.NoContent;
    }
}
