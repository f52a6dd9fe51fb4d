using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Vox.OperatorTool.Doctor;

/// <summary>A connection to the SignalR service, in its JSON protocol: as little as the doctor needs.</summary>
internal sealed class LiveSocket : IAsyncDisposable
{
    private const char End = '\u001e';

    private readonly ClientWebSocket socket = new();
    private readonly CancellationTokenSource ending = new();
    private readonly Channel<(string Target, JsonElement Argument)> events = Channel.CreateUnbounded<(string, JsonElement)>();
    private Task reading = Task.CompletedTask;

    /// <exception cref="WebSocketException">The service refused.</exception>
    public static async Task<LiveSocket> ConnectAsync(string url, string token, CancellationToken cancellationToken)
    {
        var live = new LiveSocket();
        try
        {
            var separator = url.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            await live.socket.ConnectAsync(
                new Uri($"ws{url["http".Length..]}{separator}access_token={Uri.EscapeDataString(token)}"), cancellationToken);
            live.reading = live.ReadAsync();
            await live.WriteAsync("""{"protocol":"json","version":1}""", cancellationToken);
            return live;
        }
        catch
        {
            await live.DisposeAsync();
            throw;
        }
    }

    public Task SendAsync(string target, object argument, CancellationToken cancellationToken) =>
        WriteAsync(JsonSerializer.Serialize(new { type = 1, target, arguments = new[] { argument } }), cancellationToken);

    /// <summary>Waits for an event of that name.</summary>
    /// <returns>False when the connection was closed before.</returns>
    public async Task<bool> WaitForAsync(string target, CancellationToken cancellationToken)
    {
        await foreach (var (name, _) in events.Reader.ReadAllAsync(cancellationToken))
        {
            if (name == target)
            {
                return true;
            }
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        socket.Abort();
        await reading;
        socket.Dispose();
        ending.Dispose();
    }

    private Task WriteAsync(string text, CancellationToken cancellationToken) => socket.SendAsync(
        Encoding.UTF8.GetBytes(text + End), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    private async Task ReadAsync()
    {
        var buffer = new byte[16_384];
        using var gathered = new MemoryStream();
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(), ending.Token) is { MessageType: not WebSocketMessageType.Close } read)
            {
                gathered.Write(buffer, 0, read.Count);
                if (read.EndOfMessage)
                {
                    Take(Encoding.UTF8.GetString(gathered.GetBuffer(), 0, (int)gathered.Length));
                    gathered.SetLength(0);
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or JsonException)
        {
            // Cut off; whoever waits for an event learns it below.
        }

        events.Writer.TryComplete();
    }

    private void Take(string records)
    {
        foreach (var record in records.Split(End, StringSplitOptions.RemoveEmptyEntries))
        {
            var json = JsonSerializer.Deserialize<JsonElement>(record);
            if (json.TryGetProperty("type", out var type) && type.GetInt32() == 1)
            {
                events.Writer.TryWrite((json.GetProperty("target").GetString()!, json.GetProperty("arguments")[0]));
            }
        }
    }
}
