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
    CallerReader callers, PresenceService presence, ConnectionGate gate, IEnumerable<IConnectionStep> steps, RequestBody body,
    ILogger<PresenceFunctions> logger)
{
    [Function("RenewPresence")]
    [ApiOperation("Presence", "Say that a connection is alive", Request = typeof(PresenceRequest), Response = typeof(PresenceResponse))]
    public async Task<IActionResult> RenewPresence(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/presence")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var beat = await body.ReadJsonAsync(request, PeopleJson.Wire.PresenceRequest, cancellationToken);
        if (await presence.RenewAsync(caller.Identity, caller.Claims.SessionId, beat.Connection, cancellationToken, beat.View))
        {
            // The service's event about this connection was lost, or comes later.
            await gate.JoinAsync(beat.Connection!, caller.Claims, service: null, cancellationToken);
        }

        return WireResults.Json(
            new PresenceResponse(presence.LeaseSeconds, caller.Project.HasDevices ? true : null), PeopleJson.Wire.PresenceResponse);
    }

    [Function("EndPresence")]
    [ApiOperation("Presence", "Say that a connection ends", Query = "connection")]
    public async Task<IActionResult> EndPresence(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/presence")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        await presence.EndAsync(caller.Identity, RequestFields.OfQuery(request).Exact("connection"), cancellationToken);
        return WireResults.NoContent;
    }

    // An exception here refuses the connection. Whether it may stay must be certain; the lease makes up for everything else that fails.
    [Function("ConnectionBegan")]
    public async Task ConnectionBegan(
        [SignalRTrigger(RealtimeOptions.Hub, "connections", "connected")]
        SignalRInvocationContext context,
        CancellationToken cancellationToken)
    {
        var connection = context.ConnectionId ?? "";
        if (await gate.AdmitAsync(connection, context.UserId, Ticket(context), cancellationToken) is not { } session)
        {
            throw new InvalidOperationException("The connection has no ticket of a session that is still good: negotiate again.");
        }

        await QuietlyAsync(context, async user =>
        {
            try
            {
                // First of all: who adds somebody to a group looks for their connections, and a connection that it misses finds the group.
                await presence.RenewAsync(user, session.SessionId, connection, cancellationToken);
            }
            finally
            {
                await Task.WhenAll(steps.Select(step => step.ConnectedAsync(user, cancellationToken)));
            }
        });
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

    private static string? Ticket(SignalRInvocationContext context) =>
        context.Query is { } query && query.TryGetValue(ConnectionTickets.Query, out var ticket) ? ticket.ToString() : null;

    private async Task QuietlyAsync(SignalRInvocationContext context, Func<UserIdentity, Task> act)
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
