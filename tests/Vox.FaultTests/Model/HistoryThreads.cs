using System.Net.Http.Json;
using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.Model;

/// <summary>Replies in threads, through either of two processes, and threads as the app shows them.</summary>
internal static class HistoryThreads
{
    public static async Task<(string Outcome, string? Conversation)> ReplyAsync(
        TestSession session, string to, string id, string text, int thread)
    {
        using var response = await session.PostAsync("/api/v1/messages", new { to, data = text, clientMessageId = id, thread });
        var json = await response.Content.ReadFromJsonAsync<JsonElement>();
        return response.IsSuccessStatusCode
            ? ($"ok {json.GetProperty("sequence")}{(json.GetProperty("duplicate").GetBoolean() ? " again" : "")}",
                json.GetProperty("conversation").GetString())
            : (json.GetProperty("code").GetString()!, null);
    }

    /// <summary>A thread as <see cref="ThreadModel.Page"/> has it, read in pages of two.</summary>
    public static async Task<string> PageAsync(TestSession session, Room room, int thread)
    {
        var (path, replies) = ($"/api/v1/conversations/{room.Id}/threads/{thread}?size=2", new List<string>());
        for (var query = ""; ;)
        {
            using var response = await session.GetAsync(path + query);
            var json = await response.Content.ReadFromJsonAsync<JsonElement>();
            if (!response.IsSuccessStatusCode)
            {
                return json.GetProperty("code").GetString()!;
            }

            replies.AddRange(json.GetProperty("messages").EnumerateArray().Select(HistoryChanges.Show));
            if (!json.TryGetProperty("before", out var before))
            {
                return $"ok {HistoryChanges.Show(json.GetProperty("message"))}: {string.Join(' ', replies)}";
            }

            query = $"&before={before}";
        }
    }

    /// <summary>As <see cref="ThreadModel.Show"/> has it.</summary>
    public static string Show(JsonElement message) =>
        (message.TryGetProperty("thread", out var place) ? $"^{place.GetProperty("sequence")}.{place.GetProperty("number")}" : "")
        + (message.TryGetProperty("replies", out var replies)
            ? $"+{replies.GetProperty("count")}:"
                + string.Join(',', replies.GetProperty("users").EnumerateArray().Select(user => user.GetString()))
            : "");
}
