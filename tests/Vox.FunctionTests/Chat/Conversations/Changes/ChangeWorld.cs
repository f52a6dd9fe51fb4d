using System.Net.Http.Json;
using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.Changes;

/// <summary>What users do with messages that were sent.</summary>
internal static class ChangeWorld
{
    public static async Task<(TestProject Project, TestSession Alice, TestSession Bob)> CreateAsync(VoxApp app)
    {
        var project = await app.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        return (project, await alice.LogInAsync(), await bob.LogInAsync());
    }

    /// <summary>Sends a text.</summary>
    /// <returns>The path of the message.</returns>
    public static async Task<string> SayAsync(this TestSession from, string to, string text) =>
        PathOf(await from.SendMessageAsync(to, text));

    public static string PathOf(JsonElement sent) =>
        $"/api/v1/conversations/{sent.GetProperty("conversation").GetString()}/messages/{sent.GetProperty("sequence")}";

    public static Task<HttpResponseMessage> EditAsync(
        this TestSession by, string message, string? data, string? id = null, string? tip = null) =>
        by.CallAsync(HttpMethod.Patch, message, new { data, clientChangeId = id, tip });

    public static Task<HttpResponseMessage> DeleteAsync(this TestSession by, string message) => by.CallAsync(HttpMethod.Delete, message);

    public static Task<HttpResponseMessage> ReactAsync(this TestSession by, string message, string emoji, string? id = null) =>
        by.CallAsync(HttpMethod.Put, message + "/reactions", new { emoji, clientChangeId = id });

    public static Task<HttpResponseMessage> UnreactAsync(this TestSession by, string message, string emoji) =>
        by.CallAsync(HttpMethod.Delete, $"{message}/reactions?emoji={Uri.EscapeDataString(emoji)}");

    public static Task<HttpResponseMessage> PinAsync(this TestSession by, string message, bool pinned = true) =>
        by.CallAsync(pinned ? HttpMethod.Put : HttpMethod.Delete, message + "/pin");

    public static Task<HttpResponseMessage> CallAsync(this TestSession by, HttpMethod method, string path, object? body = null) =>
        by.SendAsync(new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) });

    /// <summary>The message as the history has it for this user.</summary>
    public static async Task<JsonElement> SeeAsync(this TestSession by, string message)
    {
        var parts = message.Split('/');
        var page = await by.GetJsonAsync($"/api/v1/messages?conversation={parts[4]}&before={long.Parse(parts[6]) + 1}&size=1");
        return page.GetProperty("messages")[0];
    }

    /// <summary>Reactions as text: <c>👍2:alice,bob*</c>; the star for one's own.</summary>
    public static string Reactions(JsonElement message) => message.TryGetProperty("reactions", out var reactions)
        ? string.Join(' ', reactions.EnumerateArray().Select(r =>
            $"{r.GetProperty("emoji").GetString()}{r.GetProperty("count")}:"
            + string.Join(',', r.GetProperty("users").EnumerateArray().Select(user => user.GetString()))
            + (r.TryGetProperty("mine", out _) ? "*" : "")))
        : "";

    public static string ConversationOf(string message) => message.Split('/')[4];

    public static long Number(this JsonElement json, string name) => json.GetProperty(name).GetInt64();

    public static string? Text(this JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
