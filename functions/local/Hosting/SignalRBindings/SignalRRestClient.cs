using System.Net.Http.Headers;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Vox.Local.Hosting.SignalRBindings;

/// <summary>The calls of the service's REST API that the output binding makes.</summary>
internal sealed class SignalRRestClient(IConfiguration configuration, IOptions<WorkerOptions> options, TimeProvider time) : IDisposable
{
    private const string ApiVersion = "?api-version=2022-06-01";

    // The default time-out of 100 s is the platform's: a hanging service hangs the function that long.
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) });

    public Task SendAsync(SignalROutputAttribute output, SignalRMessageAction message, CancellationToken cancellation)
    {
        if (message.Arguments is null)
            throw new InvalidOperationException($"The SignalR message '{message.Target}' has no arguments: pass [] for none.");

        var receiver =
            message.ConnectionId is { Length: > 0 } connection ? $"/connections/{Escape(connection)}"
            : message.UserId is { Length: > 0 } user ? $"/users/{Escape(user)}"
            : message.GroupName is { Length: > 0 } group ? $"/groups/{Escape(group)}"
            : "";
        var body = new ByteArrayContent(MessageBody.Write(message.Target, message.Arguments, options.Value.Serializer!));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        return CallAsync(output, HttpMethod.Post, $"{receiver}/:send", body, cancellation);
    }

    public Task ChangeGroupAsync(SignalROutputAttribute output, SignalRGroupAction action, CancellationToken cancellation)
    {
        var member =
            action.ConnectionId is { Length: > 0 } connection ? (Kind: "connections", Id: Escape(connection))
            : action.UserId is { Length: > 0 } user ? (Kind: "users", Id: Escape(user))
            : throw new InvalidOperationException("A SignalRGroupAction needs a ConnectionId or a UserId.");
        if (action.Action == SignalRGroupActionType.RemoveAll)
            return CallAsync(output, HttpMethod.Delete, $"/{member.Kind}/{member.Id}/groups", content: null, cancellation);

        var group = Escape(action.GroupName ?? throw new InvalidOperationException("A SignalRGroupAction needs a GroupName."));
        var path = string.Equals(member.Kind, "users", StringComparison.Ordinal)
            ? $"/users/{member.Id}/groups/{group}"
            : $"/groups/{group}/connections/{member.Id}";
        var method = action.Action == SignalRGroupActionType.Add ? HttpMethod.Put : HttpMethod.Delete;
        return CallAsync(output, method, path, content: null, cancellation);
    }

    public void Dispose() => _http.Dispose();

    private static string Escape(string value) => Uri.EscapeDataString(value);

    private async Task CallAsync(SignalROutputAttribute output, HttpMethod method, string path, HttpContent? content, CancellationToken cancellation)
    {
        var connection = SignalRConnection.Get(configuration, output.ConnectionStringSetting);
        var hub = output.HubName?.ToLowerInvariant() ?? throw new InvalidOperationException("[SignalROutput] needs a HubName.");
        var url = $"{connection.Endpoint}/api/hubs/{hub}{path}";
        using var request = new HttpRequestMessage(method, url + ApiVersion) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", connection.CreateToken(url, time.GetUtcNow()));
        using var response = await _http.SendAsync(request, cancellation);
        response.EnsureSuccessStatusCode();
    }
}
