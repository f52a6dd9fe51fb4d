using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.ApiKeys;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Users;

/// <summary>Users, for customers' servers.</summary>
public sealed class ServerUserFunctions(ServerRequests requests, ServerUserService users)
{
    private const string Base = "api/server/v1/users";
    private const string Tag = "Server: users";

    private const string Example = """
        {"id":"alice","displayName":"Alice","status":"","photo":"","custom":{"plan":"pro"},"disabled":false,
        "createdAt":"2026-11-30T09:00:00+00:00","etag":"\"3QmV\""}
        """;

    [Function("UpsertUsers")]
    [ServerOperation(Tag, "Create or change up to 100 users", ApiScopes.UsersWrite, Request = typeof(UpsertUsersRequest),
        Response = typeof(UpsertUsersResponse),
        Description = "Users who do not exist are created, without a password: they log in with tokens. Others are changed; what is absent "
            + "stays as it is. Everything is checked before anything is done. If the storage fails in between, send it again.",
        RequestExample = """{"users":[{"id":"alice","displayName":"Alice","custom":{"plan":"pro"}},{"id":"bob"}]}""",
        ResponseExample = """{"users":[""" + Example + """],"created":["alice"]}""")]
    public Task<IActionResult> UpsertUsers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base)] HttpRequest request, CancellationToken cancellationToken) =>
        requests.PostAsync(
            request, ApiScopes.UsersWrite, ServerUserJson.Wire.UpsertUsersRequest, ServerUserJson.Wire.UpsertUsersResponse,
            (caller, body) => users.UpsertAsync(caller, body, cancellationToken), cancellationToken);

    [Function("ListUsers")]
    [ServerOperation(Tag, "List users, or search by the beginning of their id", ApiScopes.UsersRead, Response = typeof(ServerUserPage),
        Query = "prefix? cursor? limit:integer?",
        Description = "limit is 1 to 100, default 50. prefix is compared exactly: case counts. A page costs the same at any depth.",
        ResponseExample = """{"users":[""" + Example + """],"next":"dXNlcnMKYWxpY2U"}""")]
    public async Task<IActionResult> ListUsers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.UsersRead, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var page = await users.ListAsync(
            caller.Project, fields.Exact("prefix") ?? "", fields["cursor"], fields.Number("limit", 1, ServerUserService.MaxPage, 50),
            cancellationToken);
        return WireResults.Json(page, ServerUserJson.Wire.ServerUserPage);
    }

    [Function("GetUser")]
    [ServerOperation(Tag, "A user", ApiScopes.UsersRead, Response = typeof(ServerUser), ResponseExample = Example,
        Description = "The header ETag has the user's etag.")]
    public async Task<IActionResult> GetUser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/{userId}")] HttpRequest request, string userId,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.UsersRead, cancellationToken);
        return Tagged(request, await users.GetAsync(caller.Project, RouteText.Decode(userId), cancellationToken));
    }

    [Function("PatchUser")]
    [ServerOperation(Tag, "Change a user's profile and custom data", ApiScopes.UsersWrite, Request = typeof(PatchUserRequest),
        Response = typeof(ServerUser), Headers = "If-Match?",
        Description = "With If-Match, only if the user still has that ETag: otherwise 412. Contacts who are online are told of a new "
            + "profile.",
        RequestExample = """{"displayName":"Alice B.","custom":{"plan":"free"}}""", ResponseExample = Example)]
    public async Task<IActionResult> PatchUser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = Base + "/{userId}")] HttpRequest request, string userId,
        CancellationToken cancellationToken)
    {
        var (caller, patch) = await requests.ReadAsync(
            request, ApiScopes.UsersWrite, ServerUserJson.Wire.PatchUserRequest, cancellationToken);
        return Tagged(
            request, await users.PatchAsync(
                caller.Project, RouteText.Decode(userId), patch, ETags.IfMatch(request), cancellationToken));
    }

    [Function("DisableUser")]
    [ServerOperation(Tag, "Keep a user from logging in", ApiScopes.UsersWrite, Response = typeof(ServerUser), ResponseExample = Example,
        Description = "Their sessions end and their devices are cut off within seconds. They keep everything.")]
    public Task<IActionResult> DisableUser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/{userId}/disable")] HttpRequest request, string userId,
        CancellationToken cancellationToken) => SetDisabledAsync(request, userId, true, cancellationToken);

    [Function("EnableUser")]
    [ServerOperation(Tag, "Let a disabled user log in again", ApiScopes.UsersWrite, Response = typeof(ServerUser),
        ResponseExample = Example)]
    public Task<IActionResult> EnableUser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/{userId}/enable")] HttpRequest request, string userId,
        CancellationToken cancellationToken) => SetDisabledAsync(request, userId, false, cancellationToken);

    [Function("EraseUser")]
    [ServerOperation(Tag, "Delete a user", ApiScopes.UsersWrite, Headers = "If-Match?",
        Description = "The user is gone at once, with profile, contacts, sessions and files. Others keep the messages that they have got. "
            + "The id is free again, and a new user with it inherits nothing. This cannot be undone.")]
    public async Task<IActionResult> EraseUser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Base + "/{userId}")] HttpRequest request, string userId,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.UsersWrite, cancellationToken);
        await users.DeleteAsync(caller, RouteText.Decode(userId), ETags.IfMatch(request), cancellationToken);
        return WireResults.NoContent;
    }

    private Task<IActionResult> SetDisabledAsync(HttpRequest request, string userId, bool disabled, CancellationToken cancellationToken) =>
        requests.PostAsync(
            request, ApiScopes.UsersWrite, ServerUserJson.Wire.ServerUser,
            caller => users.SetDisabledAsync(caller, RouteText.Decode(userId), disabled, cancellationToken), cancellationToken);

    private static IActionResult Tagged(HttpRequest request, ServerUser user)
    {
        request.HttpContext.Response.Headers.ETag = user.Etag;
        return WireResults.Json(user, ServerUserJson.Wire.ServerUser);
    }
}
