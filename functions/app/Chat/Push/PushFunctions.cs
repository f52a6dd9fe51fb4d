using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Sessions;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Push;

/// <summary>Sends push messages.</summary>
public sealed class PushFunctions(CallerReader callers, VapidKeys keys, PushDispatch dispatch, PushUpkeep upkeep)
{
    [Function("GetWebPushKey")]
    [ApiOperation("Devices", "The key with which a browser subscribes to push messages", Response = typeof(WebPushKey))]
    public async Task<IActionResult> GetWebPushKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/devices/web-key")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        return WireResults.Json(
            new WebPushKey(await keys.PublicKeyAsync(caller.Project.Id, cancellationToken)), PushJson.Wire.WebPushKey);
    }

    [Function("SendPush")]
    public Task SendPush([QueueTrigger("%PushQueue%")] string task, CancellationToken cancellationToken) =>
        dispatch.RunAsync(task, cancellationToken);

    /// <summary>Every hour: brings back what was given up because of failures on our side.</summary>
    [Function("SweepPush")]
    public Task SweepPush([TimerTrigger("0 38 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        upkeep.RunAsync(cancellationToken);
}
