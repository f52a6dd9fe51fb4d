using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Developers;
using Vox.Http;
using Vox.OpenApi;
using Vox.Portal;
using Vox.Storage;
using Vox.Users;

namespace Vox.Projects;

/// <summary>Projects in the portal.</summary>
public sealed class PortalProjectFunctions(
    PortalProjectService service, PortalCallers callers, ProjectCallers access, ProjectService projects, UserStore users, ProjectRemoval removal, AuditLog audit,
    RequestBody body)
{
    private const string Base = "api/portal/v1/projects";

    [Function("ListProjects")]
    [ApiOperation("Portal projects", "Your projects", Response = typeof(ProjectList), Portal = true)]
    public async Task<IActionResult> ListProjects(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        return PortalResults.Json(request, new ProjectList(await service.ListAsync(caller, cancellationToken)), PortalJson.Wire.ProjectList);
    }

    [Function("CreateProject")]
    [ApiOperation("Portal projects", "Create a project; the auth token is shown here once", Request = typeof(ProjectNameRequest),
        Response = typeof(ProjectKeys), Portal = true)]
    public async Task<IActionResult> CreateProject(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base)] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var project = await body.ReadJsonAsync(request, PortalJson.Wire.ProjectNameRequest, cancellationToken);
        return PortalResults.Json(request, await service.CreateAsync(caller, project.Name, cancellationToken), PortalJson.Wire.ProjectKeys);
    }

    [Function("GetProject")]
    [ApiOperation("Portal projects", "A project", Response = typeof(ProjectDetails), Portal = true)]
    public async Task<IActionResult> GetProject(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/{projectId}")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var project = await projects.FindNowAsync(projectId, cancellationToken) ?? caller.Project;
        var count = await users.CountAsync(projectId, cancellationToken);
        return PortalResults.Json(
            request,
            new ProjectDetails(
                project.Id, project.Name, caller.Member.Role, project.CreatedAt, project.LogEnabled, project.RetentionDays, project.AllowedOrigins,
                project.PreviousTokenUntil, count, PortalProjectService.VersionOf(project)),
            PortalJson.Wire.ProjectDetails);
    }

    [Function("RenameProject")]
    [ApiOperation("Portal projects", "Rename a project", Request = typeof(ProjectNameRequest), Portal = true)]
    public async Task<IActionResult> RenameProject(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base + "/{projectId}/name")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.Rename, cancellationToken);
        await service.RenameAsync(caller, (await body.ReadJsonAsync(request, PortalJson.Wire.ProjectNameRequest, cancellationToken)).Name, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("DeleteProject")]
    [ApiOperation("Portal projects", "Delete a project and everything in it", Request = typeof(DeleteProjectRequest), Portal = true)]
    public async Task<IActionResult> DeleteProject(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/{projectId}/delete")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.DeleteProject, cancellationToken);
        var confirm = await body.ReadJsonAsync(request, PortalJson.Wire.DeleteProjectRequest, cancellationToken);
        await service.DeleteAsync(caller, confirm.Confirmation, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("RotateToken")]
    [ApiOperation("Portal projects", "Make a new auth token, shown here once", Request = typeof(RotateTokenRequest), Response = typeof(ProjectKeys), Portal = true)]
    public async Task<IActionResult> RotateToken(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/{projectId}/token")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.RotateToken, cancellationToken);
        var rotate = await body.ReadJsonAsync(request, PortalJson.Wire.RotateTokenRequest, cancellationToken);
        return PortalResults.Json(request, await service.RotateTokenAsync(caller, rotate.OverlapHours, cancellationToken), PortalJson.Wire.ProjectKeys);
    }

    [Function("ChangeProjectSettings")]
    [ApiOperation("Portal projects", "Chat logs, retention, web origins", Request = typeof(ProjectSettingsRequest), Portal = true)]
    public async Task<IActionResult> ChangeProjectSettings(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base + "/{projectId}/settings")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ChangeSettings, cancellationToken);
        var settings = await body.ReadJsonAsync(request, PortalJson.Wire.ProjectSettingsRequest, cancellationToken);
        await service.ChangeSettingsAsync(caller, settings, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("GetProjectAudit")]
    [ApiOperation("Portal projects", "Who changed what, newest first", Query = "after?", Response = typeof(AuditPage), Portal = true)]
    public async Task<IActionResult> GetProjectAudit(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/{projectId}/audit")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.ReadAudit, cancellationToken);
        var (entries, next) = await audit.ReadAsync(Keys.ProjectAudit(projectId), PortalResults.After(request), 50, cancellationToken);
        return PortalResults.Json(request, new AuditPage(entries, next), PortalJson.Wire.AuditPage);
    }

    /// <summary>Every minute: what is left of deleted projects.</summary>
    [Function("ResumeProjectDeletions")]
    public Task ResumeProjectDeletions([TimerTrigger("45 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        removal.ResumeAsync(cancellationToken);
}
