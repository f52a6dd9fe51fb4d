using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.ApiKeys;
using Vox.Chat.ServerApi.Messages;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Groups;

/// <summary>Members of groups and their messages, for customers' servers.</summary>
public sealed class ServerMemberFunctions(ServerRequests requests, ServerGroupMembers members)
{
    private const string Base = ServerGroupFunctions.Base + "/{groupId}";
    private const string Tag = ServerGroupFunctions.Tag;
    private const int MaxMembers = 1_000;

    [Function("ListServerMembers")]
    [ServerOperation(Tag, "A group's members", ApiScopes.GroupsRead, Response = typeof(ServerGroupMemberPage),
        Query = "cursor? limit:integer?", Description = "limit is 1 to 1,000, default 100.",
        ResponseExample = """{"total":1,"members":[{"id":"alice","role":"owner","joinedAt":"2026-11-30T09:00:00+00:00"}]}""")]
    public async Task<IActionResult> ListServerMembers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/members")] HttpRequest request, string groupId,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.GroupsRead, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var page = await members.ListAsync(
            caller.Project, groupId, fields["cursor"], fields.Number("limit", 1, MaxMembers, 100), cancellationToken);
        return WireResults.Json(page, ServerGroupJson.Wire.ServerGroupMemberPage);
    }

    [Function("AddServerMembers")]
    [ServerOperation(Tag, "Add up to 1,000 members", ApiScopes.GroupsWrite, Request = typeof(ServerMemberIds),
        Response = typeof(ServerMembersChanged),
        Description = "Whoever is a member already stays as they are. Those who are refused are named, and all others are added.",
        RequestExample = """{"ids":["bob","carol"]}""",
        ResponseExample = """{"changed":1,"refused":[{"id":"carol","error":"user_not_found"}]}""")]
    public Task<IActionResult> AddServerMembers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/members")] HttpRequest request, string groupId,
        CancellationToken cancellationToken) => requests.PostAsync(
            request, ApiScopes.GroupsWrite, ServerGroupJson.Wire.ServerMemberIds, ServerGroupJson.Wire.ServerMembersChanged,
            (caller, body) => members.AddAsync(caller.Project, groupId, body, cancellationToken), cancellationToken);

    [Function("RemoveServerMembers")]
    [ServerOperation(Tag, "Remove up to 1,000 members", ApiScopes.GroupsWrite, Request = typeof(ServerMemberIds),
        Response = typeof(ServerMembersChanged),
        Description = "It is no error if a user is not a member. The owner stays: they are named as refused.",
        RequestExample = """{"ids":["bob","carol"]}""", ResponseExample = """{"changed":2,"refused":[]}""")]
    public Task<IActionResult> RemoveServerMembers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/members/remove")] HttpRequest request, string groupId,
        CancellationToken cancellationToken) => requests.PostAsync(
            request, ApiScopes.GroupsWrite, ServerGroupJson.Wire.ServerMemberIds, ServerGroupJson.Wire.ServerMembersChanged,
            (caller, body) => members.RemoveAsync(caller.Project, groupId, body, cancellationToken), cancellationToken);

    [Function("SetServerMemberRole")]
    [ServerOperation(Tag, "Make a member an admin, or an admin a member", ApiScopes.GroupsWrite, Request = typeof(ServerMemberRole),
        Response = typeof(ServerMemberRole), RequestExample = """{"role":"admin"}""", ResponseExample = """{"role":"admin"}""")]
    public async Task<IActionResult> SetServerMemberRole(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base + "/members/{userId}")] HttpRequest request, string groupId,
        string userId, CancellationToken cancellationToken)
    {
        var (caller, role) = await requests.ReadAsync(
            request, ApiScopes.GroupsWrite, ServerGroupJson.Wire.ServerMemberRole, cancellationToken);
        var done = await members.SetRoleAsync(caller.Project, groupId, RouteText.Decode(userId), role, cancellationToken);
        return WireResults.Json(done, ServerGroupJson.Wire.ServerMemberRole);
    }

    [Function("ListServerGroupMessages")]
    [ServerOperation("Server: messages", "Messages of a group, newest first", ApiScopes.MessagesRead, Response = typeof(ServerMessagePage),
        Query = "cursor? limit:integer?",
        Description = "As the owner sees them. limit is 1 to 100, default 50. Reading changes no receipts.",
        ResponseExample = """
        {"conversation":"gWm1qYq7dK0Zt5RkQm21Xz","lastSequence":7,"messages":[{"conversation":"gWm1qYq7dK0Zt5RkQm21Xz","sequence":7,
        "id":"dK7cYqT1x0aPz3Lm","from":"","to":"gWm1qYq7dK0Zt5RkQm21Xz","type":1,"contentType":"text/plain","data":"Closed at 18:00","size":15,"sentAt":1795453377147,
        "group":true,"system":true}]}
        """)]
    public async Task<IActionResult> ListServerGroupMessages(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/messages")] HttpRequest request, string groupId,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.MessagesRead, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var page = await members.ReadMessagesAsync(
            caller.Project, groupId, fields["cursor"], fields.Number("limit", 1, ServerMessageService.MaxPage, 50), cancellationToken);
        return WireResults.Json(page, ServerMessageJson.Wire.ServerMessagePage);
    }
}
