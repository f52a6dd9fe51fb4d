using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Vox.Tests.Fixture;

/// <summary>
/// The answer to a send. It is null where there was none, or where the answer does not say whether the message was stored.
/// </summary>
public sealed record Sent(string Id, string Conversation, long Sequence, bool Duplicate);

/// <summary>
/// A signed-in user's calls, each through the process that the caller names. Messages carry tips as those of the web SDK do, and now and
/// then an old one, one of another conversation, or one that somebody has changed: none of them may do any harm.
/// </summary>
public sealed record Wire(string AccessToken)
{
    private readonly ConcurrentDictionary<string, (string First, string Newest)> tips = new(StringComparer.Ordinal);

    public async Task<Sent?> SendAsync(HttpClient through, string to, string text, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages")
        {
            Content = JsonContent.Create(new { to, data = text, clientMessageId = id, tip = TipFor(to) })
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        try
        {
            using var response = await through.SendAsync(request);
            if ((int)response.StatusCode >= 500)
            {
                return null;
            }

            var json = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.True(response.IsSuccessStatusCode, json.ToString());
            if (json.TryGetProperty("tip", out var tip))
            {
                tips.AddOrUpdate(to, _ => (tip.GetString()!, tip.GetString()!), (_, known) => (known.First, tip.GetString()!));
            }

            return new Sent(
                json.GetProperty("id").GetString()!, json.GetProperty("conversation").GetString()!,
                json.GetProperty("sequence").GetInt64(), json.GetProperty("duplicate").GetBoolean());
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }

    private string? TipFor(string to)
    {
        if (!tips.TryGetValue(to, out var own))
        {
            return null;
        }

        var at = Random.Shared.Next(own.Newest.IndexOf('.', StringComparison.Ordinal));
        return Random.Shared.Next(10) switch
        {
            0 => null,
            1 => own.First,
            2 => own.Newest[..at] + (own.Newest[at] == 'A' ? 'B' : 'A') + own.Newest[(at + 1)..],
            3 => tips.Values.First().Newest,
            _ => own.Newest,
        };
    }

    public async Task<JsonElement> GetAsync(HttpClient through, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        using var response = await through.SendAsync(request);
        var json = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(response.IsSuccessStatusCode, json.ToString());
        return json;
    }
}
