using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Vox.Platform.Security;
using Vox.Platform.Telemetry;

namespace Vox.Chat.Realtime;

/// <summary>
/// The REST API of one SignalR service, as far as chat needs it. An output binding was rejected: when the service does not answer, a
/// binding would turn a stored send into an error or delay it for 100 seconds (docs/decisions/0003-realtime.md).
/// </summary>
public sealed partial class SignalRService(
    int number, SignalRConnection connection, HttpClient http, SignalRTokens tokens, RealtimeOptions options, TimeProvider time,
    ILogger<SignalRService> logger)
{
    private const string Api = "/api/hubs/" + RealtimeOptions.Hub;
    private const string Version = "?api-version=2022-06-01";
    private const string TokenVersion = "?api-version=2022-11-01";
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly KeyValuePair<string, object?> tag = new("service", number);
    private long sent;
    private long failed;

    /// <summary>Its number among the services of this installation.</summary>
    public int Number => number;

    /// <summary>Calls that the service accepted since the start of the process.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <summary>Calls that were given up.</summary>
    public long Failed => Interlocked.Read(ref failed);

    /// <summary>Sends to all connections of a user. Delivery is at most once. A user who is not connected gets nothing.</summary>
    /// <param name="message"><c>{"target":…,"arguments":[…]}</c> in UTF-8.</param>
    /// <returns>False when it was given up. Never throws because of the service.</returns>
    public Task<bool> SendToUserAsync(string userId, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, $"{Api}/users/{Uri.EscapeDataString(userId)}/:send", message, cancellationToken);

    /// <summary>Sends to all connections of a group with one call, whatever its size.</summary>
    /// <param name="until">When to give up at the latest; null for the usual time limit.</param>
    public Task<bool> SendToGroupAsync(
        string group, ReadOnlyMemory<byte> message, DateTimeOffset? until, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, $"{Api}/groups/{Uri.EscapeDataString(group)}/:send", message, cancellationToken, until: until);

    /// <summary>
    /// Adds a user to a group for a year, also on new connections. But the service keeps only a user's latest 100 groups.
    /// </summary>
    /// <param name="connectedOnly">Adds only the user's present connections. Does not count among the 100.</param>
    public Task<bool> AddToGroupAsync(string userId, string group, bool connectedOnly, CancellationToken cancellationToken) =>
        CallAsync(
            HttpMethod.Put, $"{Api}/users/{Uri.EscapeDataString(userId)}/groups/{Uri.EscapeDataString(group)}", default, cancellationToken,
            connectedOnly ? "&ttl=0" : "");

    public Task<bool> RemoveFromGroupAsync(string userId, string group, CancellationToken cancellationToken) =>
        CallAsync(
            HttpMethod.Delete, $"{Api}/users/{Uri.EscapeDataString(userId)}/groups/{Uri.EscapeDataString(group)}", default,
            cancellationToken);

    /// <returns>Null when the service did not say.</returns>
    public async Task<bool?> IsInGroupAsync(string userId, string group, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.PushTimeout);
        var path = $"{Api}/users/{Uri.EscapeDataString(userId)}/groups/{Uri.EscapeDataString(group)}";
        return (await TryAsync(HttpMethod.Get, connection.Authority + path, Version, default, limit.Token)).Status switch
        {
            >= 200 and < 300 => true,
            404 => false,
            _ => null,
        };
    }

    /// <summary>Closes all connections of a user who was deleted, disabled, logged out everywhere or has moved.</summary>
    public Task<bool> CloseUserAsync(string userId, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, $"{Api}/users/{Uri.EscapeDataString(userId)}/:closeConnections", default, cancellationToken);

    /// <summary>Closes all connections of a group.</summary>
    public Task<bool> CloseGroupAsync(string group, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, $"{Api}/groups/{Uri.EscapeDataString(group)}/:closeConnections", default, cancellationToken);

    /// <summary>Adds one connection to a group, until the connection ends.</summary>
    public Task<bool> AddConnectionToGroupAsync(string connectionId, string group, CancellationToken cancellationToken) =>
        CallAsync(
            HttpMethod.Put, $"{Api}/groups/{Uri.EscapeDataString(group)}/connections/{Uri.EscapeDataString(connectionId)}", default,
            cancellationToken);

    public Task<bool> CloseConnectionAsync(string connectionId, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Delete, $"{Api}/connections/{Uri.EscapeDataString(connectionId)}", default, cancellationToken);

    /// <summary>
    /// The binding makes client tokens for an hour. With an access key, we make the same ones for minutes; without one the service itself
    /// must sign, and only the ticket limits them.
    /// </summary>
    public string Shorten(string clientToken) => tokens.Shorten(connection, clientToken, options.TokenLifetime);

    /// <summary>
    /// Address and token for a client, as the binding's would be. With an access key the token is made here, otherwise by the service.
    /// </summary>
    /// <returns>Null when the service did not answer.</returns>
    public async Task<(string Url, string Token)?> NegotiateAsync(string userId, CancellationToken cancellationToken)
    {
        var url = $"{connection.Authority}/client/?hub={RealtimeOptions.Hub}";
        if (connection.AccessKey is not null)
        {
            return (url, tokens.ForClient(connection, url, userId, options.TokenLifetime));
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.PushTimeout);
        var query = $"{TokenVersion}&userId={Uri.EscapeDataString(userId)}&minutesToExpire={options.TokenMinutes}";
        try
        {
            using var request = await RequestAsync(HttpMethod.Post, $"{connection.Authority}{Api}/:generateToken", query, limit.Token);
            using var response = await http.SendAsync(request, limit.Token);
            if (response.IsSuccessStatusCode)
            {
                await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
                using var answer = await JsonDocument.ParseAsync(body, cancellationToken: limit.Token);
                return (url, answer.RootElement.GetProperty("token").GetString()!);
            }

            NoToken(number, SignalRAnswer.Explain((int)response.StatusCode, response.ReasonPhrase ?? ""));
        }
        catch (Exception e) when (
            !cancellationToken.IsCancellationRequested
            && e is HttpRequestException or OperationCanceledException or NoIdentityException or JsonException or KeyNotFoundException)
        {
            NoToken(number, SignalRAnswer.Explain(0, e.GetType().Name));
        }

        return null;
    }

    /// <summary>Asks for a user who does not exist. 200 or 404 means that the service is healthy and accepts our credentials.</summary>
    public Task<(int Status, string Reason)> ProbeAsync(CancellationToken cancellationToken) =>
        TryAsync(HttpMethod.Head, connection.Authority + Api + "/users/health", Version, default, cancellationToken);

    private async Task<bool> CallAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken, string query = "",
        DateTimeOffset? until = null)
    {
        var address = connection.Authority + path;
        var began = time.GetTimestamp();
        using var activity = Instruments.Source.StartActivity("push", System.Diagnostics.ActivityKind.Client);
        activity?.SetTag("server.address", connection.Endpoint.Host);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var patience = options.PushTimeout;
        var left = until - time.GetUtcNow();
        limit.CancelAfter(left < patience ? TimeSpan.FromTicks(Math.Max(0, left.Value.Ticks)) : patience);
        for (var attempt = 1; ; attempt++)
        {
            var (status, reason) = left <= TimeSpan.Zero
                ? (0, "too late")
                : await TryAsync(method, address, Version + query, body, limit.Token);
            if (status is >= 200 and < 300)
            {
                Interlocked.Increment(ref sent);
                Instruments.PushesSent.Add(1, tag);
                return true;
            }

            var pause = TimeSpan.FromMilliseconds(Random.Shared.Next(50, 100) << Math.Min(attempt, 4));
            if (status is not (0 or 429 or >= 500) || limit.IsCancellationRequested
                || time.GetElapsedTime(began) + pause > options.PushTimeout)
            {
                Interlocked.Increment(ref failed);
                Instruments.PushesFailed.Add(1, tag);
                activity?.SetStatus(System.Diagnostics.ActivityStatusCode.Error, reason);
                GaveUp(path, attempt, number, SignalRAnswer.Explain(status, reason));
                return false;
            }

            await Task.Delay(pause, CancellationToken.None);
        }
    }

    /// <returns>The status, or 0 when there was no answer.</returns>
    private async Task<(int Status, string Reason)> TryAsync(
        HttpMethod method, string address, string query, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        try
        {
            using var request = await RequestAsync(method, address, query, cancellationToken);
            if (!body.IsEmpty)
            {
                request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = Json } };
            }

            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return ((int)response.StatusCode, response.ReasonPhrase ?? "");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or NoIdentityException)
        {
            return (0, e.GetType().Name);
        }
    }

    private async ValueTask<HttpRequestMessage> RequestAsync(
        HttpMethod method, string address, string query, CancellationToken cancellationToken) => new(method, new Uri(address + query))
        {
            Headers = { Authorization = new("Bearer", await tokens.ForAsync(connection, address, cancellationToken)) },
        };

    [LoggerMessage(3000, LogLevel.Warning, "Gave up {Path} after {Attempts} attempts at service {Service}: {Reason}")]
    private partial void GaveUp(string path, int attempts, int service, string reason);

    [LoggerMessage(3001, LogLevel.Warning, "No client can connect to SignalR service {Service}: {Reason}")]
    private partial void NoToken(int service, string reason);
}
