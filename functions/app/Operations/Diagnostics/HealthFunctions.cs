using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Operations.Diagnostics;

/// <summary>For load balancers, smoke tests and people on call.</summary>
public sealed class HealthFunctions(Health health, TimerProbe timers)
{
    [Function("HealthLive")]
    [ApiOperation("Health", "Whether the process runs", Response = typeof(HealthResponse), Anonymous = true)]
    public static IActionResult HealthLive(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/health/live")] HttpRequest request) =>
        Answer(request, HealthLevel.Ok);

    [Function("HealthReady")]
    [ApiOperation("Health", "Whether chat works; 503 when not", Response = typeof(HealthResponse), Anonymous = true)]
    public async Task<IActionResult> HealthReady(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/health/ready")] HttpRequest request,
        CancellationToken cancellationToken) =>
        Answer(request, Health.Worst(await health.ReadAsync(cancellationToken)));

    /// <summary>With a function key: what is wrong and what to do.</summary>
    [Function("HealthDetails")]
    [ApiOperation("Health", "What is wrong and what to do, with a function key", Response = typeof(HealthDetailsResponse),
        Anonymous = true)]
    public async Task<IActionResult> HealthDetails(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/health/details")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        PartHealth[] parts = [.. await health.ReadAsync(cancellationToken), await timers.AskAsync()];
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return WireResults.Json(
            new HealthDetailsResponse(
                Word(Health.Worst(parts)), [.. parts.Select(p => new HealthPartResponse(p.Part, Word(p.Level), p.Problem, p.Since))]),
            DiagnosticsJson.Wire.HealthDetailsResponse);
    }

    private static IActionResult Answer(HttpRequest request, HealthLevel level)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return WireResults.Json(
            new HealthResponse(Word(level)), DiagnosticsJson.Wire.HealthResponse,
            level == HealthLevel.Unavailable ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static string Word(HealthLevel level) => level switch
    {
        HealthLevel.Ok => "ok",
        HealthLevel.Degraded => "degraded",
        _ => "unavailable",
    };
}
