using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Sessions;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Scheduled;

/// <summary>Lets users write messages that the server sends later.</summary>
public sealed class ScheduledFunctions(CallerReader callers, ScheduledService scheduled, ScheduledWork work, RequestBody body)
{
    private const string Tag = "Scheduled messages";
    private const string Base = "api/v1/scheduled";

    [Function("ScheduleMessage")]
    [ApiOperation(Tag, "Have a message sent later", Request = typeof(ScheduleRequest), Response = typeof(ScheduledView),
        Description = "It is sent in the minute after sendAt. A user can have 100 of them.")]
    public async Task<IActionResult> ScheduleMessage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base)] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, ScheduledJson.Wire.ScheduleRequest, cancellationToken);
        return WireResults.Json(await scheduled.AddAsync(caller, wanted, cancellationToken), ScheduledJson.Wire.ScheduledView);
    }

    [Function("GetScheduledMessages")]
    [ApiOperation(Tag, "The caller's scheduled messages, the next one first", Response = typeof(ScheduledList))]
    public async Task<IActionResult> GetScheduledMessages(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        return WireResults.Json(await scheduled.ListAsync(caller, cancellationToken), ScheduledJson.Wire.ScheduledList);
    }

    [Function("ChangeScheduledMessage")]
    [ApiOperation(Tag, "Change a message that was not sent yet", Request = typeof(RescheduleRequest), Response = typeof(ScheduledView))]
    public async Task<IActionResult> ChangeScheduledMessage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = Base + "/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, ScheduledJson.Wire.RescheduleRequest, cancellationToken);
        return WireResults.Json(await scheduled.ChangeAsync(caller, id, wanted, cancellationToken), ScheduledJson.Wire.ScheduledView);
    }

    [Function("DeleteScheduledMessage")]
    [ApiOperation(Tag, "Delete a message that was not sent yet")]
    public async Task<IActionResult> DeleteScheduledMessage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Base + "/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken)
    {
        await scheduled.RemoveAsync(await callers.ReadAsync(request, cancellationToken), id, cancellationToken);
        return WireResults.NoContent;
    }

    /// <summary>Every minute: sends what is due.</summary>
    [Function("SendScheduledMessages")]
    public Task SendScheduledMessages([TimerTrigger("5 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        work.RunAsync(cancellationToken);
}
