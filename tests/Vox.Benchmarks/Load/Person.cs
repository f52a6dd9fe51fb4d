using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Vox.Benchmarks.Stack;

namespace Vox.Benchmarks.Load;

/// <summary>
/// A user and what they do. The code does as little work as possible, because the processor time of this program is not of interest.
/// </summary>
internal sealed class Person(BenchProject project, AppProcess app, string name) : IAsyncDisposable
{
    public const string Password = "secret";
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private AuthenticationHeaderValue? token;

    public string Name => name;

    public string RealtimeUser { get; private set; } = "";

    public LiveSocket? Live { get; private set; }

    public async Task LogInAsync()
    {
        using var response = await app.Http.PostAsJsonAsync(
            "/api/v1/sessions", new { projectId = project.Id, loginId = name, password = Password });
        response.EnsureSuccessStatusCode();
        var session = await response.Content.ReadFromJsonAsync<JsonElement>();
        token = new("Bearer", session.GetProperty("accessToken").GetString());
        RealtimeUser = session.GetProperty("realtimeUser").GetString()!;
    }

    /// <summary>Opens the live channel, or opens it again if there was one.</summary>
    /// <param name="onEvent">Called for each event with its name and argument.</param>
    public async Task ConnectAsync(Action<string, JsonElement> onEvent)
    {
        if (Live is { } old)
        {
            await old.DisposeAsync();
        }

        var answer = await PostAsync($"/api/v1/realtime/negotiate?u={Uri.EscapeDataString(RealtimeUser)}", []);
        Live = await LiveSocket.ConnectAsync(
            answer.GetProperty("url").GetString()!, answer.GetProperty("accessToken").GetString()!, onEvent);
    }

    public async Task<JsonElement> PostAsync(string path, byte[] body)
    {
        var (status, answer) = await TryPostAsync(path, body);
        return status is >= 200 and < 300 ? answer : throw new InvalidOperationException($"{path}: {status} {answer}");
    }

    public async Task<(int Status, JsonElement Answer)> TryPostAsync(string path, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = Json } },
            Headers = { Authorization = token },
        };
        using var response = await app.Http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return ((int)response.StatusCode, bytes is [(byte)'{', ..] ? JsonSerializer.Deserialize<JsonElement>(bytes) : default);
    }

    /// <returns>Bytes of the answer.</returns>
    public async Task<byte[]> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = token } };
        using var response = await app.Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync();
    }

    public async Task DeleteAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, path) { Headers = { Authorization = token } };
        using var response = await app.Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    public Task<JsonElement> SendAsync(string to, string id, string text) =>
        PostAsync("/api/v1/messages", JsonSerializer.SerializeToUtf8Bytes(new { to, clientMessageId = id, data = text }));

    public Task<(int Status, JsonElement Answer)> TrySendAsync(string to, string id, string text) =>
        TryPostAsync("/api/v1/messages", JsonSerializer.SerializeToUtf8Bytes(new { to, clientMessageId = id, data = text }));

    public Task AcknowledgeAsync(string conversation, long delivered) =>
        PostAsync("/api/v1/receipts", JsonSerializer.SerializeToUtf8Bytes(new { receipts = new[] { new { conversation, delivered } } }));

    /// <summary>Over the vendor's REST API, which carries the password each time.</summary>
    public async Task SendChatAsync(string to, string id, string text)
    {
        using var response = await app.Http.PostAsJsonAsync("/sendchat", new
        {
            projectid = project.Id,
            user = name,
            pass = Password,
            recipient = to,
            message = text,
            msgType = "1",
            ct = "text/plain",
            clientMessageId = id,
        });
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }

    public ValueTask DisposeAsync() => Live?.DisposeAsync() ?? ValueTask.CompletedTask;
}
