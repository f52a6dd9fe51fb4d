using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Projects;
using Vox.Platform.Http;
using Vox.Platform.Limits;

namespace Vox.Chat.Protection;

/// <summary>Erasures and legal holds for the customer's server, and the timer that carries erasures out.</summary>
public sealed class ErasureFunctions(
    ProjectService projects, ErasureService erasures, ErasureWork work, HoldService holds, ClientAddresses addresses, RequestBody body)
{
    private const string Erasures = "api/data/erasures";
    private const string Holds = "api/data/holds";
    private const int MaxPage = 200;

    [Function("EraseData")]
    [ProjectOperation("Data protection", "Erase a user, a conversation or the project", Response = typeof(ErasureView),
        Fields = "projectid authtoken username? conversation? confirmation? former:integer?")]
    public async Task<IActionResult> EraseData(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Erasures)] HttpRequest request, CancellationToken cancellationToken)
    {
        var (fields, project) = await ReadAsync(request, cancellationToken);
        var wanted = new ErasureRequest(
            fields["username", "user"], fields["conversation"], fields["confirmation"], fields.Number("former", 0, 1, 0) == 1);
        return WireResults.Json(
            await erasures.EraseAsync(project, wanted, Actor(request), cancellationToken), ProtectionJson.Wire.ErasureView);
    }

    [Function("ListErasures")]
    [ProjectOperation("Data protection", "Erasures of a project, newest first", Response = typeof(ErasurePage),
        Query = "projectid authtoken after? size:integer?")]
    public async Task<IActionResult> ListErasures(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Erasures)] HttpRequest request, CancellationToken cancellationToken)
    {
        var (fields, project) = await ReadAsync(request, cancellationToken);
        return WireResults.Json(
            await erasures.ListAsync(project.Id, After(fields), fields.Number("size", 1, MaxPage, 50), cancellationToken),
            ProtectionJson.Wire.ErasurePage);
    }

    [Function("GetErasure")]
    [ProjectOperation("Data protection", "An erasure, and the proof of it when it is done", Response = typeof(ErasureView),
        Query = "projectid authtoken")]
    public async Task<IActionResult> GetErasure(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Erasures + "/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken)
    {
        var (_, project) = await ReadAsync(request, cancellationToken);
        return WireResults.Json(await erasures.GetAsync(project.Id, id, cancellationToken), ProtectionJson.Wire.ErasureView);
    }

    [Function("SetHold")]
    [ProjectOperation("Data protection", "Set a legal hold on a user, a conversation or the project", Response = typeof(HoldView),
        Fields = "projectid authtoken username? conversation? reason")]
    public async Task<IActionResult> SetHold(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Holds)] HttpRequest request, CancellationToken cancellationToken)
    {
        var (fields, project) = await ReadAsync(request, cancellationToken);
        var hold = new HoldRequest(fields["username", "user"], fields["conversation"], fields["reason"]);
        return WireResults.Json(
            await holds.SetAsync(project, hold, Actor(request), cancellationToken), ProtectionJson.Wire.HoldView);
    }

    [Function("ListHolds")]
    [ProjectOperation("Data protection", "Legal holds of a project", Response = typeof(HoldList), Query = "projectid authtoken")]
    public async Task<IActionResult> ListHolds(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Holds)] HttpRequest request, CancellationToken cancellationToken)
    {
        var (_, project) = await ReadAsync(request, cancellationToken);
        return WireResults.Json(await holds.ListAsync(project.Id, cancellationToken), ProtectionJson.Wire.HoldList);
    }

    [Function("LiftHold")]
    [ProjectOperation("Data protection", "Lift a legal hold", Query = "projectid authtoken id")]
    public async Task<IActionResult> LiftHold(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Holds)] HttpRequest request, CancellationToken cancellationToken)
    {
        var (fields, project) = await ReadAsync(request, cancellationToken);
        await holds.LiftAsync(project, fields["id"], Actor(request), cancellationToken);
        return WireResults.NoContent;
    }

    /// <summary>Every minute: carries out erasures.</summary>
    [Function("EraseDueData")]
    public Task EraseDueData([TimerTrigger("15 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        work.RunAsync(cancellationToken);

    /// <summary>The place to continue at, as an earlier answer gave it.</summary>
    internal static string? After(RequestFields fields) => fields["after"] is { Length: > 0 and <= 128 } after ? after : null;

    private async Task<(RequestFields Fields, Project Project)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var fields = await RequestFields.ReadAsync(request, body, cancellationToken);
        return (fields, await projects.AuthenticateAsync(fields["projectid"], fields["authtoken"], cancellationToken));
    }

    private DataActor Actor(HttpRequest request) => new(DataActor.Api, addresses.Of(request).Text);
}
