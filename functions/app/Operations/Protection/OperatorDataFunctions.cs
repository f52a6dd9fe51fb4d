using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Exports;
using Vox.Chat.Projects;
using Vox.Chat.Protection;
using Vox.Platform.Http;
using Vox.Platform.Limits;
using Vox.Platform.OpenApi;

namespace Vox.Operations.Protection;

/// <summary>Data protection for operators, who have the master key of the function app. The host checks it.</summary>
public sealed class OperatorDataFunctions(
    ProjectService projects, ErasureService erasures, ExportService exports, HoldService holds, RetentionService retention,
    ClientAddresses addresses, RequestBody body)
{
    private const string Base = "api/operator/v1/projects/{projectId}/data";

    [Function("OperatorListErasures")]
    [ApiOperation("Operators", "Erasures of a project, newest first, also of one that was erased itself; with the master key",
        Query = "after? size:integer?", Response = typeof(ErasurePage), Anonymous = true)]
    public async Task<IActionResult> OperatorListErasures(
        [HttpTrigger(AuthorizationLevel.Admin, "get", Route = Base + "/erasures")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var fields = RequestFields.OfQuery(request);
        return WireResults.Json(
            await erasures.ListAsync(projectId, ErasureFunctions.After(fields), fields.Number("size", 1, 200, 50), cancellationToken),
            OperatorDataJson.Wire.ErasurePage);
    }

    [Function("OperatorErase")]
    [ApiOperation("Operators", "Erase a user, a conversation or a project, with the master key", Request = typeof(ErasureRequest),
        Response = typeof(ErasureView), Anonymous = true)]
    public async Task<IActionResult> OperatorErase(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = Base + "/erasures")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var project = await projects.GetAsync(projectId, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, OperatorDataJson.Wire.ErasureRequest, cancellationToken);
        return WireResults.Json(
            await erasures.EraseAsync(project, wanted, Actor(request), cancellationToken), OperatorDataJson.Wire.ErasureView);
    }

    [Function("OperatorReapplyErasures")]
    [ApiOperation("Operators", "Repeat the erasures of a project after an older state of it was restored, with the master key",
        Response = typeof(ReapplyResponse), Anonymous = true)]
    public async Task<IActionResult> OperatorReapplyErasures(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = Base + "/erasures/reapply")] HttpRequest request,
        string projectId, CancellationToken cancellationToken) => WireResults.Json(
        new ReapplyResponse(await erasures.ReapplyAsync(projectId, cancellationToken)), OperatorDataJson.Wire.ReapplyResponse);

    [Function("OperatorListHolds")]
    [ApiOperation("Operators", "Legal holds of a project, with the master key", Response = typeof(HoldList), Anonymous = true)]
    public async Task<IActionResult> OperatorListHolds(
        [HttpTrigger(AuthorizationLevel.Admin, "get", Route = Base + "/holds")] HttpRequest request,
        string projectId, CancellationToken cancellationToken) => WireResults.Json(
        await holds.ListAsync((await projects.GetAsync(projectId, cancellationToken)).Id, cancellationToken),
        OperatorDataJson.Wire.HoldList);

    [Function("OperatorSetHold")]
    [ApiOperation("Operators", "Set a legal hold on a user, a conversation or a project, with the master key",
        Request = typeof(HoldRequest), Response = typeof(HoldView), Anonymous = true)]
    public async Task<IActionResult> OperatorSetHold(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = Base + "/holds")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var project = await projects.GetAsync(projectId, cancellationToken);
        var hold = await body.ReadJsonAsync(request, OperatorDataJson.Wire.HoldRequest, cancellationToken);
        return WireResults.Json(
            await holds.SetAsync(project, hold, Actor(request), cancellationToken), OperatorDataJson.Wire.HoldView);
    }

    [Function("OperatorLiftHold")]
    [ApiOperation("Operators", "Lift a legal hold, with the master key", Query = "id", Anonymous = true)]
    public async Task<IActionResult> OperatorLiftHold(
        [HttpTrigger(AuthorizationLevel.Admin, "delete", Route = Base + "/holds")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var project = await projects.GetAsync(projectId, cancellationToken);
        await holds.LiftAsync(project, request.Query["id"], Actor(request), cancellationToken);
        return WireResults.NoContent;
    }

    [Function("OperatorListExports")]
    [ApiOperation("Operators", "Exports of a project, newest first, with the master key", Response = typeof(ExportList), Anonymous = true)]
    public async Task<IActionResult> OperatorListExports(
        [HttpTrigger(AuthorizationLevel.Admin, "get", Route = Base + "/exports")] HttpRequest request,
        string projectId, CancellationToken cancellationToken) => WireResults.Json(
        await exports.ListAsync((await projects.GetAsync(projectId, cancellationToken)).Id, cancellationToken),
        OperatorDataJson.Wire.ExportList);

    [Function("OperatorBeginExport")]
    [ApiOperation("Operators", "Export a user or, without a username, a project, with the master key", Request = typeof(ExportRequest),
        Response = typeof(ExportView), Anonymous = true)]
    public async Task<IActionResult> OperatorBeginExport(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = Base + "/exports")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var project = await projects.GetAsync(projectId, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, OperatorDataJson.Wire.ExportRequest, cancellationToken);
        return WireResults.Json(
            await exports.BeginAsync(project, wanted.Username, Actor(request), cancellationToken), OperatorDataJson.Wire.ExportView);
    }

    [Function("OperatorGetExportLink")]
    [ApiOperation("Operators", "Where an archive can be downloaded, for a quarter of an hour, with the master key",
        Response = typeof(ExportLink), Anonymous = true)]
    public async Task<IActionResult> OperatorGetExportLink(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = Base + "/exports/{id}/link")] HttpRequest request,
        string projectId, string id, CancellationToken cancellationToken)
    {
        var project = await projects.GetAsync(projectId, cancellationToken);
        return WireResults.Json(
            await exports.LinkAsync(project.Id, id, Actor(request), cancellationToken), OperatorDataJson.Wire.ExportLink);
    }

    [Function("OperatorGetRetention")]
    [ApiOperation("Operators", "How long a project keeps its data, with the master key", Response = typeof(RetentionView),
        Anonymous = true)]
    public async Task<IActionResult> OperatorGetRetention(
        [HttpTrigger(AuthorizationLevel.Admin, "get", Route = Base + "/retention")] HttpRequest request,
        string projectId, CancellationToken cancellationToken) => WireResults.Json(
        RetentionService.Read(await projects.GetAsync(projectId, cancellationToken)), OperatorDataJson.Wire.RetentionView);

    [Function("OperatorSetRetention")]
    [ApiOperation("Operators", "Change how long a project keeps its data, with the master key", Request = typeof(RetentionRequest),
        Response = typeof(RetentionView), Anonymous = true)]
    public async Task<IActionResult> OperatorSetRetention(
        [HttpTrigger(AuthorizationLevel.Admin, "put", Route = Base + "/retention")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var project = await projects.GetAsync(projectId, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, OperatorDataJson.Wire.RetentionRequest, cancellationToken);
        return WireResults.Json(
            await retention.ChangeAsync(project, wanted, Actor(request), cancellationToken), OperatorDataJson.Wire.RetentionView);
    }

    private DataActor Actor(HttpRequest request) => new(DataActor.Operator, addresses.Of(request).Text);
}
