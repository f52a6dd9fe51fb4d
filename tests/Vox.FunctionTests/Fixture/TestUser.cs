using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Vox.Chat.Model;

namespace Vox.Tests.Fixture;

/// <summary>A user of a test's project, and what they do.</summary>
public sealed record TestUser(TestProject Project, string LoginId, string Password)
{
    private VoxApp App => Project.App;

    /// <summary>Sends over the vendor's REST API.</summary>
    public Task<HttpResponseMessage> PostChatAsync(
        string recipient, string message, string? clientMessageId = null, VoxApp? through = null) =>
        (through ?? App).Http.PostAsJsonAsync("/sendchat", new Dictionary<string, string?>
        {
            ["projectid"] = Project.Id,
            ["user"] = LoginId,
            ["pass"] = Password,
            ["recipient"] = recipient,
            ["message"] = message,
            ["msgType"] = "1",
            ["ct"] = "text/plain",
            ["clientMessageId"] = clientMessageId,
        });

    public async Task SendChatAsync(string recipient, string message, string? clientMessageId = null)
    {
        using var response = await PostChatAsync(recipient, message, clientMessageId);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    public Task<HttpResponseMessage> PostLogInAsync(string? password = null, string? deviceKey = null, VoxApp? through = null) =>
        (through ?? App).Http.PostAsJsonAsync(
            "/api/v1/sessions", new { projectId = Project.Id, loginId = LoginId, password = password ?? Password, deviceKey });

    /// <summary>Logs in from a device of its own.</summary>
    public async Task<TestSession> LogInAsync()
    {
        var deviceKey = Guid.NewGuid().ToString("N");
        using var response = await PostLogInAsync(deviceKey: deviceKey);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return TestSession.Of(App, await response.Content.ReadFromJsonAsync<JsonElement>()) with { DeviceKey = deviceKey };
    }
}

/// <summary>A log-in, and calls with its access token.</summary>
public sealed record TestSession(VoxApp App, string AccessToken, string RefreshToken, string LoginId, string RealtimeUser)
{
    /// <summary>The device's key, as it was given with the log-in; null for a client that has none.</summary>
    public string? DeviceKey { get; init; }

    public UserIdentity Identity => Vox.Chat.Model.RealtimeUser.Parse(RealtimeUser)!.Value;

    public static TestSession Of(VoxApp app, JsonElement json) => new(
        app,
        json.GetProperty("accessToken").GetString()!,
        json.GetProperty("refreshToken").GetString()!,
        json.GetProperty("loginId").GetString()!,
        json.GetProperty("realtimeUser").GetString()!);

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<HttpResponseMessage> PostAsync(string path, object? body = null) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) });

    public async Task<JsonElement> GetJsonAsync(string path) => await JsonAsync(GetAsync(path));

    public async Task<JsonElement> PostJsonAsync(string path, object body) => await JsonAsync(PostAsync(path, body));

    public Task<JsonElement> SendMessageAsync(string to, string text, string? clientMessageId = null) =>
        PostJsonAsync("/api/v1/messages", new { to, data = text, clientMessageId });

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        return App.Http.SendAsync(request);
    }

    /// <summary>Exchanges the refresh token.</summary>
    public Task<HttpResponseMessage> PostRefreshAsync(VoxApp? through = null) =>
        (through ?? App).Http.PostAsJsonAsync("/api/v1/sessions/refresh", new { refreshToken = RefreshToken, deviceKey = DeviceKey });

    public async Task<TestSession> RefreshAsync() => Of(App, await JsonAsync(PostRefreshAsync())) with { DeviceKey = DeviceKey };

    public async Task LogOutAsync(bool everywhere = false)
    {
        using var response = await PostAsync("/api/v1/sessions/logout", new { everywhere });
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    /// <summary>A call that needs nothing but a good access token.</summary>
    public Task<HttpResponseMessage> GetConversationsAsync() => GetAsync("/api/v1/conversations");

    /// <summary>Connects as any SignalR client would, and collects the events of one name.</summary>
    public async Task<LiveClient> ConnectAsync() => await LiveClient.ConnectAsync(this);

    private static async Task<JsonElement> JsonAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
