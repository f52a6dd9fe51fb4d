using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging;

namespace Vox.SignalREmulation;

/// <summary>The life of one client connection: handshake, connected, invocations, disconnected.</summary>
internal sealed class ClientHandler(
    EmulatedHubs hubs, Upstream upstream, SignalREmulatorOptions options, EmulatorLifetime lifetime) : ConnectionHandler
{
    private readonly ILogger logger = options.LoggerFactory.CreateLogger<ClientHandler>();
    private readonly ConcurrentDictionary<string, bool> openTokens = new(StringComparer.Ordinal);

    /// <summary>Whether a polling request belongs to an open connection, which outlives its access token.</summary>
    public bool IsOpen(string connectionToken) => openTokens.ContainsKey(connectionToken);

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var http = connection.GetHttpContext()!;
        var connectionToken = http.Request.Query["id"].ToString();
        // Without negotiation there is no connection token, and no second request either.
        if (connectionToken.Length > 0)
        {
            openTokens[connectionToken] = true;
        }

        try
        {
            if (await ClientHandshake.ReadAsync(connection, options.TimeProvider) is { } protocol)
            {
                await RunAsync(connection, http, protocol);
            }
        }
        finally
        {
            openTokens.TryRemove(connectionToken, out _);
        }
    }

    private async Task RunAsync(ConnectionContext connection, HttpContext http, IHubProtocol protocol)
    {
        var hub = hubs.Get(ClientEndpoint.HubOf(http.Request));
        var client = new ClientConnection(
            connection, hub.Name, ClientEndpoint.QueryForUpstream(http.Request), (ClientPrincipal)http.User, protocol, options, logger);

        // The connection can be reached before the app hears of it: its connected function may add the connection to groups and greet it.
        hub.Add(client);
        try
        {
            var answer = default(UpstreamAnswer);
            await client.DispatchAsync(async () => answer = await upstream.SendConnectedAsync(client, lifetime.Stopping));
            if (!answer.IsSuccess)
            {
                SignalRLog.Refused(logger, client.Id, answer.Status);
                await ClientHandshake.RefuseAsync(connection, $"Connection refused by the upstream, status code {answer.Status}.");
                return;
            }
            SignalRLog.Connected(logger, client.Id, client.Hub);
            await ClientHandshake.AcceptAsync(connection);
            await ServeAsync(connection, client, hub);
        }
        finally
        {
            hub.Remove(client);
        }
    }

    private async Task ServeAsync(ConnectionContext connection, ClientConnection client, EmulatedHub hub)
    {
        var writer = client.RunWriterAsync();
        string? error = null;
        try
        {
            await ReadAsync(connection, client);
        }
        catch (InvalidDataException e)
        {
            error = e.Message;
            client.Close(e.Message);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            error = e.Message;
        }
        finally
        {
            hub.Remove(client);
            client.Complete();
            await writer;
        }
        error = client.CloseReason ?? error;
        SignalRLog.Disconnected(logger, client.Id, client.Hub, error);
        await upstream.SendDisconnectedAsync(client, error, lifetime.Stopping);
    }

    private async Task ReadAsync(ConnectionContext connection, ClientConnection client)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var result = await input.ReadAsync();
            var buffer = result.Buffer;
            try
            {
                if (result.IsCanceled)
                {
                    return;
                }

                while (ClientMessage.TryRead(client.Protocol, ref buffer, out var message))
                {
                    client.Touch();
                    if (message.Type == HubProtocolConstants.CloseMessageType)
                    {
                        return;
                    }

                    await HandleAsync(client, message);
                }
                if (result.IsCompleted)
                {
                    return;
                }

                if (buffer.Length > SignalRLimits.MaxBodyBytes)
                {
                    throw new InvalidDataException($"A message is longer than {SignalRLimits.MaxBodyBytes} bytes.");
                }
            }
            finally
            {
                input.AdvanceTo(buffer.Start, buffer.End);
            }
        }
    }

    // One after the other: the app sees a client's messages in the order in which the client sent them.
    private Task HandleAsync(ClientConnection client, ClientMessage message)
    {
        switch (message.Type)
        {
            case HubProtocolConstants.InvocationMessageType:
                return client.DispatchAsync(async () =>
                {
                    var answer = await upstream.SendInvocationAsync(client, message, lifetime.Stopping);
                    if (message.InvocationId is { } id)
                    {
                        client.Send(HubMessages.Completion(client.Protocol, id, answer));
                    }
                });
            case HubProtocolConstants.StreamInvocationMessageType when message.InvocationId is { } id:
                client.Send(CompletionMessage.WithError(id, "Streaming is not supported in serverless mode."));
                return Task.CompletedTask;
            default:
                return Task.CompletedTask;
        }
    }
}
