using System.Buffers;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging;

namespace Vox.SignalREmulation;

/// <summary>One client: a bounded queue of what is to be sent to it, and the keep-alive clocks.</summary>
internal sealed class ClientConnection(
    ConnectionContext context, string hub, string query, ClientPrincipal user, IHubProtocol protocol, SignalREmulatorOptions options,
    ILogger logger)
{
    private readonly Channel<byte[]> outgoing = Channel.CreateUnbounded<byte[]>(new() { SingleReader = true });
    private readonly TimeProvider time = options.TimeProvider;
    private long queuedBytes;
    private long lastSent = options.TimeProvider.GetTimestamp();
    private long lastReceived = options.TimeProvider.GetTimestamp();
    private volatile bool isDispatching;

    public string Id => context.ConnectionId;
    public string Hub { get; } = hub;
    public string Query { get; } = query;
    public ClientPrincipal User { get; } = user;
    public IHubProtocol Protocol { get; } = protocol;

    /// <summary>Why the service ended the connection; null if the client did.</summary>
    public string? CloseReason { get; private set; }

    /// <summary>Queues without waiting. A client that cannot keep up is dropped: nothing waits for it, and its memory is limited.</summary>
    public bool TrySend(byte[] bytes)
    {
        var queued = Interlocked.Add(ref queuedBytes, bytes.Length);
        if (queued > options.MaxQueuedBytes)
        {
            SignalRLog.TooSlow(logger, Id, queued);
            Abort("The client is too slow.");
            return false;
        }
        Volatile.Write(ref lastSent, time.GetTimestamp());
        return outgoing.Writer.TryWrite(bytes);
    }

    public void Send(HubMessage message) => TrySend(Protocol.GetMessageBytes(message).ToArray());

    /// <summary>Queues a close message behind everything else. The client must not reconnect by itself.</summary>
    public void Close(string? reason)
    {
        CloseReason ??= reason;
        Send(reason is null ? CloseMessage.Empty : new CloseMessage(reason));
        outgoing.Writer.TryComplete();
    }

    /// <summary>Cuts the connection without a close message.</summary>
    public void Abort(string reason)
    {
        CloseReason ??= reason;
        // The socket first: otherwise the handler may end, and close the connection properly, before it is cut.
        context.Abort();
        outgoing.Writer.TryComplete();
    }

    /// <summary>Nothing more will be sent: the writer ends once the queue is empty.</summary>
    public void Complete() => outgoing.Writer.TryComplete();

    /// <summary>While an upstream call runs, the client's pings stay unread. The client must not be timed out because of that.</summary>
    public async Task DispatchAsync(Func<Task> dispatch)
    {
        isDispatching = true;
        try
        {
            await dispatch();
        }
        finally
        {
            Touch();
            isDispatching = false;
        }
    }

    public void Touch() => Volatile.Write(ref lastReceived, time.GetTimestamp());

    public void Tick()
    {
        if (!isDispatching && time.GetElapsedTime(Volatile.Read(ref lastReceived)) > SignalRLimits.ClientTimeout)
        {
            Abort($"Client timed out: nothing received for {SignalRLimits.ClientTimeout.TotalSeconds} seconds.");
        }
        else if (time.GetElapsedTime(Volatile.Read(ref lastSent)) >= SignalRLimits.KeepAliveInterval)
        {
            Send(PingMessage.Instance);
        }
    }

    public async Task RunWriterAsync()
    {
        var output = context.Transport.Output;
        try
        {
            while (await outgoing.Reader.WaitToReadAsync())
            {
                var batch = 0;
                while (batch < 64 * 1024 && outgoing.Reader.TryRead(out var bytes))
                {
                    output.Write(bytes);
                    batch += bytes.Length;
                }
                var flushed = await output.FlushAsync();
                Interlocked.Add(ref queuedBytes, -batch);
                if (flushed.IsCompleted || flushed.IsCanceled)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException or IOException)
        {
            // The transport has gone. The reader finds that out too.
        }
        finally
        {
            context.Transport.Input.CancelPendingRead();
        }
    }
}
