using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Protection;
using Vox.Platform.Http;
using Vox.Platform.Limits;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Moves;

/// <summary>
/// Which SignalR services a project has: for operators, who have the master key of the function app. The host checks the key.
/// </summary>
public sealed class MoveFunctions(MoveService moves, MoveRun run, ClientAddresses addresses, RequestBody body)
{
    private const string Route = "api/operator/v1/projects/{projectId}/services";

    [Function("GetProjectServices")]
    [ApiOperation("Operators", "The SignalR services of a project, with the master key", Response = typeof(ServicesResponse),
        Anonymous = true)]
    public async Task<IActionResult> GetProjectServices(
        [HttpTrigger(AuthorizationLevel.Admin, "get", Route = Route)] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return WireResults.Json(await moves.ReadAsync(projectId, cancellationToken), MoveJson.Wire.ServicesResponse);
    }

    [Function("MoveProject")]
    [ApiOperation("Operators", "Move a project to another SignalR service, or spread it over several, with the master key",
        Request = typeof(MoveRequest), Response = typeof(ServicesResponse), Anonymous = true)]
    public async Task<IActionResult> MoveProject(
        [HttpTrigger(AuthorizationLevel.Admin, "put", Route = Route)] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        var wanted = await body.ReadJsonAsync(request, MoveJson.Wire.MoveRequest, cancellationToken);
        return WireResults.Json(
            await moves.MoveAsync(
                projectId, wanted.Services, new(DataActor.Operator, addresses.Of(request).Text), cancellationToken),
            MoveJson.Wire.ServicesResponse);
    }

    /// <summary>Every minute: brings clients of moving projects over.</summary>
    [Function("MoveProjects")]
    public Task MoveProjects([TimerTrigger("5 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        run.RunAsync(cancellationToken);
}
