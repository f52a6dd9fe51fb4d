using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Vox.SignalREmulation;

/// <summary>Status 0: the app was not reached. Such events and refused ones are lost: the service does not repeat them.</summary>
internal readonly record struct UpstreamAnswer(int Status, byte[] Body)
{
    public bool IsSuccess => Status is 200 or 204;
}

/// <summary>Posts client events to the app: signed, and only once.</summary>
internal sealed class Upstream : IDisposable
{
    private readonly HttpClient http;
    private readonly byte[] key;
    private readonly SignalRCounters counters;
    private readonly ILogger logger;
    private volatile IReadOnlyList<string> templates;
    private uint turn;

    public Upstream(SignalREmulatorOptions options, SignalRCounters counters)
    {
        templates = options.Upstreams;
        key = Encoding.UTF8.GetBytes(options.AccessKey);
        this.counters = counters;
        logger = options.LoggerFactory.CreateLogger<Upstream>();
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            // User ids are opaque and may be written in any script.
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        })
        {
            Timeout = options.UpstreamTimeout,
            MaxResponseContentBufferSize = 16 * 1024 * 1024,
        };
    }

    public bool IsConfigured => templates.Count > 0;

    public void Set(IReadOnlyList<string> templates) => this.templates = templates;

    public Task<UpstreamAnswer> SendConnectedAsync(ClientConnection client, CancellationToken cancellation)
        => SendAsync(client, "connections", "connected", HubMessages.Connected, cancellation);

    public Task<UpstreamAnswer> SendDisconnectedAsync(ClientConnection client, string? error, CancellationToken cancellation)
        => SendAsync(client, "connections", "disconnected", HubMessages.Disconnected(error), cancellation);

    public Task<UpstreamAnswer> SendInvocationAsync(ClientConnection client, ClientMessage message, CancellationToken cancellation)
        => SendAsync(client, "messages", message.Target, message.ToUpstreamBody(), cancellation);

    public void Dispose() => http.Dispose();

    private async Task<UpstreamAnswer> SendAsync(
        ClientConnection client, string category, string @event, byte[] body, CancellationToken cancellation)
    {
        var addresses = templates;
        if (addresses.Count == 0)
        {
            return new(204, []);
        }

        counters.CountUpstream();
        var template = addresses[(int)(Interlocked.Increment(ref turn) % (uint)addresses.Count)];
        Exception? failure = null;
        var answer = default(UpstreamAnswer);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Fill(template, client.Hub, category, @event));
            AddHeaders(request.Headers, client, category, @event);
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var response = await http.SendAsync(request, cancellation);
            answer = new((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellation));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or FormatException or ArgumentException)
        {
            failure = e;
        }
        if (!answer.IsSuccess && !cancellation.IsCancellationRequested)
        {
            SignalRLog.UpstreamFailed(logger, client.Hub, category, @event, answer.Status, failure);
        }

        return answer;
    }

    private void AddHeaders(HttpRequestHeaders headers, ClientConnection client, string category, string @event)
    {
        // Only the connection id is signed, not the body, as in the service.
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(client.Id)));
        headers.Add("X-ASRS-Connection-Id", client.Id);
        headers.Add("X-ASRS-Hub", client.Hub);
        headers.Add("X-ASRS-Category", category);
        headers.Add("X-ASRS-Event", @event);
        headers.Add("X-ASRS-Signature", "sha256=" + signature);
        if (client.User.Id is { Length: > 0 } userId)
        {
            headers.Add("X-ASRS-User-Id", userId);
        }

        if (client.User.ClaimsHeader.Length > 0)
        {
            headers.Add("X-ASRS-User-Claims", client.User.ClaimsHeader);
        }

        if (client.Query.Length > 0)
        {
            headers.Add("X-ASRS-Client-Query", client.Query);
        }
    }

    private static string Fill(string template, string hub, string category, string @event) => template
        .Replace("{hub}", Uri.EscapeDataString(hub), StringComparison.OrdinalIgnoreCase)
        .Replace("{category}", category, StringComparison.OrdinalIgnoreCase)
        .Replace("{event}", Uri.EscapeDataString(@event), StringComparison.OrdinalIgnoreCase);
}
