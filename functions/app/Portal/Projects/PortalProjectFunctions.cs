using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;

namespace Vox.Portal.Projects;

/// <summary>Projects in the portal.</summary>
public sealed class PortalProjectFunctions(
    PortalProjectService service, PortalCallers callers, ProjectCallers access, ProjectAudit audit, RequestBody body)
{
    private const string Base = "api/portal/v1/projects";

    [Function("ListProjects")]
    [PortalOperation("Portal projects", "Your projects", Response = typeof(ProjectList))]
    public async Task<IActionResult> ListProjects(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        return PortalResults.Json(request, await service.ListAsync(caller, cancellationToken), PortalProjectJson.Wire.ProjectList);
    }

    [Function("CreateProject")]
    [PortalOperation("Portal projects", "Create a project; the auth token is shown here once", Request = typeof(ProjectNameRequest),
        Response = typeof(ProjectKeys))]
    public async Task<IActionResult> CreateProject(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base)] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var project = await body.ReadJsonAsync(request, PortalProjectJson.Wire.ProjectNameRequest, cancellationToken);
        return PortalResults.Json(
            request, await service.CreateAsync(caller, project.Name, cancellationToken), PortalProjectJson.Wire.ProjectKeys);
    }

    [Function("GetProject")]
    [PortalOperation("Portal projects", "A project", Response = typeof(ProjectDetails))]
    public async Task<IActionResult> GetProject(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/{projectId}")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        return PortalResults.Json(request, await service.ReadAsync(caller, cancellationToken), PortalProjectJson.Wire.ProjectDetails);
    }

    [Function("RenameProject")]
    [PortalOperation("Portal projects", "Rename a project", Request = typeof(ProjectNameRequest))]
    public async Task<IActionResult> RenameProject(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base + "/{projectId}/name")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.Rename, cancellationToken);
        var project = await body.ReadJsonAsync(request, PortalProjectJson.Wire.ProjectNameRequest, cancellationToken);
        await service.RenameAsync(caller, project.Name, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("DeleteProject")]
    [PortalOperation("Portal projects", "Delete a project and everything in it", Request = typeof(DeleteProjectRequest))]
    public async Task<IActionResult> DeleteProject(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/{projectId}/delete")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.DeleteProject, cancellationToken);
        var confirm = await body.ReadJsonAsync(request, PortalProjectJson.Wire.DeleteProjectRequest, cancellationToken);
        await service.DeleteAsync(caller, confirm.Confirmation, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("RotateToken")]
    [PortalOperation("Portal projects", "Make a new auth token, shown here once", Request = typeof(RotateTokenRequest),
        Response = typeof(ProjectKeys))]
    public async Task<IActionResult> RotateToken(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/{projectId}/token")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.RotateToken, cancellationToken);
        var rotate = await body.ReadJsonAsync(request, PortalProjectJson.Wire.RotateTokenRequest, cancellationToken);
        return PortalResults.Json(
            request, await service.RotateTokenAsync(caller, rotate.OverlapHours, cancellationToken), PortalProjectJson.Wire.ProjectKeys);
    }

    [Function("EndToken")]
    [PortalOperation("Portal projects", "End an earlier auth token before its time", Query = "id")]
    public async Task<IActionResult> EndToken(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Base + "/{projectId}/token")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.RotateToken, cancellationToken);
        await service.EndTokenAsync(caller, request.Query["id"], cancellationToken);
        return WireResults.NoContent;
    }

    [Function("RotateMediaSecret")]
    [PortalOperation("Portal projects", "Make all addresses of files that were given out before stop working")]
    public async Task<IActionResult> RotateMediaSecret(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/{projectId}/media-secret")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.RotateToken, cancellationToken);
        await service.RotateMediaSecretAsync(caller, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("ChangeProjectSettings")]
    [PortalOperation(
        "Portal projects", "Chat logs, retention, web origins, passwords, who sees users, metadata of pictures",
        Request = typeof(ProjectSettingsRequest))]
    public async Task<IActionResult> ChangeProjectSettings(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base + "/{projectId}/settings")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ChangeSettings, cancellationToken);
        var settings = await body.ReadJsonAsync(request, PortalProjectJson.Wire.ProjectSettingsRequest, cancellationToken);
        await service.ChangeSettingsAsync(caller, settings, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("GetProjectAudit")]
    [PortalOperation("Portal projects", "Who changed what, newest first", Query = "after?", Response = typeof(AuditPage))]
    public async Task<IActionResult> GetProjectAudit(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/{projectId}/audit")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.ReadAudit, cancellationToken);
        return PortalResults.Json(
            request, await audit.ReadAsync(projectId, PortalResults.After(request), cancellationToken), AccountJson.Wire.AuditPage);
    }

    /// <summary>Every minute, deletes what is left of deleted projects.</summary>
    [Function("ResumeProjectDeletions")]
    public Task ResumeProjectDeletions([TimerTrigger("45 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        service.ResumeDeletionsAsync(cancellationToken);
}
