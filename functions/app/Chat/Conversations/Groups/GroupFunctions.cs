using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Sessions;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Conversations.Groups;

/// <summary>
/// Groups, over HTTP. A client may name itself in the header <c>X-Client-Id</c> and so recognise its own changes among the events.
/// </summary>
public sealed class GroupFunctions(
    CallerReader callers, GroupService groups, GroupMembership membership, GroupRoles roles, GroupReconciler reconciler,
    IOptions<GroupOptions> options, RequestBody body)
{
    private const int MaxPage = 1_000;

    [Function("CreateGroup")]
    [ApiOperation("Groups", "Begin a group", Request = typeof(CreateGroupRequest), Response = typeof(GroupView))]
    public async Task<IActionResult> CreateGroup(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/groups")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var actor = await ActorAsync(request, cancellationToken);
        var group = await body.ReadJsonAsync(request, GroupJson.Wire.CreateGroupRequest, cancellationToken);
        return View(await groups.CreateAsync(actor, group, request.Headers["Idempotency-Key"], cancellationToken));
    }

    [Function("GetGroups")]
    [ApiOperation("Groups", "The caller's groups", Response = typeof(GroupPage), Query = "offset:integer? size:integer?")]
    public async Task<IActionResult> GetGroups(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/groups")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var page = await groups.ListAsync(
            caller, fields.Number("offset", 0, int.MaxValue, 0), fields.Number("size", 1, MaxPage, MaxPage), cancellationToken);
        return WireResults.Json(page, GroupJson.Wire.GroupPage);
    }

    [Function("GetGroup")]
    [ApiOperation("Groups", "A group with its members", Response = typeof(GroupView))]
    public async Task<IActionResult> GetGroup(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/groups/{group}")] HttpRequest request, string group,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        return View(await groups.GetAsync(caller.Sender, Key(caller.Project.Id, group), cancellationToken));
    }

    [Function("UpdateGroup")]
    [ApiOperation("Groups", "Change name, description or photo", Request = typeof(UpdateGroupRequest), Response = typeof(GroupView))]
    public async Task<IActionResult> UpdateGroup(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "api/v1/groups/{group}")] HttpRequest request, string group,
        CancellationToken cancellationToken)
    {
        var actor = await ActorAsync(request, cancellationToken);
        var changes = await body.ReadJsonAsync(request, GroupJson.Wire.UpdateGroupRequest, cancellationToken);
        return View(await groups.UpdateAsync(actor, Key(actor.ProjectId, group), changes, cancellationToken));
    }

    [Function("DeleteGroup")]
    [ApiOperation("Groups", "Delete a group")]
    public async Task<IActionResult> DeleteGroup(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/groups/{group}")] HttpRequest request, string group,
        CancellationToken cancellationToken)
    {
        var actor = await ActorAsync(request, cancellationToken);
        await groups.DeleteAsync(actor, Key(actor.ProjectId, group));
        return WireResults.NoContent;
    }

    [Function("AddGroupMembers")]
    [ApiOperation("Groups", "Add members", Request = typeof(GroupIdsRequest), Response = typeof(GroupView))]
    public async Task<IActionResult> AddGroupMembers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/groups/{group}/members")] HttpRequest request, string group,
        CancellationToken cancellationToken)
    {
        var actor = await ActorAsync(request, cancellationToken);
        var asked = await body.ReadJsonAsync(request, GroupJson.Wire.GroupIdsRequest, cancellationToken);
        await membership.AddAsync(actor, Key(actor.ProjectId, group), asked.Ids, cancellationToken);
        return View(await groups.GetAsync(actor.Sender, Key(actor.ProjectId, group), cancellationToken));
    }

    [Function("RemoveGroupMember")]
    [ApiOperation("Groups", "Remove a member", Query = "id")]
    public async Task<IActionResult> RemoveGroupMember(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/groups/{group}/members")] HttpRequest request, string group,
        CancellationToken cancellationToken)
    {
        var actor = await ActorAsync(request, cancellationToken);
        await membership.RemoveAsync(actor, Key(actor.ProjectId, group), RequestFields.OfQuery(request).Exact("id"));
        return WireResults.NoContent;
    }

    [Function("AddGroupAdmins")]
    [ApiOperation("Groups", "Make members admins", Request = typeof(GroupIdsRequest), Response = typeof(GroupView))]
    public async Task<IActionResult> AddGroupAdmins(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/v1/groups/{group}/admins")] HttpRequest request, string group,
        CancellationToken cancellationToken)
    {
        var actor = await ActorAsync(request, cancellationToken);
        var asked = await body.ReadJsonAsync(request, GroupJson.Wire.GroupIdsRequest, cancellationToken);
        await roles.PromoteAsync(actor, Key(actor.ProjectId, group), asked.Ids);
        return View(await groups.GetAsync(actor.Sender, Key(actor.ProjectId, group), cancellationToken));
    }

    [Function("DismissGroupAdmin")]
    [ApiOperation("Groups", "Make an admin a plain member", Query = "id")]
    public async Task<IActionResult> DismissGroupAdmin(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/groups/{group}/admins")] HttpRequest request, string group,
        CancellationToken cancellationToken)
    {
        var actor = await ActorAsync(request, cancellationToken);
        await roles.DismissAsync(actor, Key(actor.ProjectId, group), RequestFields.OfQuery(request).Exact("id"));
        return WireResults.NoContent;
    }

    [Function("LeaveGroup")]
    [ApiOperation("Groups", "Leave a group")]
    public async Task<IActionResult> LeaveGroup(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/groups/{group}/leave")] HttpRequest request, string group,
        CancellationToken cancellationToken)
    {
        var actor = await ActorAsync(request, cancellationToken);
        await membership.LeaveAsync(actor, Key(actor.ProjectId, group));
        return WireResults.NoContent;
    }

    [Function("BlockGroup")]
    [ApiOperation("Groups", "Block a group for oneself: no pushes, not in lists")]
    public async Task<IActionResult> BlockGroup(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/groups/{group}/block")] HttpRequest request, string group,
        CancellationToken cancellationToken)
    {
        var actor = await ActorAsync(request, cancellationToken);
        await membership.BlockAsync(actor, Key(actor.ProjectId, group), blocked: true);
        return WireResults.NoContent;
    }

    [Function("UnblockGroup")]
    [ApiOperation("Groups", "Unblock a group for oneself")]
    public async Task<IActionResult> UnblockGroup(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/groups/{group}/block")] HttpRequest request, string group,
        CancellationToken cancellationToken)
    {
        var actor = await ActorAsync(request, cancellationToken);
        await membership.BlockAsync(actor, Key(actor.ProjectId, group), blocked: false);
        return WireResults.NoContent;
    }

    /// <summary>
    /// Every minute: finishes changes of membership that have not reached all lists and live groups, because a process ended or the SignalR
    /// service did not answer.
    /// </summary>
    [Function("ReconcileGroups")]
    public Task ReconcileGroups([TimerTrigger("45 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        reconciler.RunAsync(options.Value.RepairAfter, cancellationToken);

    private async ValueTask<GroupActor> ActorAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        return GroupActor.From(caller, GroupActor.ClientOf(request));
    }

    private static ConversationKey Key(string projectId, string id) =>
        ConversationKey.IsGroupId(id) ? new(projectId, id) : throw GroupErrors.NoGroup();

    private static IActionResult View(GroupView group) => WireResults.Json(group, GroupJson.Wire.GroupView);
}
