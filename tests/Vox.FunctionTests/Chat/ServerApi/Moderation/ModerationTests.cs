using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vox.Tests.Fixture;

namespace Vox.Tests.ServerApi;

public sealed class ModerationTests(Backends backends)
{
    [Fact]
    public async Task Ban_UntilATime_EndsSessionsAndKeepsThemOutUntilThen()
    {
        var clock = new ShiftedTime();
        await using var app = await VoxApp.StartAsync(backends, clock);
        var server = await NewAsync(app, "mallory", "alice");
        var session = await server.LogInAsync("mallory");
        var minted = Text(await server.PostJsonAsync("users/mallory/tokens", new { lifetimeSeconds = 86_400 }), "token");

        var until = clock.GetUtcNow().AddHours(2);
        await server.PostJsonAsync("moderation/bans", new { userId = "mallory", until, reason = "Spam" });

        await session.GetConversationsAsync().ProblemAsync("invalid_token");
        await session.PostRefreshAsync().ProblemAsync("invalid_refresh_token");
        await LogInAsync(minted).ProblemAsync("invalid_login_token");
        await server.PostAsync("users/mallory/tokens", new { }).ProblemAsync("user_disabled");
        await server.PostAsync("messages", new { from = "mallory", to = "alice", data = "x" }).ProblemAsync("user_disabled", "from");
        var banned = Assert.Single((await server.GetJsonAsync("moderation/bans")).GetProperty("users").EnumerateArray());
        Assert.Equal(("mallory", "Spam", "Test"), (Text(banned, "userId"), Text(banned, "reason"), Text(banned, "by")));
        clock.Advance(TimeSpan.FromHours(2.1));
        using var again = await LogInAsync(minted);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Empty((await server.GetJsonAsync("moderation/bans")).GetProperty("users").EnumerateArray());

        Task<HttpResponseMessage> LogInAsync(string? token) =>
            app.Http.PostAsJsonAsync("/api/v1/sessions", new { projectId = server.Project.Id, token });
    }

    [Fact]
    public async Task Ban_ForEver_LastsUntilItIsLifted()
    {
        var server = await NewAsync(backends.App, "mallory");
        await using var live = await (await server.LogInAsync("mallory")).ConnectAsync();

        await server.PostJsonAsync("moderation/bans", new { userId = "mallory" });
        await live.ClosedAsync();
        await server.PostAsync("users/mallory/tokens", new { }).ProblemAsync("user_disabled");
        var banned = Assert.Single((await server.GetJsonAsync("moderation/bans")).GetProperty("users").EnumerateArray());
        Assert.False(banned.TryGetProperty("until", out _));
        await server.SendAsync(HttpMethod.Delete, "moderation/bans/mallory").NoContentAsync();

        await server.LogInAsync("mallory");
        Assert.Empty((await server.GetJsonAsync("moderation/bans")).GetProperty("users").EnumerateArray());
    }

    [Fact]
    public async Task Mute_OnAllInstances_ReadsAndSendsNothing()
    {
        // Two instances, which share nothing but the storage. The other one remembers sessions for half a minute.
        var clock = new ShiftedTime();
        await using var other = await VoxApp.StartAsync(
            backends, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock), tablePrefix: backends.App.TablePrefix);
        var server = await NewAsync(backends.App, "mallory", "alice");
        var session = await server.LogInAsync("mallory");
        var there = session with { App = other };
        var before = await there.SendMessageAsync("alice", "before");
        var message = $"/api/v1/conversations/{Text(before, "conversation")}/messages/1";

        await server.PostJsonAsync("moderation/mutes", new { userId = "mallory", reason = "Rude" });

        await session.PostAsync("/api/v1/messages", new { to = "alice", data = "x" }).ProblemAsync("muted");
        await session.SendAsync(new(HttpMethod.Patch, message) { Content = JsonContent.Create(new { data = "x" }) }).ProblemAsync("muted");
        await session.SendAsync(new(HttpMethod.Put, message + "/reactions") { Content = JsonContent.Create(new { emoji = "👍" }) })
            .ProblemAsync("muted");
        clock.Advance(TimeSpan.FromSeconds(31));
        await there.PostAsync("/api/v1/messages", new { to = "alice", data = "x" }).ProblemAsync("muted");
        await server.PostAsync("messages", new { from = "mallory", to = "alice", data = "x" }).ProblemAsync("muted");
        var later = await server.LogInAsync("mallory", other);
        await later.PostAsync("/api/v1/messages", new { to = "alice", data = "x" }).ProblemAsync("muted");
        using (var read = await later.GetConversationsAsync())
        {
            Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        }

        Assert.Equal("Rude", Text(Assert.Single((await server.GetJsonAsync("moderation/mutes")).GetProperty("users").EnumerateArray()),
            "reason"));
        await server.SendAsync(HttpMethod.Delete, "moderation/mutes/mallory").NoContentAsync();
        await session.SendMessageAsync("alice", "after");
    }

    [Fact]
    public async Task Mute_UserWithAPassword_CannotSendOverTheOldInterfaceEither()
    {
        var server = await NewAsync(backends.App, "alice");
        var bob = await server.Project.CreateUserAsync("bob");

        await server.PostJsonAsync("moderation/mutes", new { userId = "bob", until = TimeProvider.System.GetUtcNow().AddMinutes(5) });

        using var sent = await bob.PostChatAsync("alice", "x");
        Assert.Equal(HttpStatusCode.Forbidden, sent.StatusCode);
        Assert.Empty((await server.GetJsonAsync("users/bob/conversations")).GetProperty("conversations").EnumerateArray());
    }

    [Fact]
    public async Task GroupBan_MemberIsRemovedAndCannotComeBackBeforeItEnds()
    {
        var clock = new ShiftedTime();
        await using var app = await VoxApp.StartAsync(backends, clock);
        var server = await NewAsync(app, "alice", "mallory", "bob");
        var group = await server.PostJsonAsync("groups", new { id = "t", name = "Team", owner = "alice", members = (string[])["mallory"] });
        var (alice, mallory) = (await server.LogInAsync("alice"), await server.LogInAsync("mallory"));

        await BanAsync("mallory");
        await BanAsync("bob");

        await mallory.PostAsync("/api/v1/messages", new { to = Text(group, "conversation"), data = "x" }).ProblemAsync("not_a_member");
        await alice.PostAsync($"/api/v1/groups/{Text(group, "conversation")}/members", new { ids = (string[])["mallory"] })
            .ProblemAsync("banned");
        var added = await server.PostJsonAsync("groups/t/members", new { ids = (string[])["mallory", "bob"] });
        Assert.Equal(
            ["bob banned", "mallory banned"],
            added.GetProperty("refused").EnumerateArray().Select(one => $"{Text(one, "id")} {Text(one, "error")}")
                .Order(StringComparer.Ordinal));
        Assert.Equal(["bob", "mallory"], await BannedAsync());
        await server.SendAsync(HttpMethod.Delete, "groups/t/bans/bob").NoContentAsync();
        Assert.Equal(["mallory"], await BannedAsync());
        Assert.Equal(1, (await server.PostJsonAsync("groups/t/members", new { ids = (string[])["bob"] })).GetProperty("changed")
            .GetInt32());
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, (await server.PostJsonAsync("groups/t/members", new { ids = (string[])["mallory"] })).GetProperty("changed")
            .GetInt32());
        Assert.Empty(await BannedAsync());
        await server.PostAsync("groups/t/bans", new { userId = "alice" }).ProblemAsync("owner_stays");

        Task BanAsync(string userId) => server.PostJsonAsync("groups/t/bans", new { userId, until = clock.GetUtcNow().AddHours(1) });

        async Task<IEnumerable<string?>> BannedAsync() =>
            (await server.GetJsonAsync("groups/t/bans")).GetProperty("users").EnumerateArray().Select(user => Text(user, "userId"));
    }

    [Fact]
    public async Task List_InPages_HasEachOnce()
    {
        var server = await NewAsync(backends.App, "a", "b", "c", "ü");
        foreach (var userId in (string[])["a", "b", "c", "ü"])
        {
            await server.PostJsonAsync("moderation/mutes", new { userId });
        }

        var first = await server.GetJsonAsync("moderation/mutes?limit=3");
        var second = await server.GetJsonAsync("moderation/mutes?limit=3&cursor=" + Text(first, "next"));

        Assert.Equal(
            ["a", "b", "c", "ü"],
            first.GetProperty("users").EnumerateArray().Concat(second.GetProperty("users").EnumerateArray()).Select(user => Text(user,
                "userId")));
        Assert.False(second.TryGetProperty("next", out _));
        await server.GetAsync("moderation/bans?cursor=" + Text(first, "next")).ProblemAsync("invalid_field", "cursor");
    }

    [Theory]
    [InlineData("""{}""", "missing_field", "userId")]
    [InlineData("""{"userId":"nobody"}""", "user_not_found", "userId")]
    [InlineData("""{"userId":"a","until":"2020-01-01T00:00:00Z"}""", "invalid_field", "until")]
    [InlineData("""{"userId":"a","reason":"\u0007"}""", "invalid_field", "reason")]
    public async Task Moderate_WithWhatIsNotGood_NamesTheField(string body, string code, string field)
    {
        var server = await NewAsync(backends.App, "a");
        await server.PostJsonAsync("groups", new { id = "t", name = "Team", owner = "a" });

        foreach (var path in (string[])["moderation/bans", "moderation/mutes", "groups/t/bans"])
        {
            await server.PostAsync(path, JsonSerializer.Deserialize<JsonElement>(body)).ProblemAsync(code, field);
        }
    }

    [Fact]
    public async Task Delete_OfAUser_EndsTheirBan()
    {
        var server = await NewAsync(backends.App, "mallory");
        await server.PostJsonAsync("moderation/bans", new { userId = "mallory" });

        await server.SendAsync(HttpMethod.Delete, "users/mallory").NoContentAsync();

        Assert.Empty((await server.GetJsonAsync("moderation/bans")).GetProperty("users").EnumerateArray());
    }

    private static async Task<TestServer> NewAsync(VoxApp app, params string[] users)
    {
        var server = await (await app.CreateProjectAsync()).CreateServerAsync();
        await server.UpsertAsync(users);
        return server;
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
