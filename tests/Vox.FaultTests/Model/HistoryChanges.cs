using System.Net.Http.Json;
using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.Model;

/// <summary>Changes of messages, through either of two processes, and in the model.</summary>
internal static class HistoryChanges
{
    private static readonly string[] Emojis = ["👍", "❤️", "🍕"];

    public static async Task<(string What, string Expected, string Got)> ChangeAsync(
        Person person, TestSession session, Room room, int sequence, int what, string text, string other)
    {
        var path = $"/api/v1/conversations/{room.Id}/messages/{sequence}";
        var emoji = Emojis[what % Emojis.Length];
        var data = what % 3 == 0 ? other : text;
        var name = $"{sequence} of {room.Id}";
        return (what % 8) switch
        {
            0 or 1 => (
                $"{person.LoginId} edits {name}",
                data.Length == 0 ? "missing_field" : ChangeModel.Edit(person, room, sequence, data),
                await CodeAsync(session, HttpMethod.Patch, path, new { data })),
            2 => (
                $"{person.LoginId} deletes {name}", ChangeModel.Delete(person, room, sequence),
                await CodeAsync(session, HttpMethod.Delete, path)),
            3 or 4 => (
                $"{person.LoginId} reacts to {name} with {emoji}", ChangeModel.React(person, room, sequence, emoji, true),
                await CodeAsync(session, HttpMethod.Put, path + "/reactions", new { emoji })),
            5 => (
                $"{person.LoginId} takes {emoji} from {name}", ChangeModel.React(person, room, sequence, emoji, false),
                await CodeAsync(session, HttpMethod.Delete, $"{path}/reactions?emoji={Uri.EscapeDataString(emoji)}")),
            6 => (
                $"{person.LoginId} pins {name}", ChangeModel.Pin(person, room, sequence, true),
                await CodeAsync(session, HttpMethod.Put, path + "/pin")),
            _ => (
                $"{person.LoginId} unpins {name}", ChangeModel.Pin(person, room, sequence, false),
                await CodeAsync(session, HttpMethod.Delete, path + "/pin")),
        };
    }

    public static async Task<string> ChangesAsync(TestSession session, Room room)
    {
        using var response = await session.GetAsync($"/api/v1/conversations/{room.Id}/changes?size=1000");
        var json = await response.Content.ReadFromJsonAsync<JsonElement>();
        return response.IsSuccessStatusCode
            ? $"ok {json.GetProperty("lastChange")}: " + string.Join(' ', json.GetProperty("messages").EnumerateArray().Select(Show))
            : json.GetProperty("code").GetString()!;
    }

    /// <summary>A message as <see cref="ChangeModel.Show(Person, Room, int)"/> has it.</summary>
    public static string Show(JsonElement message)
    {
        var text = $"{message.GetProperty("sequence")}={message.GetProperty("id")}/{message.GetProperty("data")}"
            + HistoryThreads.Show(message);
        return !message.TryGetProperty("change", out var change) ? text : text + ChangeModel.Show(
            change.GetInt64(), message.TryGetProperty("editedAt", out _), message.TryGetProperty("deletedAt", out _),
            message.TryGetProperty("pinnedBy", out var pinned) ? pinned.GetString() : null,
            message.TryGetProperty("reactions", out var reactions)
                ? reactions.EnumerateArray().Select(r => (
                    r.GetProperty("emoji").GetString()!, r.GetProperty("count").GetInt32(),
                    r.GetProperty("users").EnumerateArray().Select(user => user.GetString()!), r.TryGetProperty("mine", out _)))
                : []);
    }

    private static async Task<string> CodeAsync(TestSession session, HttpMethod method, string path, object? body = null)
    {
        using var response = await session.SendAsync(
            new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) });
        var json = await response.Content.ReadFromJsonAsync<JsonElement>();
        return response.IsSuccessStatusCode
            ? $"ok {(json.TryGetProperty("change", out var change) ? change.GetInt64() : 0)}"
                + (json.GetProperty("duplicate").GetBoolean() ? " again" : "")
            : json.GetProperty("code").GetString()!;
    }
}
