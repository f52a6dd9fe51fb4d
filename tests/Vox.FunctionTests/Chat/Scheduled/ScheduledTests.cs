using System.Net.Http.Json;
using System.Text.Json;
using Vox.Chat.Scheduled;
using Vox.Chat.Users;
using Vox.Tests.Fixture;
using Vox.Tests.Groups;

namespace Vox.Tests.Scheduled;

public sealed class ScheduledTests(Backends backends)
{
    [Fact]
    public async Task Schedule_WhenDue_IsSentOnceInOrderByTwoProcessesAtOnce()
    {
        var clock = new ShiftedTime();
        await using var one = await VoxApp.StartAsync(backends, clock);
        await using var two = await VoxApp.StartAsync(
            backends, configure: builder => builder.Services.Add(ServiceOf(clock)), tablePrefix: one.TablePrefix);
        var world = await GroupWorld.CreateAsync(backends, one, "alice", "bob");
        var alice = world["alice"];
        var first = Milliseconds(clock.GetUtcNow().AddMinutes(2));
        for (var i = 9; i >= 0; i--)
        {
            await ScheduleAsync(alice, new
            {
                to = "bob",
                data = $"{i}",
                sendAt = first + i,
                custom = new { i },
                silent = true,
            });
        }

        var later = await ScheduleAsync(alice, new { to = "bob", data = "tomorrow", sendAt = first + 86_400_000L });
        Assert.Equal(
            [.. Enumerable.Range(0, 10).Select(i => $"{i}"), "tomorrow"],
            (await ListAsync(alice)).Select(message => Text(message, "data")));
        Assert.Empty(await ListAsync(world["bob"]));
        await BothAsync(one, two);
        Assert.Equal(11, (await ListAsync(alice)).Count);

        clock.Advance(TimeSpan.FromMinutes(3));
        await BothAsync(one, two);
        await BothAsync(one, two);

        alice = await alice.RefreshAsync();
        var messages = (await alice.GetJsonAsync("/api/v1/messages?with=bob")).GetProperty("messages").EnumerateArray().Reverse().ToList();
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), messages.Select(message => Text(message, "data")));
        Assert.All(messages, message => Assert.True(message.GetProperty("silent").GetBoolean()));
        Assert.Equal(3, messages[3].GetProperty("custom").GetProperty("i").GetInt32());
        Assert.Equal(Text(later, "id"), Text(Assert.Single(await ListAsync(alice)), "id"));
        Assert.Single(await DueAsync(one));
    }

    [Fact]
    public async Task Schedule_ChangedAndDeleted_IsSentAsItIsThen()
    {
        var clock = new ShiftedTime();
        await using var app = await VoxApp.StartAsync(backends, clock);
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        var alice = world["alice"];
        var at = Milliseconds(clock.GetUtcNow().AddMinutes(2));
        var kept = Text(await ScheduleAsync(alice, new { to = "bob", data = "first", sendAt = at }), "id");
        var gone = Text(await ScheduleAsync(alice, new { to = "bob", data = "gone", sendAt = at }), "id");
        var put = Text(await ScheduleAsync(alice, new { to = "bob", data = "put off", sendAt = at }), "id");

        await ChangeAsync(alice, kept, new { data = "second" }).JsonAsync();
        await ChangeAsync(alice, put, new { sendAt = at + 3_600_000 }).JsonAsync();
        using (await alice.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/scheduled/{gone}")))
        {
        }

        clock.Advance(TimeSpan.FromMinutes(3));
        await app.Get<ScheduledWork>().RunAsync(CancellationToken.None);

        alice = await alice.RefreshAsync();
        var page = await alice.GetJsonAsync("/api/v1/messages?with=bob");
        Assert.Equal("second", Text(Assert.Single(page.GetProperty("messages").EnumerateArray()), "data"));
        await ChangeAsync(alice, kept, new { data = "third" }).ProblemAsync("not_found");
        await ChangeAsync(alice, gone, new { data = "third" }).ProblemAsync("not_found");
        await ChangeAsync(await world["bob"].RefreshAsync(), put, new { data = "mine" }).ProblemAsync("not_found");
        clock.Advance(TimeSpan.FromHours(1));
        await app.Get<ScheduledWork>().RunAsync(CancellationToken.None);
        var sent = await (await alice.RefreshAsync()).GetJsonAsync("/api/v1/messages?with=bob");
        Assert.Equal(2, sent.GetProperty("lastSequence").GetInt32());
        Assert.Empty(await DueAsync(app));
    }

    [Fact]
    public async Task Schedule_RefusedWhenDue_IsKeptWithTheReasonUntilItIsChanged()
    {
        var clock = new ShiftedTime();
        await using var app = await VoxApp.StartAsync(backends, clock);
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob", "cat");
        var group = await world.CreateGroupAsync("cat", "alice", "bob");
        var at = Milliseconds(clock.GetUtcNow().AddMinutes(2));
        foreach (var to in new[] { "bob", "cat", "nobody", group })
        {
            await ScheduleAsync(world["alice"], new { to, data = "x", sendAt = at });
        }

        await world["bob"].PostAsync("/api/v1/blocks", new { id = "alice" });
        Assert.Equal("ok", await world.LeaveAsync("alice", group));
        clock.Advance(TimeSpan.FromMinutes(3));
        await app.Get<ScheduledWork>().RunAsync(CancellationToken.None);

        var alice = await world["alice"].RefreshAsync();
        Assert.Equal(
            ["bob:blocked", $"{group}:not_a_member", "nobody:recipient_not_found"],
            (await ListAsync(alice)).Select(message => $"{Text(message, "to")}:{Text(message, "reason")}")
                .OrderBy(text => text.StartsWith("nobody", StringComparison.Ordinal)).ThenBy(text => text, StringComparer.Ordinal));
        Assert.Empty(await DueAsync(app));
        var bob = await world["bob"].RefreshAsync();
        using (await bob.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/v1/blocks?id=alice")))
        {
        }

        var refused = (await ListAsync(alice)).Single(message => Text(message, "to") == "bob");
        await ChangeAsync(alice, Text(refused, "id"), new { data = "again" }).JsonAsync();
        await app.Get<ScheduledWork>().RunAsync(CancellationToken.None);
        var page = await alice.GetJsonAsync("/api/v1/messages?with=bob");
        Assert.Equal("again", Text(Assert.Single(page.GetProperty("messages").EnumerateArray()), "data"));
    }

    [Fact]
    public async Task Schedule_SenderDisabledOrDeleted_SendsNothing()
    {
        var clock = new ShiftedTime();
        await using var app = await VoxApp.StartAsync(backends, clock);
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob", "cat");
        var at = Milliseconds(clock.GetUtcNow().AddMinutes(2));
        await ScheduleAsync(world["alice"], new { to = "cat", data = "x", sendAt = at });
        await ScheduleAsync(world["bob"], new { to = "cat", data = "x", sendAt = at });
        var project = await world.Project.ReadAsync();
        await app.Get<UserService>().ChangeAsync(project, "alice", null, disabled: true, CancellationToken.None);
        using (await world.Project.DeleteUserAsync("bob"))
        {
        }

        Assert.Single(await DueAsync(app));
        clock.Advance(TimeSpan.FromMinutes(3));
        await app.Get<ScheduledWork>().RunAsync(CancellationToken.None);

        var kept = Assert.Single(await app.Get<ScheduledStore>().ListAsync(
            project.Id, world["alice"].Identity.Uid, CancellationToken.None));
        Assert.Equal("user_disabled", kept.Reason);
        Assert.Empty(await app.Get<ScheduledStore>().ListAsync(project.Id, world["bob"].Identity.Uid, CancellationToken.None));
        Assert.Empty(await world.Project.HistoryAsync());
    }

    [Fact]
    public async Task Schedule_SameClientMessageId_IsScheduledOnce()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob");
        var at = Milliseconds(TimeProvider.System.GetUtcNow().AddMinutes(5));

        var first = await ScheduleAsync(world["alice"], new { to = "bob", data = "x", sendAt = at, clientMessageId = "s1" });
        var second = await ScheduleAsync(world["alice"], new { to = "bob", data = "y", sendAt = at, clientMessageId = "s1" });

        Assert.Equal(first.GetRawText(), second.GetRawText());
        Assert.Single(await ListAsync(world["alice"]));
    }

    [Theory]
    [InlineData(0, "x", "invalid_field", "sendAt")]
    [InlineData(-60, "x", "invalid_field", "sendAt")]
    [InlineData(30, "x", "invalid_field", "sendAt")]
    [InlineData(367 * 86_400, "x", "invalid_field", "sendAt")]
    [InlineData(120, "", "missing_field", "data")]
    public async Task Schedule_BadField_IsRefused(int seconds, string data, string code, string field)
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob");
        var at = Milliseconds(TimeProvider.System.GetUtcNow().AddSeconds(seconds));

        await world["alice"].PostAsync("/api/v1/scheduled", new { to = "bob", data, sendAt = at }).ProblemAsync(code, field);
        await world["alice"].PostAsync("/api/v1/scheduled", new { to = "bob", data = "x" }).ProblemAsync("invalid_field", "sendAt");
        await ChangeAsync(world["alice"], "a%2Fb", new { data = "x" }).ProblemAsync("not_found");
        Assert.Empty(await ListAsync(world["alice"]));
    }

    [Fact]
    public async Task Schedule_OneMoreThanAllowed_IsRefused()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob");
        var at = Milliseconds(TimeProvider.System.GetUtcNow().AddMinutes(5));
        for (var i = 0; i < ScheduledService.MaxPerUser; i++)
        {
            await ScheduleAsync(world["alice"], new { to = "bob", data = "x", sendAt = at });
        }

        await world["alice"].PostAsync("/api/v1/scheduled", new { to = "bob", data = "x", sendAt = at }).ProblemAsync("limit_reached");
    }

    private static Microsoft.Extensions.DependencyInjection.ServiceDescriptor ServiceOf(TimeProvider clock) =>
        Microsoft.Extensions.DependencyInjection.ServiceDescriptor.Singleton(clock);

    private static Task BothAsync(VoxApp one, VoxApp two) => Task.WhenAll(
        one.Get<ScheduledWork>().RunAsync(CancellationToken.None), two.Get<ScheduledWork>().RunAsync(CancellationToken.None));

    private static Task<List<ScheduledDue>> DueAsync(VoxApp app) =>
        app.Get<ScheduledStore>().DueAsync(TimeProvider.System.GetUtcNow().AddDays(400), 1_000, CancellationToken.None);

    private static Task<JsonElement> ScheduleAsync(TestSession session, object body) => session.PostJsonAsync("/api/v1/scheduled", body);

    private static Task<HttpResponseMessage> ChangeAsync(TestSession session, string id, object body) => session.SendAsync(
        new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/scheduled/{id}") { Content = JsonContent.Create(body) });

    private static async Task<List<JsonElement>> ListAsync(TestSession session) =>
        [.. (await session.GetJsonAsync("/api/v1/scheduled")).GetProperty("scheduled").EnumerateArray()];

    private static long Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
