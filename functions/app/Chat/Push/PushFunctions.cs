using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Sessions;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Push;

/// <summary>Sends push messages.</summary>
public sealed class PushFunctions(
    CallerReader callers, VapidKeys keys, PushDispatch dispatch, PushReceipts receipts, PushUpkeep upkeep)
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

    [Function("ReceivePush")]
    [ApiOperation("Devices", "Say that a push message has arrived",
        Description = "For the service worker of a page that is not open: the message counts as delivered. In place of an access token "
            + "it sends the receipt that was in the push message. It is good for this message only, and for a day.")]
    public async Task<IActionResult> ReceivePush(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/receipts/pushed")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var good = await receipts.ReadAsync(CallerReader.TokenOf(request), cancellationToken);
        var caller = await callers.OfAsync(request, good?.Claims, cancellationToken);
        await receipts.MarkAsync(caller, good!.Value.Receipt, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("SendPush")]
    public Task SendPush([QueueTrigger("%PushQueue%")] string task, CancellationToken cancellationToken) =>
        dispatch.RunAsync(task, cancellationToken);

    /// <summary>
    /// Every hour: brings back what was given up because of failures on our side. Once a day: finds projects that have no devices any more.
    /// </summary>
    [Function("SweepPush")]
    public Task SweepPush([TimerTrigger("0 38 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        upkeep.RunAsync(cancellationToken);
}
