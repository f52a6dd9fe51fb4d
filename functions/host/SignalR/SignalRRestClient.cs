using System.Net.Http.Headers;
using Microsoft.Extensions.Configuration;

namespace Vox.DevHost.SignalR;

/// <summary>The calls of the service's REST API that the output binding makes.</summary>
internal sealed class SignalRRestClient(IConfiguration configuration, TimeProvider time) : IDisposable
{
    private const string ApiVersion = "?api-version=2022-06-01";

    // The default timeout of 100 s is the platform's: a hanging service blocks the function for that long.
    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) });

    public Task SendAsync(SignalROutputBinding output, SignalRAction message, CancellationToken cancellation)
    {
        if (message.Arguments is not { } arguments)
        {
            throw new InvalidOperationException($"The SignalR message '{message.Target}' has no arguments: pass [] for none.");
        }

        var receiver =
            message.ConnectionId is { } connection ? $"/connections/{Escape(connection)}"
            : message.UserId is { } user ? $"/users/{Escape(user)}"
            : message.GroupName is { } group ? $"/groups/{Escape(group)}"
            : "";
        var body = new ByteArrayContent(MessageBody.Write(message.Target!, arguments));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        return CallAsync(output, HttpMethod.Post, $"{receiver}/:send", body, cancellation);
    }

    public Task ChangeGroupAsync(SignalROutputBinding output, SignalRAction action, CancellationToken cancellation)
    {
        var member =
            action.ConnectionId is { } connection ? (Kind: "connections", Id: Escape(connection))
            : action.UserId is { } user ? (Kind: "users", Id: Escape(user))
            : throw new InvalidOperationException("A SignalRGroupAction needs a ConnectionId or a UserId.");
        if (action.GroupAction is "RemoveAll")
        {
            return CallAsync(output, HttpMethod.Delete, $"/{member.Kind}/{member.Id}/groups", content: null, cancellation);
        }

        var group = Escape(action.GroupName ?? throw new InvalidOperationException("A SignalRGroupAction needs a GroupName."));
        var path = member.Kind is "users" ? $"/users/{member.Id}/groups/{group}" : $"/groups/{group}/connections/{member.Id}";
        return CallAsync(output, action.GroupAction is "Add" ? HttpMethod.Put : HttpMethod.Delete, path, content: null, cancellation);
    }

    public void Dispose() => http.Dispose();

    private static string Escape(string value) => Uri.EscapeDataString(value);

    private async Task CallAsync(
        SignalROutputBinding output, HttpMethod method, string path, HttpContent? content, CancellationToken cancellation)
    {
        var connection = SignalRConnection.Get(configuration, output.ConnectionSetting);
        var url = $"{connection.Endpoint}/api/hubs/{output.Hub.ToLowerInvariant()}{path}";
        using var request = new HttpRequestMessage(method, url + ApiVersion) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", connection.CreateToken(url, time.GetUtcNow()));
        using var response = await http.SendAsync(request, cancellation);
        response.EnsureSuccessStatusCode();
    }
}
