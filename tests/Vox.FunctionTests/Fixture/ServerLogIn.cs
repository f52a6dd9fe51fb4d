using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Vox.Tests.Fixture;

/// <summary>Users of a customer's server: without passwords, they log in with its tokens.</summary>
public static class ServerLogIn
{
    public static async Task<TestSession> LogInAsync(this TestServer server, string id, VoxApp? through = null)
    {
        var app = through ?? server.App;
        return TestSession.Of(app, await (await server.PostLogInAsync(id, app)).Content.ReadFromJsonAsync<JsonElement>());
    }

    public static async Task<HttpResponseMessage> PostLogInAsync(this TestServer server, string id, VoxApp? through = null)
    {
        var minted = await server.PostJsonAsync($"users/{Uri.EscapeDataString(id)}/tokens", new { });
        return await (through ?? server.App).Http.PostAsJsonAsync(
            "/api/v1/sessions", new { projectId = server.Project.Id, token = minted.GetProperty("token").GetString() });
    }

    /// <summary>Expects an answer without a body.</summary>
    public static async Task NoContentAsync(this Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        Assert.True(
            response.StatusCode == HttpStatusCode.NoContent, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }
}
