using System.Net.Sockets;
using System.Text;

namespace Vox.Tests.Hostile;

/// <summary>A request as bytes, so that it can be wrong in any way. Texts are Latin-1, so a character is a byte.</summary>
internal sealed class RawRequest
{
    public required string Method { get; set; }

    public required string Target { get; set; }

    public List<(string Name, string Value)> Headers { get; } = [];

    public byte[]? Body { get; set; }

    public string ToText()
    {
        var text = new StringBuilder($"{Method} {Target} HTTP/1.1\r\n");
        foreach (var (name, value) in Headers)
        {
            text.Append($"{name}: {value}\r\n");
        }

        if (Body is not null)
        {
            text.Append($"Content-Length: {Body.Length}\r\n");
        }

        return text.Append("Connection: close\r\n\r\n").Append(Encoding.Latin1.GetString(Body ?? [])).ToString();
    }
}

/// <param name="Status">0 means that the connection ended without an answer, -1 that there was no answer in time.</param>
internal sealed record RawAnswer(int Status, string Text, TimeSpan Took)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public string Body => Text.Split("\r\n\r\n", 2) is [_, var body] ? body : "";

    public string Head => Text.Split("\r\n\r\n", 2)[0];

    /// <summary>Sends exactly these bytes and reads to the end.</summary>
    public static async Task<RawAnswer> OfAsync(Uri address, byte[] request)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        using var limit = new CancellationTokenSource(Patience);
        using var client = new TcpClient { NoDelay = true };
        using var answer = new MemoryStream();
        try
        {
            await client.ConnectAsync(address.Host, address.Port, limit.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(request, limit.Token);
            var reading = stream.CopyToAsync(answer, limit.Token);
            if (MayWaitForMore(request) && await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMilliseconds(500), limit.Token)) != reading)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }

            await reading;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The server refused the request before all of it was sent. What came until then is the answer.
        }
        catch (OperationCanceledException)
        {
            return new RawAnswer(-1, "", System.Diagnostics.Stopwatch.GetElapsedTime(began));
        }

        var text = Encoding.UTF8.GetString(answer.ToArray());
        return new RawAnswer(
            text.Length > 12 && int.TryParse(text.AsSpan(9, 3), out var status) ? status : 0,
            text,
            System.Diagnostics.Stopwatch.GetElapsedTime(began));
    }

    /// <summary>Whether the head of the request announces something that may never come. Then the server is right to wait.</summary>
    private static bool MayWaitForMore(byte[] request)
    {
        var head = Encoding.Latin1.GetString(request).Split("\r\n\r\n", 2)[0];
        return head.StartsWith("CONNECT", StringComparison.Ordinal)
            || ((string[])["\nTransfer-Encoding:", "\nExpect:", "\nUpgrade:"])
                .Any(name => head.Contains(name, StringComparison.OrdinalIgnoreCase));
    }
}
