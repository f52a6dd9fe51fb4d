using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Vox.Benchmarks.Load;

/// <summary>
/// A very small SignalR client for the JSON protocol. Hundreds of them run at once, and they must not be what is measured.
/// </summary>
internal sealed class LiveSocket : IAsyncDisposable
{
    private const byte End = 0x1e;
    private static readonly byte[] Handshake = Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e");
    private static readonly byte[] Ping = Encoding.UTF8.GetBytes("{\"type\":6}\u001e");
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(12);

    private readonly ClientWebSocket socket = new() { Options = { KeepAliveInterval = TimeSpan.Zero, Proxy = null } };
    private readonly Action<string, JsonElement> onEvent;
    private readonly ArrayBufferWriter<byte> gathered = new(2_048);
    private readonly SemaphoreSlim sending = new(1);
    private readonly byte[] buffer = new byte[8_192];
    private readonly CancellationTokenSource ending = new();
    private readonly TaskCompletionSource greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task reading = Task.CompletedTask;
    private Task pinging = Task.CompletedTask;

    private LiveSocket(Action<string, JsonElement> onEvent) => this.onEvent = onEvent;

    /// <summary>Completes when the connection is cut, no matter by which side.</summary>
    public Task Ended => reading;

    public static async Task<LiveSocket> ConnectAsync(string url, string token, Action<string, JsonElement> onEvent)
    {
        var live = new LiveSocket(onEvent);
        var address = "ws" + url["http".Length..] + (url.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "access_token=" + token;
        await live.socket.ConnectAsync(new Uri(address), CancellationToken.None);
        live.reading = live.ReadAsync();
        await live.WriteAsync(Handshake);
        await live.greeted.Task;
        live.pinging = live.PingAsync();
        return live;
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        socket.Abort();
        await Task.WhenAll(reading, pinging);
        socket.Dispose();
        ending.Dispose();
        sending.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(), ending.Token);
                if (read.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                Take(buffer.AsSpan(0, read.Count));
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut off.
        }

        greeted.TrySetException(new InvalidOperationException("The live channel was refused."));
    }

    /// <summary>Each record ends with a special character. A frame may hold several records, or only a part of one.</summary>
    private void Take(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf(End) is >= 0 and var end)
        {
            if (gathered.WrittenCount > 0)
            {
                gathered.Write(bytes[..end]);
                Handle(gathered.WrittenSpan);
                gathered.ResetWrittenCount();
            }
            else
            {
                Handle(bytes[..end]);
            }

            bytes = bytes[(end + 1)..];
        }

        gathered.Write(bytes);
    }

    private void Handle(ReadOnlySpan<byte> record)
    {
        var json = JsonSerializer.Deserialize<JsonElement>(record);
        if (!json.TryGetProperty("type", out var type))
        {
            _ = json.TryGetProperty("error", out var error)
                ? greeted.TrySetException(new InvalidOperationException(error.GetString()))
                : greeted.TrySetResult();
        }
        else if (type.GetInt32() == 1)
        {
            onEvent(json.GetProperty("target").GetString()!, json.GetProperty("arguments")[0]);
        }
    }

    private async Task PingAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(PingEvery);
            while (await timer.WaitForNextTickAsync(ending.Token))
            {
                await WriteAsync(Ping);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut off.
        }
    }

    private async Task WriteAsync(byte[] message)
    {
        await sending.WaitAsync(ending.Token);
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, ending.Token);
        }
        finally
        {
            sending.Release();
        }
    }
}
