using Microsoft.AspNetCore.Http;

namespace Vox.SignalREmulation;

/// <summary>POST: sends to a hub, a user, a group or a connection, and closes the connections of a hub, a user or a group.</summary>
internal static class RestSends
{
    public static Task HandleAsync(HttpContext context, EmulatedHub hub, RestCall call, SignalRCounters counters)
    {
        // In v1 the path is the addressee alone; later versions end in a verb.
        var verb = call.IsV1 ? ":send" : call.Path.LastOrDefault();
        var addressee = call.IsV1 ? call.Path : call.Path[..^Math.Min(1, call.Path.Length)];
        ClientConnection[]? connections = addressee switch
        {
            [] => hub.All(),
            ["users", var user] => hub.OfUser(user),
            ["groups", var group] => hub.OfGroup(group),
            ["connections", var id] => hub.OfConnection(id),
            _ => null,
        };
        if (connections is not null && verb is ":send")
        {
            return SendAsync(context, addressee.FirstOrDefault("hub"), connections, counters);
        }

        if (connections is not null && verb is ":closeConnections" && addressee is not ["connections", ..])
        {
            Close(connections, context.Request.Query);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        return Task.CompletedTask;
    }

    private static async Task SendAsync(HttpContext context, string addressee, ClientConnection[] connections, SignalRCounters counters)
    {
        if (!context.Request.HasJsonContentType())
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        var (message, problem) = await OutgoingMessage.ReadAsync(context.Request.Body, context.RequestAborted);
        if (message is null)
        {
            await ServiceError.WriteAsync(context, StatusCodes.Status400BadRequest, "BadRequest", problem!);
            return;
        }
        counters.CountSend(addressee);
        // At most once: 202 says that the message was accepted, not that anybody received it.
        foreach (var connection in WithoutExcluded(connections, context.Request.Query))
        {
            if (connection.TrySend(message.BytesFor(connection.Protocol)))
            {
                counters.CountOutbound();
            }
        }
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    public static void Close(ClientConnection[] connections, IQueryCollection query)
    {
        var reason = query["reason"].ToString();
        foreach (var connection in WithoutExcluded(connections, query))
        {
            connection.Close(reason.Length == 0 ? null : reason);
        }
    }

    private static IEnumerable<ClientConnection> WithoutExcluded(ClientConnection[] connections, IQueryCollection query)
    {
        var excluded = query["excluded"];
        return excluded.Count == 0
            ? connections
            : connections.Where(connection => !excluded.Contains(connection.Id, StringComparer.Ordinal));
    }
}
