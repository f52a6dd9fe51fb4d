using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.ApiKeys;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Groups;

/// <summary>Groups, for customers' servers.</summary>
public sealed class ServerGroupFunctions(ServerRequests requests, ServerGroupService groups)
{
    internal const string Base = "api/server/v1/groups";
    internal const string Tag = "Server: groups";

    private const string Example = """
        {"id":"team-42","conversation":"gWm1qYq7dK0Zt5RkQm21Xz","name":"Team 42","description":"","photo":"","owner":"alice",
        "memberCount":3,"broadcast":false,"frozen":false,"custom":{"order":4711},"createdAt":"2026-11-30T09:00:00+00:00","etag":"\"1-dK7cYqT1\""}
        """;

    [Function("CreateServerGroup")]
    [ServerOperation(Tag, "Begin a group", ApiScopes.GroupsWrite, Request = typeof(CreateServerGroupRequest),
        Response = typeof(ServerGroup), ResponseExample = Example,
        Description = "With an own id, the group can be named by it in all paths. If a member is refused, there is no group.",
        RequestExample = """
            {"id":"team-42","name":"Team 42","owner":"alice","members":["bob","carol"],"custom":{"order":4711}}
            """)]
    public Task<IActionResult> CreateServerGroup(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base)] HttpRequest request, CancellationToken cancellationToken) =>
        requests.PostAsync(
            request, ApiScopes.GroupsWrite, ServerGroupJson.Wire.CreateServerGroupRequest, ServerGroupJson.Wire.ServerGroup,
            (caller, body) => groups.CreateAsync(caller, body, ServerRequests.KeyOf(request), cancellationToken), cancellationToken);

    [Function("ListServerGroups")]
    [ServerOperation(Tag, "List groups", ApiScopes.GroupsRead, Response = typeof(ServerGroupPage),
        Query = "member? cursor? limit:integer?",
        Description = "Of the project or, with member, those that a user is a member of. limit is 1 to 100, default 50. A page may have "
            + "fewer groups than that, and still a next page.",
        ResponseExample = """{"groups":[""" + Example + """],"next":"Z3JvdXBzCmdXbTFx"}""")]
    public async Task<IActionResult> ListServerGroups(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.GroupsRead, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var limit = fields.Number("limit", 1, ServerGroupService.MaxPage, 50);
        var page = await (fields.Exact("member") is { Length: > 0 } member
            ? groups.ListOfAsync(caller.Project, member, fields["cursor"], limit, cancellationToken)
            : groups.ListAsync(caller.Project, fields["cursor"], limit, cancellationToken));
        return WireResults.Json(page, ServerGroupJson.Wire.ServerGroupPage);
    }

    [Function("GetServerGroup")]
    [ServerOperation(Tag, "A group", ApiScopes.GroupsRead, Response = typeof(ServerGroup), ResponseExample = Example,
        Description = "groupId is the own id, or the conversation's. The header ETag has the group's etag.")]
    public async Task<IActionResult> GetServerGroup(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/{groupId}")] HttpRequest request, string groupId,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.GroupsRead, cancellationToken);
        return Tagged(request, await groups.GetAsync(caller.Project, groupId, cancellationToken));
    }

    [Function("PatchServerGroup")]
    [ServerOperation(Tag, "Change a group, freeze it, or give it another owner", ApiScopes.GroupsWrite,
        Request = typeof(PatchServerGroupRequest), Response = typeof(ServerGroup), Headers = "If-Match?", ResponseExample = Example,
        Description = "With If-Match, only if the group still has that ETag: otherwise 412. Members are told of what they see.",
        RequestExample = """{"name":"Team 42","frozen":true,"custom":{"order":4712}}""")]
    public async Task<IActionResult> PatchServerGroup(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = Base + "/{groupId}")] HttpRequest request, string groupId,
        CancellationToken cancellationToken)
    {
        var (caller, patch) = await requests.ReadAsync(
            request, ApiScopes.GroupsWrite, ServerGroupJson.Wire.PatchServerGroupRequest, cancellationToken);
        return Tagged(request, await groups.PatchAsync(caller, groupId, patch, ETags.IfMatch(request), cancellationToken));
    }

    [Function("DeleteServerGroup")]
    [ServerOperation(Tag, "Delete a group", ApiScopes.GroupsWrite, Headers = "If-Match?",
        Description = "For all members, at once. Its own id is not free again. This cannot be undone.")]
    public async Task<IActionResult> DeleteServerGroup(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Base + "/{groupId}")] HttpRequest request, string groupId,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.GroupsWrite, cancellationToken);
        await groups.DeleteAsync(caller, groupId, ETags.IfMatch(request), cancellationToken);
        return WireResults.NoContent;
    }

    private static IActionResult Tagged(HttpRequest request, ServerGroup group)
    {
        request.HttpContext.Response.Headers.ETag = group.Etag;
        return WireResults.Json(group, ServerGroupJson.Wire.ServerGroup);
    }
}
