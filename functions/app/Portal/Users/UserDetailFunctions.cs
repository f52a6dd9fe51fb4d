using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Users;

/// <summary>One user of a project, and many at once.</summary>
public sealed class UserDetailFunctions(UserDetailService service, ProjectCallers access, RequestBody body)
{
    private const string Base = "api/portal/v1/projects/{projectId}/users";

    [Function("GetProjectUser")]
    [PortalOperation("Portal users", "A user with their devices, sessions and conversations", Query = "username",
        Response = typeof(ProjectUserDetails))]
    public async Task<IActionResult> GetProjectUser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/details")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var username = RequestFields.OfQuery(request).Exact("username") ?? "";
        return PortalResults.Json(
            request, await service.ReadAsync(caller.Project, username, cancellationToken), PortalUserJson.Wire.ProjectUserDetails);
    }

    [Function("EndUserSessions")]
    [PortalOperation("Portal users", "End a session of a user, or all of them", Request = typeof(EndSessionsRequest))]
    public async Task<IActionResult> EndUserSessions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/logout")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageUsers, cancellationToken);
        var which = await body.ReadJsonAsync(request, PortalUserJson.Wire.EndSessionsRequest, cancellationToken);
        await service.EndSessionsAsync(caller, which, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("ChangeManyUsers")]
    [PortalOperation("Portal users", "Disable, enable, log out or delete up to 100 users", Request = typeof(ManyUsersRequest),
        Response = typeof(ManyUsersResponse))]
    public async Task<IActionResult> ChangeManyUsers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/many")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageUsers, cancellationToken);
        var which = await body.ReadJsonAsync(request, PortalUserJson.Wire.ManyUsersRequest, cancellationToken);
        return PortalResults.Json(
            request, await service.ChangeManyAsync(caller, which, cancellationToken), PortalUserJson.Wire.ManyUsersResponse);
    }
}
