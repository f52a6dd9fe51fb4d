using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Sessions;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Conversations.Groups;

/// <summary>Members in pages, and members of broadcast groups by the thousand.</summary>
public sealed class AudienceFunctions(CallerReader callers, AudienceService audience, GroupMemberReader members, RequestBody body)
{
    private const int MaxPage = 1_000;

    [Function("GetGroupMembers")]
    [ApiOperation("Groups", "Members, in pages", Response = typeof(GroupMemberPage), Query = "cursor? size:integer?")]
    public async Task<IActionResult> GetGroupMembers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/groups/{group}/members")] HttpRequest request, string group,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var page = await members.ReadAsync(
            caller.Sender, Key(caller.Project.Id, group), fields.Exact("cursor"), fields.Number("size", 1, MaxPage, 100),
            cancellationToken);
        return WireResults.Json(page, GroupJson.Wire.GroupMemberPage);
    }

    [Function("AddGroupMembersInBulk")]
    [ApiOperation("Groups", "Add up to 1,000 members to a broadcast group", Request = typeof(GroupIdsRequest),
        Response = typeof(MembersChanged))]
    public async Task<IActionResult> AddGroupMembersInBulk(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/groups/{group}/members/add")] HttpRequest request,
        string group, CancellationToken cancellationToken)
    {
        var (actor, key, ids) = await ReadAsync(request, group, cancellationToken);
        return View(await audience.AddAsync(actor, key, ids, all: false, cancellationToken));
    }

    [Function("RemoveGroupMembersInBulk")]
    [ApiOperation("Groups", "Remove up to 1,000 members from a broadcast group", Request = typeof(GroupIdsRequest),
        Response = typeof(MembersChanged))]
    public async Task<IActionResult> RemoveGroupMembersInBulk(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/groups/{group}/members/remove")] HttpRequest request,
        string group, CancellationToken cancellationToken)
    {
        var (actor, key, ids) = await ReadAsync(request, group, cancellationToken);
        return View(await audience.RemoveAsync(actor, key, ids, cancellationToken));
    }

    private async Task<(GroupActor Actor, ConversationKey Key, IReadOnlyList<string>? Ids)> ReadAsync(
        HttpRequest request, string group, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var asked = await body.ReadJsonAsync(request, GroupJson.Wire.GroupIdsRequest, cancellationToken);
        return (GroupActor.From(caller, GroupActor.ClientOf(request)), Key(caller.Project.Id, group), asked.Ids);
    }

    private static ConversationKey Key(string projectId, string id) =>
        ConversationKey.IsGroupId(id) ? new(projectId, id) : throw GroupErrors.NoGroup();

    private static IActionResult View(MembersChanged changed) => WireResults.Json(changed, GroupJson.Wire.MembersChanged);
}
