using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Vox.SignalREmulation;

internal static class ClientHandshake
{
    /// <summary>The protocol that the client asks for. Null if the client was refused, has gone or was silent for too long.</summary>
    public static async Task<IHubProtocol?> ReadAsync(ConnectionContext connection, TimeProvider time)
    {
        using var timeout = new CancellationTokenSource(SignalRLimits.HandshakeTimeout, time);
        var input = connection.Transport.Input;
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(timeout.Token);
                var buffer = result.Buffer;
                var examined = buffer.End;
                try
                {
                    if (HandshakeProtocol.TryParseRequestMessage(ref buffer, out var request))
                    {
                        // The first messages may have come along with the handshake.
                        examined = buffer.Start;
                        return await ChooseAsync(connection, request);
                    }
                    if (result.IsCompleted || buffer.Length > 4096)
                    {
                        return null;
                    }
                }
                finally
                {
                    input.AdvanceTo(buffer.Start, examined);
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            await RefuseAsync(connection, "The handshake is malformed.");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            await RefuseAsync(connection, "Handshake was not received in time.");
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client left before it said anything.
        }
        return null;
    }

    public static Task AcceptAsync(ConnectionContext connection) => WriteAsync(connection, HandshakeResponseMessage.Empty);

    public static Task RefuseAsync(ConnectionContext connection, string error) => WriteAsync(connection, new(error));

    private static async Task<IHubProtocol?> ChooseAsync(ConnectionContext connection, HandshakeRequestMessage request)
    {
        var protocol = HubMessages.FindProtocol(request.Protocol);
        if (protocol is null)
        {
            await RefuseAsync(connection, $"The protocol '{request.Protocol}' is not supported.");
        }
        else if (!protocol.IsVersionSupported(request.Version))
        {
            await RefuseAsync(connection, $"Version {request.Version} of the protocol '{request.Protocol}' is not supported.");
        }
        else
        {
            // WebSocket frames can be text or binary; Server-Sent Events carry only text.
            var format = connection.Features.Get<ITransferFormatFeature>()!;
            if (format.SupportedFormats.HasFlag(protocol.TransferFormat))
            {
                format.ActiveFormat = protocol.TransferFormat;
                return protocol;
            }
            await RefuseAsync(connection, $"The protocol '{request.Protocol}' cannot use this transport.");
        }
        return null;
    }

    private static async Task WriteAsync(ConnectionContext connection, HandshakeResponseMessage message)
    {
        HandshakeProtocol.WriteResponseMessage(message, connection.Transport.Output);
        await connection.Transport.Output.FlushAsync();
    }
}
