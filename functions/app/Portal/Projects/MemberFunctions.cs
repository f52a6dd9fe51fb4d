using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;

namespace Vox.Portal.Projects;

/// <summary>Who works on a project.</summary>
public sealed class MemberFunctions(MemberService members, ProjectCallers access, RequestBody body)
{
    private const string Base = "api/portal/v1/projects/{projectId}/members";

    [Function("ListMembers")]
    [PortalOperation("Portal members", "Members of a project", Response = typeof(MemberList))]
    public async Task<IActionResult> ListMembers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        return PortalResults.Json(request, await members.ListAsync(projectId, cancellationToken), PortalProjectJson.Wire.MemberList);
    }

    [Function("ChangeMemberRole")]
    [PortalOperation("Portal members", "Change a member's role", Request = typeof(MemberRoleRequest))]
    public async Task<IActionResult> ChangeMemberRole(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageMembers, cancellationToken);
        var change = await body.ReadJsonAsync(request, PortalProjectJson.Wire.MemberRoleRequest, cancellationToken);
        await members.ChangeRoleAsync(caller, change, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("RemoveMember")]
    [PortalOperation("Portal members", "Remove a member", Query = "developerId")]
    public async Task<IActionResult> RemoveMember(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageMembers, cancellationToken);
        await members.RemoveAsync(caller, request.Query["developerId"], cancellationToken);
        return WireResults.NoContent;
    }
}
