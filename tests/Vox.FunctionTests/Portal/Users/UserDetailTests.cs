using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

/// <summary>One user in the portal, and actions on many.</summary>
public sealed class UserDetailTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task Details_UserWithTwoDevicesAndConversations_ShowsThemWithoutTexts()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await NewProjectAsync(client);
        var user = await project.CreateUserAsync("alice.a");
        await project.CreateUserAsync("bob");
        var session = await user.LogInAsync();
        await user.LogInAsync();
        await session.PostJsonAsync("/api/v1/messages", new { to = "bob", data = "secret text", clientMessageId = "m1" });
        var group = (await session.PostJsonAsync("/api/v1/groups", new { name = "Book club", members = new[] { "bob" } }))
            .GetProperty("id").GetString();

        var details = await client.GetAsync($"projects/{project.Id}/users/details?username=alice.a");

        Assert.DoesNotContain("secret text", details.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(2, details.GetProperty("sessions").GetArrayLength());
        var conversations = details.GetProperty("conversations").EnumerateArray().ToList();
        Assert.Equal(
            [("Book club", true), ("bob", false)],
            conversations.Select(one => (one.GetProperty("with").GetString()!, one.GetProperty("group").GetBoolean()))
                .OrderByDescending(one => one.Item2));
        Assert.Equal(group, conversations.Single(one => one.GetProperty("group").GetBoolean()).GetProperty("id").GetString());
        Assert.Equal(1, conversations.Single(one => !one.GetProperty("group").GetBoolean()).GetProperty("lastSequence").GetInt64());
        Assert.Equal(
            (404, "user_not_found"), await client.RefusedAsync(HttpMethod.Get, $"projects/{project.Id}/users/details?username=nobody"));
    }

    [Fact]
    public async Task EndSessions_OneThenAll_LogsTheDevicesOut()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await NewProjectAsync(client);
        var user = await project.CreateUserAsync("alice");
        await user.LogInAsync();
        await user.LogInAsync();
        await user.LogInAsync();
        var first = (await SessionsAsync())[0];

        await client.DoAsync(HttpMethod.Post, $"projects/{project.Id}/users/logout", new { username = "alice", id = first });
        var left = await SessionsAsync();
        Assert.Equal(2, left.Count);
        Assert.DoesNotContain(first, left);
        Assert.Equal(
            (404, "not_found"),
            await client.RefusedAsync(HttpMethod.Post, $"projects/{project.Id}/users/logout", new { username = "alice", id = first }));
        await client.DoAsync(HttpMethod.Post, $"projects/{project.Id}/users/logout", new { username = "alice" });
        Assert.Empty(await SessionsAsync());
        Assert.Equal(2, await AuditedAsync(client, project, "user.logged_out"));

        async Task<List<string>> SessionsAsync() =>
        [
            .. (await client.GetAsync($"projects/{project.Id}/users/details?username=alice")).GetProperty("sessions").EnumerateArray()
                .Select(session => session.GetProperty("id").GetString()!),
        ];
    }

    [Fact]
    public async Task Many_SomeUnknown_ChangesTheOthersAndSaysWhichNot()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await NewProjectAsync(client);
        foreach (var name in (string[])["a", "b", "c"])
        {
            await project.CreateUserAsync(name);
        }

        var disabled = await ManyAsync("disable", "a", "b", "nobody", "a");
        Assert.Equal(2, disabled.GetProperty("done").GetInt32());
        var refused = Assert.Single(disabled.GetProperty("refused").EnumerateArray());
        Assert.Equal(
            ("nobody", "user_not_found"), (refused.GetProperty("username").GetString(), refused.GetProperty("code").GetString()));
        Assert.Equal(["a", "b"], await NamesAsync(disabled: true));
        await ManyAsync("enable", "a");
        Assert.Equal(["b"], await NamesAsync(disabled: true));
        await ManyAsync("logout", "a");
        await ManyAsync("delete", "b", "c");
        Assert.Equal(["a"], await NamesAsync(disabled: false));
        Assert.Equal(2, await AuditedAsync(client, project, "user.deleted"));

        var path = $"projects/{project.Id}/users/many";
        Assert.Equal(
            (400, "invalid_field"), await client.RefusedAsync(HttpMethod.Post, path, new { action = "burn", usernames = new[] { "a" } }));
        Assert.Equal((400, "missing_field"), await client.RefusedAsync(HttpMethod.Post, path, new { action = "enable" }));
        Assert.Equal(
            (409, "limit_reached"),
            await client.RefusedAsync(
                HttpMethod.Post, path, new { action = "enable", usernames = Enumerable.Range(0, 101).Select(i => "u" + i) }));

        Task<JsonElement> ManyAsync(string action, params string[] usernames) =>
            client.PostJsonAsync($"projects/{project.Id}/users/many", new { action, usernames });

        async Task<List<string>> NamesAsync(bool disabled) =>
        [
            .. (await client.GetAsync($"projects/{project.Id}/users")).GetProperty("users").EnumerateArray()
                .Where(user => user.GetProperty("disabled").GetBoolean() == disabled)
                .Select(user => user.GetProperty("username").GetString()!),
        ];
    }

    private async Task<TestProject> NewProjectAsync(PortalClient client)
    {
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        return new TestProject(portal.App, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
    }

    private static async Task<int> AuditedAsync(PortalClient client, TestProject project, string action) =>
        (await client.GetAsync($"projects/{project.Id}/audit")).GetProperty("entries").EnumerateArray()
            .Count(entry => entry.GetProperty("action").GetString() == action);
}
