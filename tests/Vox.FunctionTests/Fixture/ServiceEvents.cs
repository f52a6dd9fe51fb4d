using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Vox.Chat.Realtime;
using Vox.SignalREmulation;

namespace Vox.Tests.Fixture;

/// <summary>Events about connections, as the SignalR service posts them, or somebody who pretends to be the service.</summary>
internal static class ServiceEvents
{
    public const string Code = "local-signalr-key";

    /// <summary>An event that the service has signed, of a connection with a good ticket.</summary>
    public static Task<int> PostSignedAsync(TestSession user, string connection, string name, string? authorization = null) =>
        PostAsync(user, connection, name, Code, Sign(connection, SignalREmulatorOptions.DevelopmentKey), authorization: authorization);

    /// <param name="name">connected or disconnected.</param>
    /// <param name="code">The key in the address; null for none.</param>
    /// <param name="signature">Null for none.</param>
    /// <param name="userId">Another user than the one who has the ticket.</param>
    public static async Task<int> PostAsync(
        TestSession user, string connection, string name, string? code, string? signature, string? userId = null,
        string? authorization = null)
    {
        var channel = await user.PostJsonAsync($"/api/v1/realtime/negotiate?u={Uri.EscapeDataString(user.RealtimeUser)}", new { });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/runtime/webhooks/signalr" + (code is null ? "" : "?code=" + code))
        {
            Content = new StringContent(
                JsonSerializer.Serialize(new { type = name == "connected" ? 10 : 11 }), new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Add("X-ASRS-Connection-Id", connection);
        request.Headers.Add("X-ASRS-Hub", RealtimeOptions.Hub);
        request.Headers.Add("X-ASRS-Category", "connections");
        request.Headers.Add("X-ASRS-Event", name);
        request.Headers.Add("X-ASRS-Client-Query", new Uri(channel.GetProperty("url").GetString()!).Query);
        request.Headers.TryAddWithoutValidation("X-ASRS-User-Id", userId ?? user.RealtimeUser);
        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation("X-ASRS-Signature", signature);
        }

        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var response = await user.App.Http.SendAsync(request);
        return (int)response.StatusCode;
    }

    public static string Sign(string connection, string key) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(connection)));
}
