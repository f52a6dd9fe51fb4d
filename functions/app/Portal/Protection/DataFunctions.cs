using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Exports;
using Vox.Chat.Projects;
using Vox.Chat.Protection;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Protection;

/// <summary>Data protection in the portal, for the owners of a project.</summary>
public sealed class DataFunctions(
    ErasureService erasures, ExportService exports, HoldService holds, RetentionService retention, ProjectService projects,
    ProjectCallers access, RequestBody body)
{
    private const string Base = "api/portal/v1/projects/{projectId}/data";

    [Function("ListProjectErasures")]
    [PortalOperation("Portal data protection", "Erasures of a project, newest first", Query = "after? size:integer?",
        Response = typeof(ErasurePage))]
    public async Task<IActionResult> ListProjectErasures(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/erasures")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.ProtectData, cancellationToken);
        var size = RequestFields.OfQuery(request).Number("size", 1, 200, 50);
        return PortalResults.Json(
            request, await erasures.ListAsync(projectId, PortalResults.After(request), size, cancellationToken),
            PortalDataJson.Wire.ErasurePage);
    }

    [Function("EraseProjectData")]
    [PortalOperation("Portal data protection", "Erase a user, a conversation or the project", Request = typeof(ErasureRequest),
        Response = typeof(ErasureView))]
    public async Task<IActionResult> EraseProjectData(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/erasures")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ProtectData, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, PortalDataJson.Wire.ErasureRequest, cancellationToken);
        return PortalResults.Json(
            request, await erasures.EraseAsync(caller.Project, wanted, Actor(caller), cancellationToken), PortalDataJson.Wire.ErasureView);
    }

    [Function("ListProjectHolds")]
    [PortalOperation("Portal data protection", "Legal holds of a project", Response = typeof(HoldList))]
    public async Task<IActionResult> ListProjectHolds(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/holds")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.ProtectData, cancellationToken);
        return PortalResults.Json(request, await holds.ListAsync(projectId, cancellationToken), PortalDataJson.Wire.HoldList);
    }

    [Function("SetProjectHold")]
    [PortalOperation("Portal data protection", "Set a legal hold on a user, a conversation or the project",
        Request = typeof(HoldRequest), Response = typeof(HoldView))]
    public async Task<IActionResult> SetProjectHold(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/holds")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ProtectData, cancellationToken);
        var hold = await body.ReadJsonAsync(request, PortalDataJson.Wire.HoldRequest, cancellationToken);
        return PortalResults.Json(
            request, await holds.SetAsync(caller.Project, hold, Actor(caller), cancellationToken), PortalDataJson.Wire.HoldView);
    }

    [Function("LiftProjectHold")]
    [PortalOperation("Portal data protection", "Lift a legal hold", Query = "id")]
    public async Task<IActionResult> LiftProjectHold(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Base + "/holds")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ProtectData, cancellationToken);
        await holds.LiftAsync(caller.Project, request.Query["id"], Actor(caller), cancellationToken);
        return WireResults.NoContent;
    }

    [Function("ListProjectExports")]
    [PortalOperation("Portal data protection", "Exports of a project, newest first", Response = typeof(ExportList))]
    public async Task<IActionResult> ListProjectExports(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/exports")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.ProtectData, cancellationToken);
        return PortalResults.Json(request, await exports.ListAsync(projectId, cancellationToken), PortalDataJson.Wire.ExportList);
    }

    [Function("BeginProjectExport")]
    [PortalOperation("Portal data protection", "Export a user or, without a username, the project", Request = typeof(ExportRequest),
        Response = typeof(ExportView))]
    public async Task<IActionResult> BeginProjectExport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/exports")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ProtectData, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, PortalDataJson.Wire.ExportRequest, cancellationToken);
        return PortalResults.Json(
            request, await exports.BeginAsync(caller.Project, wanted.Username, Actor(caller), cancellationToken),
            PortalDataJson.Wire.ExportView);
    }

    [Function("GetProjectExportLink")]
    [PortalOperation("Portal data protection", "Where an archive can be downloaded, for a quarter of an hour",
        Response = typeof(ExportLink))]
    public async Task<IActionResult> GetProjectExportLink(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/exports/{id}/link")] HttpRequest request,
        string projectId, string id, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ProtectData, cancellationToken);
        return PortalResults.Json(
            request, await exports.LinkAsync(projectId, id, Actor(caller), cancellationToken), PortalDataJson.Wire.ExportLink);
    }

    [Function("GetProjectRetention")]
    [PortalOperation("Portal data protection", "How long log, messages and files are kept", Response = typeof(RetentionView))]
    public async Task<IActionResult> GetProjectRetention(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/retention")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ProtectData, cancellationToken);
        var project = await projects.FindNowAsync(projectId, cancellationToken) ?? caller.Project;
        return PortalResults.Json(request, RetentionService.Read(project), PortalDataJson.Wire.RetentionView);
    }

    [Function("SetProjectRetention")]
    [PortalOperation("Portal data protection", "Set how many days log, messages and files are kept; 0 for ever",
        Request = typeof(RetentionRequest), Response = typeof(RetentionView))]
    public async Task<IActionResult> SetProjectRetention(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base + "/retention")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ProtectData, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, PortalDataJson.Wire.RetentionRequest, cancellationToken);
        return PortalResults.Json(
            request, await retention.ChangeAsync(caller.Project, wanted, Actor(caller), cancellationToken),
            PortalDataJson.Wire.RetentionView);
    }

    private static DataActor Actor(ProjectCaller caller) => new(caller.Who, caller.Caller.Address);
}
