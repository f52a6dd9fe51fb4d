using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Vox.Chat.ApiKeys;

namespace Vox.Tests.Fixture;

/// <summary>A customer's server, and what it does with its API key.</summary>
public sealed record TestServer(VoxApp App, TestProject Project, string Key, string KeyId)
{
    public const string Base = "/api/server/v1/";

    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, object? body = null, string? idempotencyKey = null, string? ifMatch = null, VoxApp? through = null)
    {
        var request = new HttpRequestMessage(method, Base + path)
        {
            Content = body is null ? null : body as HttpContent ?? JsonContent.Create(body),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return (through ?? App).Http.SendAsync(request);
    }

    public Task<HttpResponseMessage> GetAsync(string path, VoxApp? through = null) =>
        SendAsync(HttpMethod.Get, path, through: through);

    public Task<HttpResponseMessage> PostAsync(string path, object? body = null, string? idempotencyKey = null, VoxApp? through = null) =>
        SendAsync(HttpMethod.Post, path, body, idempotencyKey, through: through);

    public Task<JsonElement> GetJsonAsync(string path) => GetAsync(path).JsonAsync();

    public Task<JsonElement> PostJsonAsync(string path, object? body = null, string? idempotencyKey = null) =>
        PostAsync(path, body, idempotencyKey).JsonAsync();

    /// <summary>Users without passwords.</summary>
    public Task<JsonElement> UpsertAsync(params string[] ids) =>
        PostJsonAsync("users", new { users = ids.Select(id => new { id }) });
}

public static class TestServers
{
    /// <param name="scopes">None for all.</param>
    public static Task<TestServer> CreateServerAsync(this TestProject project, params string[] scopes) =>
        project.CreateServerAsync(new ApiKeyDraft("Test", scopes.Length > 0 ? scopes : ApiScopes.All, [], null, "a test"));

    public static async Task<TestServer> CreateServerAsync(this TestProject project, ApiKeyDraft draft)
    {
        var (key, text) = await project.App.Get<ApiKeyService>().CreateAsync(project.Id, draft, CancellationToken.None);
        return new TestServer(project.App, project, text, key.Id);
    }
}
