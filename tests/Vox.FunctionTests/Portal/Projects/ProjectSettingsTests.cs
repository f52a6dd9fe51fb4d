using System.Text.Json;
using Vox.Chat.ChatLogs;
using Vox.Chat.Projects;
using Vox.Tests.Files;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

public sealed class ProjectSettingsTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task Settings_MetadataOfPictures_IsKeptOnlyWhenTheProjectAsksForIt()
    {
        using var client = await portal.NewDeveloperAsync();
        var id = await AccessTests.NewProjectAsync(client);
        Assert.False((await client.GetAsync($"projects/{id}")).GetProperty("keepsMetadata").GetBoolean());

        await client.DoAsync(HttpMethod.Put, $"projects/{id}/settings", new { keepsMetadata = true });

        Assert.True((await client.GetAsync($"projects/{id}")).GetProperty("keepsMetadata").GetBoolean());
    }

    [Fact]
    public async Task Settings_MentionsAll_LetsEveryMemberMentionEverybody()
    {
        await using var app = await portal.StartAsync();
        using var client = await portal.NewDeveloperAsync(app);
        var id = await AccessTests.NewProjectAsync(client);
        Assert.Equal("admins", (await client.GetAsync($"projects/{id}")).GetProperty("mentionsAll").GetString());
        Assert.Equal(
            (400, "invalid_json"), await client.RefusedAsync(HttpMethod.Put, $"projects/{id}/settings", new { mentionsAll = "nobody" }));

        await client.DoAsync(HttpMethod.Put, $"projects/{id}/settings", new { mentionsAll = "members" });

        Assert.Equal("members", (await client.GetAsync($"projects/{id}")).GetProperty("mentionsAll").GetString());
        var project = new TestProject(app, id, "");
        foreach (var name in new[] { "alice", "bob" })
        {
            await client.DoAsync(HttpMethod.Post, $"projects/{id}/users", new { username = name, password = "long enough" });
        }

        var (alice, bob) = (
            await new TestUser(project, "alice", "long enough").LogInAsync(),
            await new TestUser(project, "bob", "long enough").LogInAsync());
        var group = await alice.PostJsonAsync("/api/v1/groups", new { name = "All", members = new[] { "bob" } });
        await bob.PostJsonAsync(
            "/api/v1/messages", new { to = group.GetProperty("id").GetString(), data = "hello all", mentionsAll = true });
    }

    [Fact]
    public async Task Settings_OfMessages_AreKeptAndCheckedAndStayWhereTheyAreAbsent()
    {
        using var client = await portal.NewDeveloperAsync();
        var id = await AccessTests.NewProjectAsync(client);
        Assert.Equal((86_400, 86_400, false), await MessagesAsync());

        await client.DoAsync(
            HttpMethod.Put, $"projects/{id}/settings", new { messages = new { editWindowSeconds = 0, keepVersions = true } });
        await client.DoAsync(HttpMethod.Put, $"projects/{id}/settings", new { messages = new { deleteWindowSeconds = -1 } });
        await client.DoAsync(HttpMethod.Put, $"projects/{id}/settings", new { logEnabled = true });

        Assert.Equal((0, -1, true), await MessagesAsync());
        foreach (var refused in new[] { -2, 315_360_001 })
        {
            Assert.Equal(
                (400, "invalid_field"),
                await client.RefusedAsync(
                    HttpMethod.Put, $"projects/{id}/settings", new { messages = new { editWindowSeconds = refused } }));
        }

        async Task<(int Edit, int Delete, bool Versions)> MessagesAsync()
        {
            var messages = (await client.GetAsync($"projects/{id}")).GetProperty("messages");
            return (
                messages.GetProperty("editWindowSeconds").GetInt32(), messages.GetProperty("deleteWindowSeconds").GetInt32(),
                messages.GetProperty("keepVersions").GetBoolean());
        }
    }

    [Fact]
    public async Task Settings_ChangedByTwo_TheSecondIsToldAndNothingIsLost()
    {
        using var client = await portal.NewDeveloperAsync();
        var id = await AccessTests.NewProjectAsync(client);
        var version = (await client.GetAsync($"projects/{id}")).GetProperty("version").GetString();
        await client.DoAsync(
            HttpMethod.Put,
            $"projects/{id}/settings",
            new { logEnabled = false, retentionDays = 30, allowedOrigins = new[] { "https://shop.example.com/" }, version });

        Assert.Equal(
            (409, "edit_conflict"),
            await client.RefusedAsync(HttpMethod.Put, $"projects/{id}/settings", new { logEnabled = true, version }));

        var project = await client.GetAsync($"projects/{id}");
        Assert.False(project.GetProperty("logEnabled").GetBoolean());
        Assert.Equal(30, project.GetProperty("retentionDays").GetInt32());
        Assert.Equal("https://shop.example.com", project.GetProperty("allowedOrigins")[0].GetString());
    }

    [Fact]
    public async Task Settings_PasswordsVisibilityAndOriginsOfApps_AreKeptAsBrowsersSendThem()
    {
        using var client = await portal.NewDeveloperAsync();
        var id = await AccessTests.NewProjectAsync(client);
        var fresh = await client.GetAsync($"projects/{id}");

        await client.DoAsync(HttpMethod.Put, $"projects/{id}/settings", new
        {
            minPasswordLength = 12,
            visibility = "contacts",
            allowedOrigins = new[] { "https://B\u00fccher.example/", "capacitor://localhost", "null" },
        });

        Assert.Equal((8, "everybody"), Passwords(fresh));
        var project = await client.GetAsync($"projects/{id}");
        Assert.Equal((12, "contacts"), Passwords(project));
        Assert.Equal(
            (400, "invalid_field"),
            await client.RefusedAsync(HttpMethod.Post, $"projects/{id}/users", new { username = "anna", password = "eleven 1111" }));
        var report = await client.PostJsonAsync(
            $"projects/{id}/users/import", new { rows = new[] { new { line = 2, username = "ben", password = "eleven 1111" } } });
        Assert.Equal("invalid_field", report.GetProperty("refused")[0].GetProperty("code").GetString());
        await client.DoAsync(HttpMethod.Post, $"projects/{id}/users", new { username = "anna", password = "twelve 12 12" });
        Assert.Equal(
            ["https://xn--bcher-kva.example", "capacitor://localhost", "null"],
            project.GetProperty("allowedOrigins").EnumerateArray().Select(o => o.GetString()));
        await client.DoAsync(HttpMethod.Put, $"projects/{id}/settings", new { logEnabled = true });
        Assert.Equal((12, "contacts"), Passwords(await client.GetAsync($"projects/{id}")));
        Assert.Equal(
            (400, "invalid_field"),
            await client.RefusedAsync(HttpMethod.Put, $"projects/{id}/settings", new { minPasswordLength = 0 }));

        static (int, string) Passwords(System.Text.Json.JsonElement project) =>
            (project.GetProperty("minPasswordLength").GetInt32(), project.GetProperty("visibility").GetString()!);
    }

    [Theory]
    [InlineData("shop.example.com")]
    [InlineData("https://shop.example.com/path")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://user@shop.example.com")]
    [InlineData("")]
    public async Task Settings_OriginIsNone_IsRefused(string origin)
    {
        using var client = await portal.NewDeveloperAsync();
        var id = await AccessTests.NewProjectAsync(client);
        Assert.Equal(
            (400, "invalid_field"),
            await client.RefusedAsync(HttpMethod.Put, $"projects/{id}/settings", new { allowedOrigins = new[] { origin } }));
    }

    [Fact]
    public async Task Settings_LogsDisabled_NothingNewIsLoggedAndConversationsGoOn()
    {
        await using var app = await portal.StartAsync(settings: "Projects:CacheSeconds=1");
        using var client = await portal.NewDeveloperAsync(app);
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        var project = new TestProject(app, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
        var alice = await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");
        await alice.SendChatAsync("bob", "logged");
        await client.DoAsync(HttpMethod.Put, $"projects/{project.Id}/settings", new { logEnabled = false });

        await alice.SendChatAsync("bob", "not logged");

        Assert.Equal("logged", Assert.Single(await project.HistoryAsync()).Data);
        var rows = (await client.GetAsync($"projects/{project.Id}/history")).GetProperty("rows");
        Assert.Equal("logged", Assert.Single(rows.EnumerateArray()).GetProperty("data").GetString());
    }

    [Fact]
    public async Task Settings_Retention_OldMessagesGoAndTheLogGoesOn()
    {
        // The log waits before it tries again. With a clock that stands still, it would wait for ever.
        var clock = new ShiftedTime();
        await using var app = await portal.StartAsync(clock);
        using var client = await portal.NewDeveloperAsync(app);
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        var project = new TestProject(app, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
        var alice = await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");
        await client.DoAsync(HttpMethod.Put, $"projects/{project.Id}/settings", new { retentionDays = 30 });
        await alice.SendChatAsync("bob", "old 1");
        await alice.SendChatAsync("bob", "old 2");
        Assert.Equal(2, (await project.HistoryAsync()).Count);
        var retention = app.Get<ChatLogRetention>();

        clock.Advance(TimeSpan.FromDays(29));
        await retention.RunAsync(CancellationToken.None);
        Assert.Equal(2, (await project.HistoryAsync()).Count);
        clock.Advance(TimeSpan.FromDays(2));
        await retention.RunAsync(CancellationToken.None);
        Assert.Empty(await project.HistoryAsync());

        await alice.SendChatAsync("bob", "new");
        Assert.Equal("new", Assert.Single(await project.HistoryAsync()).Data);
        await retention.RunAsync(CancellationToken.None);
        Assert.Equal("new", Assert.Single(await project.HistoryAsync()).Data);
    }
}
