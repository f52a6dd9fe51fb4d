using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Users;

/// <summary>A project's users in the portal.</summary>
public sealed class PortalUserFunctions(PortalUserService users, ProjectCallers access, RequestBody body)
{
    private const string Base = "api/portal/v1/projects/{projectId}/users";
    private const int MaxSize = 200;

    [Function("ListProjectUsers")]
    [PortalOperation("Portal users", "Users of a project", Query = "search? after? size:integer?", Response = typeof(ProjectUserPage))]
    public async Task<IActionResult> ListProjectUsers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var size = fields.Number("size", 1, MaxSize, 50);
        var search = fields.Exact("search") ?? "";
        return PortalResults.Json(
            request, await users.ListAsync(projectId, search, PortalResults.After(request), size, cancellationToken),
            PortalUserJson.Wire.ProjectUserPage);
    }

    [Function("AddProjectUser")]
    [PortalOperation("Portal users", "Add a user", Request = typeof(AddUserRequest))]
    public async Task<IActionResult> AddProjectUser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageUsers, cancellationToken);
        var user = await body.ReadJsonAsync(request, PortalUserJson.Wire.AddUserRequest, cancellationToken);
        await users.AddAsync(caller, user, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("DeleteProjectUser")]
    [PortalOperation("Portal users", "Delete a user", Query = "username")]
    public async Task<IActionResult> DeleteProjectUser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageUsers, cancellationToken);
        await users.DeleteAsync(caller, request.Query["username"].ToString(), cancellationToken);
        return WireResults.NoContent;
    }

    [Function("ResetUserPassword")]
    [PortalOperation("Portal users", "Set a user's password; the user is logged out everywhere", Request = typeof(AddUserRequest))]
    public async Task<IActionResult> ResetUserPassword(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base + "/password")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageUsers, cancellationToken);
        var user = await body.ReadJsonAsync(request, PortalUserJson.Wire.AddUserRequest, cancellationToken);
        await users.ResetPasswordAsync(caller, user, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("SetUserStatus")]
    [PortalOperation("Portal users", "Disable or enable a user", Request = typeof(UserStatusRequest))]
    public async Task<IActionResult> SetUserStatus(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base + "/status")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageUsers, cancellationToken);
        var status = await body.ReadJsonAsync(request, PortalUserJson.Wire.UserStatusRequest, cancellationToken);
        await users.SetStatusAsync(caller, status, cancellationToken);
        return WireResults.NoContent;
    }
}
