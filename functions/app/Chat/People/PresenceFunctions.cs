using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Vox.Chat.Model;
using Vox.Chat.Realtime;
using Vox.Chat.Sessions;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.People;

/// <summary>Receives signs of life from clients and from the SignalR service.</summary>
public sealed partial class PresenceFunctions(
    CallerReader callers, PresenceService presence, IEnumerable<IConnectionStep> steps, RequestBody body, ILogger<PresenceFunctions> logger)
{
    [Function("RenewPresence")]
    [ApiOperation("Presence", "Say that a connection is alive", Request = typeof(PresenceRequest), Response = typeof(PresenceResponse))]
    public async Task<IActionResult> RenewPresence(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/presence")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var beat = await body.ReadJsonAsync(request, PeopleJson.Wire.PresenceRequest, cancellationToken);
        await presence.RenewAsync(caller.Key, beat.Connection, cancellationToken);
        return WireResults.Json(new PresenceResponse(presence.LeaseSeconds), PeopleJson.Wire.PresenceResponse);
    }

    [Function("EndPresence")]
    [ApiOperation("Presence", "Say that a connection ends", Query = "connection")]
    public async Task<IActionResult> EndPresence(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/presence")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        await presence.EndAsync(caller.Key, RequestFields.OfQuery(request).Exact("connection"), cancellationToken);
        return WireResults.NoContent;
    }

    // An exception here refuses the connection. Only a former user's token is worth that. The lease makes up for a failed event.
    [Function("ConnectionBegan")]
    public async Task ConnectionBegan(
        [SignalRTrigger(RealtimeOptions.Hub, "connections", "connected")]
        SignalRInvocationContext context,
        CancellationToken cancellationToken)
    {
        var isFormer = false;
        await QuietlyAsync(context, async user =>
        {
            isFormer = await presence.IsOfFormerUserAsync(user, IssuedAt(context), cancellationToken);
            if (!isFormer)
            {
                await Task.WhenAll(
                    steps.Select(step => step.ConnectedAsync(user, cancellationToken))
                        .Prepend(presence.RenewAsync(user, context.ConnectionId, cancellationToken)));
            }
        });
        if (isFormer)
        {
            throw new InvalidOperationException("The connection's token was made out to a deleted user whose login id another has now.");
        }
    }

    [Function("ConnectionEnded")]
    public Task ConnectionEnded(
        [SignalRTrigger(RealtimeOptions.Hub, "connections", "disconnected")]
        SignalRInvocationContext context,
        CancellationToken cancellationToken) =>
        QuietlyAsync(context, user => presence.EndAsync(user, context.ConnectionId, cancellationToken));

    /// <summary>Every minute: ends connections that gave no sign of life for too long.</summary>
    [Function("ExpirePresence")]
    public Task ExpirePresence([TimerTrigger("15 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        presence.ExpireAsync(cancellationToken);

    /// <returns>Null when the service does not say.</returns>
    private static DateTimeOffset? IssuedAt(SignalRInvocationContext context) =>
        context.Claims is { } claims && claims.TryGetValue("iat", out var issued)
            && long.TryParse(issued.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private async Task QuietlyAsync(SignalRInvocationContext context, Func<UserKey, Task> act)
    {
        try
        {
            if (RealtimeUser.Parse(context.UserId) is { } user)
            {
                await act(user);
            }
        }
        catch (Exception e)
        {
            NotNoted(e, context.Event);
        }
    }

    [LoggerMessage(5110, LogLevel.Warning, "The event {Event} of a connection could not be noted")]
    private partial void NotNoted(Exception exception, string @event);
}
