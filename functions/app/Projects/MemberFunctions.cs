using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Developers;
using Vox.Http;
using Vox.OpenApi;
using Vox.Portal;

namespace Vox.Projects;

/// <summary>Who works on a project.</summary>
public sealed class MemberFunctions(PortalProjectService service, PortalCallers callers, ProjectCallers access, MemberStore members, RequestBody body)
{
    private const string Base = "api/portal/v1/projects/{projectId}/members";

    [Function("ListMembers")]
    [ApiOperation("Portal members", "Members of a project", Response = typeof(MemberList), Portal = true)]
    public async Task<IActionResult> ListMembers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var list = await members.ListAsync(projectId, cancellationToken);
        return PortalResults.Json(
            request, new MemberList(list.ConvertAll(m => new MemberResponse(m.DeveloperId, m.Email, m.Name, m.Role, m.Since))), PortalJson.Wire.MemberList);
    }

    [Function("InviteMember")]
    [ApiOperation("Portal members", "Invite somebody by e-mail", Request = typeof(InviteRequest), Portal = true)]
    public async Task<IActionResult> InviteMember(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base)] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageMembers, cancellationToken);
        await service.InviteAsync(caller, await body.ReadJsonAsync(request, PortalJson.Wire.InviteRequest, cancellationToken), cancellationToken);
        return WireResults.NoContent;
    }

    [Function("ChangeMemberRole")]
    [ApiOperation("Portal members", "Change a member's role", Request = typeof(MemberRoleRequest), Portal = true)]
    public async Task<IActionResult> ChangeMemberRole(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base)] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageMembers, cancellationToken);
        var change = await body.ReadJsonAsync(request, PortalJson.Wire.MemberRoleRequest, cancellationToken);
        var role = change.Role is { } wanted && Enum.IsDefined(wanted)
            ? wanted
            : throw new VoxException(Errors.MissingField, "role is missing: owner, admin or viewer.", "role");
        await service.ChangeMemberAsync(caller, change.DeveloperId, role, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("RemoveMember")]
    [ApiOperation("Portal members", "Remove a member", Query = "developerId", Portal = true)]
    public async Task<IActionResult> RemoveMember(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Base)] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageMembers, cancellationToken);
        await service.ChangeMemberAsync(caller, request.Query["developerId"], null, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("AcceptInvitation")]
    [ApiOperation("Portal members", "Accept an invitation", Request = typeof(TokenRequest), Response = typeof(AcceptedResponse), Portal = true)]
    public async Task<IActionResult> AcceptInvitation(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/portal/v1/invitations/accept")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var link = await body.ReadJsonAsync(request, PortalJson.Wire.TokenRequest, cancellationToken);
        return PortalResults.Json(
            request, new AcceptedResponse(await service.AcceptAsync(caller, link.Token, cancellationToken)), PortalJson.Wire.AcceptedResponse);
    }
}

public sealed record AcceptedResponse(string ProjectId);
