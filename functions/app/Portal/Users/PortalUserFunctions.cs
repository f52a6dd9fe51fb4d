using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.People;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Users;

public sealed record ProjectUser(string Username, DateTimeOffset CreatedAt, bool Disabled, bool Online);

/// <param name="Next">Goes into <c>after</c> for the next page; absent on the last.</param>
public sealed record ProjectUserPage(IReadOnlyList<ProjectUser> Users, string? Next);

public sealed record AddUserRequest(string? Username, string? Password);

public sealed record UserStatusRequest(string? Username, bool? Disabled);

/// <summary>A project's users in the portal.</summary>
public sealed class PortalUserFunctions(
    ProjectCallers access, PortalProjectService service, UserService users, UserStore store, SessionEnding ending,
    PresenceStore presence, RequestBody body)
{
    private const string Base = "api/portal/v1/projects/{projectId}/users";
    private const int MaxSize = 200;

    [Function("ListProjectUsers")]
    [PortalOperation("Portal users", "Users of a project", Query = "search? after? size?", Response = typeof(ProjectUserPage))]
    public async Task<IActionResult> ListProjectUsers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var size = fields.Number("size", 1, MaxSize, 50);
        var search = fields.Exact("search") ?? "";
        var page = new List<ProjectUser>(size);
        string? next = null;
        await foreach (var user in store.ListAsync(
            projectId, PortalResults.After(request), search, search.Length == 0 ? size + 1 : 1_000, cancellationToken))
        {
            if (page.Count == size)
            {
                next = page[^1].Username;
                break;
            }

            page.Add(new ProjectUser(user.LoginId, user.CreatedAt, user.DisabledAt is not null, Online: false));
        }

        if (page.Count > 0)
        {
            var online = await presence.OnlineBetweenAsync(projectId, page[0].Username, page[^1].Username, cancellationToken);
            page = page.ConvertAll(user => user with { Online = online.Contains(user.Username) });
        }

        return PortalResults.Json(request, new ProjectUserPage(page, next), PortalUserJson.Wire.ProjectUserPage);
    }

    [Function("AddProjectUser")]
    [PortalOperation("Portal users", "Add a user", Request = typeof(AddUserRequest))]
    public async Task<IActionResult> AddProjectUser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base)] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageUsers, cancellationToken);
        var user = await body.ReadJsonAsync(request, PortalUserJson.Wire.AddUserRequest, cancellationToken);
        await users.CreateUserAsync(caller.Project, user.Username, user.Password, cancellationToken);
        await service.RecordAsync(caller, "user.created", user.Username!, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("DeleteProjectUser")]
    [PortalOperation("Portal users", "Delete a user", Query = "username")]
    public async Task<IActionResult> DeleteProjectUser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Base)] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageUsers, cancellationToken);
        var username = request.Query["username"].ToString();
        await users.DeleteUserAsync(caller.Project, username, cancellationToken);
        await service.RecordAsync(caller, "user.deleted", username, cancellationToken);
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
        await users.ChangeAsync(projectId, user.Username, user.Password ?? "", null, cancellationToken);
        await ending.EndAllAsync(projectId, user.Username!, cancellationToken);
        await service.RecordAsync(caller, "user.password_reset", user.Username!, cancellationToken);
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
        var disabled = status.Disabled ?? throw new VoxException(Errors.MissingField, "disabled is missing.", "disabled");
        await users.ChangeAsync(projectId, status.Username, null, disabled, cancellationToken);
        if (disabled)
        {
            await ending.EndAllAsync(projectId, status.Username!, cancellationToken);
        }

        await service.RecordAsync(caller, disabled ? "user.disabled" : "user.enabled", status.Username!, cancellationToken);
        return WireResults.NoContent;
    }
}
