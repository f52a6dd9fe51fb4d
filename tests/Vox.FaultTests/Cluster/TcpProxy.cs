using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Vox.DevHost.DevTools;

namespace Vox.Tests.Cluster;

/// <summary>A connection between two parts of the system that can be cut, slowed down, refused, or silently stopped.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly Func<int> target;
    private readonly ConcurrentDictionary<Line, byte> lines = new();
    private readonly CancellationTokenSource stopping = new();
    private TcpListener? listener;
    private volatile TaskCompletionSource? frozen;
    private long delay;

    /// <param name="target">
    /// The port of the other side. It is asked for each connection, because a restarted process may have another port.
    /// </param>
    public TcpProxy(Func<int> target)
    {
        this.target = target;
        Port = FreePort.Find();
        Accept();
    }

    public int Port { get; }

    /// <summary>The delay of each piece of data.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref delay));
        set => Interlocked.Exchange(ref delay, value.Ticks);
    }

    /// <summary>Ends all connections, normally or with a reset. New connections are accepted.</summary>
    public void Cut(bool reset)
    {
        foreach (var line in lines.Keys)
        {
            line.End(reset);
        }
    }

    /// <summary>Both sides think that they are connected, but nothing arrives. The connection is half-open until it is thawed.</summary>
    public void Freeze() => frozen ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Thaw()
    {
        var was = frozen;
        frozen = null;
        was?.TrySetResult();
    }

    /// <summary>Stops listening and cuts all connections. New connections are refused.</summary>
    public void Refuse()
    {
        var was = listener;
        listener = null;
        was?.Stop();
        Cut(reset: true);
    }

    public void Accept()
    {
        if (listener is not null)
        {
            return;
        }

        var begun = new TcpListener(IPAddress.Loopback, Port);
        begun.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        begun.Start(512);
        listener = begun;
        _ = AcceptAsync(begun);
    }

    /// <summary>Makes everything work normally again.</summary>
    public void Heal()
    {
        Delay = TimeSpan.Zero;
        Thaw();
        Accept();
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        Refuse();
        Thaw();
    }

    private async Task AcceptAsync(TcpListener from)
    {
        try
        {
            while (true)
            {
                _ = RunAsync(await from.AcceptTcpClientAsync(stopping.Token));
            }
        }
        catch (Exception e)
            when (e is SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task RunAsync(TcpClient near)
    {
        using var far = new TcpClient();
        using var line = new Line(near, far);
        lines.TryAdd(line, 0);
        try
        {
            await PassAsync();
            await far.ConnectAsync(IPAddress.Loopback, target(), stopping.Token);
            (near.NoDelay, far.NoDelay) = (true, true);
            await Task.WhenAny(CopyAsync(near, far), CopyAsync(far, near));
        }
        catch (Exception e) when (IsEnd(e))
        {
            // One of the two sides, or the test, has ended it.
        }
        finally
        {
            lines.TryRemove(line, out _);
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            int count;
            while ((count = await from.GetStream().ReadAsync(buffer, stopping.Token)) > 0)
            {
                await PassAsync();
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), stopping.Token);
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // As above.
        }
    }

    private async Task PassAsync()
    {
        if (Delay is { Ticks: > 0 } wait)
        {
            await Task.Delay(wait, stopping.Token);
        }

        while (frozen is { } dead)
        {
            await dead.Task.WaitAsync(stopping.Token);
        }
    }

    private static bool IsEnd(Exception e) =>
        e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;

    private sealed class Line(TcpClient near, TcpClient far) : IDisposable
    {
        public void End(bool reset)
        {
            foreach (var side in (TcpClient[])[near, far])
            {
                try
                {
                    if (reset)
                    {
                        side.Client.LingerState = new LingerOption(true, 0);
                    }

                    side.Close();
                }
                catch (Exception e) when (IsEnd(e) || e is NullReferenceException)
                {
                    // Closed already.
                }
            }
        }

        public void Dispose() => End(reset: false);
    }
}
