using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Operations.TimerWork;

/// <summary>For operators, with the master key: what fails in timers.</summary>
public sealed class TimerWorkFunctions(TimerWorkService work, RequestBody body)
{
    private const string Base = "api/operator/v1/timers/work";

    [Function("GetTimerWork")]
    [ApiOperation("Operators", "What fails in timers, with the master key", Query = "timer?", Response = typeof(TimerWorkResponse),
        Anonymous = true)]
    public async Task<IActionResult> GetTimerWork(
        [HttpTrigger(AuthorizationLevel.Admin, "get", Route = Base)] HttpRequest request, CancellationToken cancellationToken)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return WireResults.Json(
            await work.ReadAsync(request.Query["timer"], cancellationToken), TimerWorkJson.Wire.TimerWorkResponse);
    }

    [Function("RetryTimerWork")]
    [ApiOperation("Operators", "Have it taken up again at the next run, with the master key", Request = typeof(RetryTimerWorkRequest),
        Response = typeof(RetryTimerWorkResponse), Anonymous = true)]
    public async Task<IActionResult> RetryTimerWork(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = Base + "/retry")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var wanted = await body.ReadJsonAsync(request, TimerWorkJson.Wire.RetryTimerWorkRequest, cancellationToken);
        return WireResults.Json(await work.RetryAsync(wanted, cancellationToken), TimerWorkJson.Wire.RetryTimerWorkResponse);
    }
}
