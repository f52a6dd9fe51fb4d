using System.Text.Json;
using Vox.Tests.Changes;
using Vox.Tests.Fixture;

namespace Vox.Tests.Moderation;

/// <summary>Users flag, and moderators decide.</summary>
public sealed class FlagTests(Backends backends)
{
    private const string Flags = "/api/v1/flags";
    private const string Queue = "moderation/flags";

    [Fact]
    public async Task Flag_MessageAndUser_StandInTheQueueWithWhatIsAroundThem()
    {
        var (project, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var server = await project.CreateServerAsync();
        for (var n = 1; n <= 12; n++)
        {
            await bob.SayAsync("alice", $"text {n}");
        }

        var message = await bob.SayAsync("alice", "buy now");
        await FlagAsync(alice, message, "spam", "Again and again");
        await alice.PostJsonAsync(Flags, new { user = "bob", reason = "harassment" });

        var page = await server.GetJsonAsync(Queue);
        Assert.False(page.TryGetProperty("next", out _));
        Assert.Equal(["user", "message"], page.GetProperty("flags").EnumerateArray().Select(flag => flag.Text("kind")));
        var listed = page.GetProperty("flags")[1];
        Assert.Equal(
            ("bob", ChangeWorld.ConversationOf(message), 13, "open", 1, "spam"),
            (listed.Text("user"), listed.Text("conversation"), listed.Number("sequence"), listed.Text("state"), listed.Number("count"),
                listed.Text("reason")));
        var detail = await server.GetJsonAsync($"{Queue}/{listed.Text("id")}");
        var report = Assert.Single(detail.GetProperty("reports").EnumerateArray());
        Assert.Equal(("alice", "spam", "Again and again"), (report.Text("by"), report.Text("reason"), report.Text("text")));
        Assert.Equal(
            ["text 8", "text 9", "text 10", "text 11", "text 12", "buy now"],
            detail.GetProperty("messages").EnumerateArray().Select(shown => shown.Text("data")));
        var user = await server.GetJsonAsync($"{Queue}/{page.GetProperty("flags")[0].Text("id")}");
        Assert.Equal(0, user.GetProperty("messages").GetArrayLength());
        Assert.Equal("bob", user.GetProperty("flag").Text("user"));
        Assert.Empty((await server.GetJsonAsync(Queue + "?state=decided")).GetProperty("flags").EnumerateArray());
    }

    [Fact]
    public async Task Flag_OnceMore_CountsOncePerUserUntilItIsDecidedAndAMessageNeverAgain()
    {
        var (project, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var server = await project.CreateServerAsync();
        var carol = await (await project.CreateUserAsync("carol")).LogInAsync();
        var group = (await bob.PostJsonAsync("/api/v1/groups", new { name = "Team", members = new[] { "alice", "carol" } })).Text("id")!;
        var message = await bob.SayAsync(group, "x");

        Assert.False(await FlagAsync(alice, message, "spam"));
        Assert.True(await FlagAsync(alice, message, "hate"));
        Assert.False(await FlagUserAsync(alice));
        Assert.True(await FlagUserAsync(alice));
        foreach (var flag in await ListAsync(server))
        {
            Assert.Equal(1, flag.Number("count"));
            await server.PostJsonAsync($"{Queue}/{flag.Text("id")}/decision", new { action = "keep" });
        }

        Assert.Empty(await ListAsync(server));
        Assert.True(await FlagAsync(alice, message, "spam"));
        Assert.Empty(await ListAsync(server));
        Assert.False(await FlagUserAsync(alice));
        Assert.False(await FlagAsync(carol, message, "hate"));

        var open = await ListAsync(server);
        Assert.Equal([("message", 2L, "hate"), ("user", 2L, "spam")], open.Select(Shown));
        Assert.All(open, flag => Assert.Equal("keep", flag.GetProperty("decision").Text("action")));
        Assert.Empty((await server.GetJsonAsync(Queue + "?state=decided")).GetProperty("flags").EnumerateArray());

        async Task<bool> FlagUserAsync(TestSession by) =>
            (await by.PostJsonAsync(Flags, new { user = "bob", reason = "spam" })).GetProperty("duplicate").GetBoolean();
    }

    [Fact]
    public async Task Flag_OfManyAtOnceOnTwoInstances_CountsEachAndIsOneEntry()
    {
        await using var other = await VoxApp.StartAsync(backends, tablePrefix: backends.App.TablePrefix);
        var (project, _, bob) = await ChangeWorld.CreateAsync(backends.App);
        var server = await project.CreateServerAsync();
        var members = new List<TestSession>();
        for (var n = 0; n < 8; n++)
        {
            members.Add(await (await project.CreateUserAsync($"m{n}")).LogInAsync());
        }

        var group = (await bob.PostJsonAsync(
            "/api/v1/groups", new { name = "Team", members = members.Select(member => member.LoginId) })).Text("id")!;
        var message = await bob.SayAsync(group, "x");

        await Task.WhenAll(members.Select((member, n) => FlagAsync(n % 2 == 0 ? member : member with { App = other }, message, "spam")));

        var flag = Assert.Single(await ListAsync(server));
        Assert.Equal(8, flag.Number("count"));
        var detail = await server.GetJsonAsync($"{Queue}/{flag.Text("id")}");
        Assert.Equal(
            members.Select(member => member.LoginId), detail.GetProperty("reports").EnumerateArray().Select(r => r.Text("by")!).Order());
    }

    [Fact]
    public async Task Flag_WhatIsWrong_NamesTheField()
    {
        var (project, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var eve = await (await project.CreateUserAsync("eve")).LogInAsync();
        var message = await bob.SayAsync("alice", "x");
        var own = await alice.SayAsync("bob", "y");
        var conversation = ChangeWorld.ConversationOf(message);

        await PostAsync(new { }).ProblemAsync("missing_field", "reason");
        await PostAsync(new { reason = "spam" }).ProblemAsync("missing_field", "conversation");
        await PostAsync(new { reason = "spam", conversation }).ProblemAsync("missing_field", "sequence");
        await PostAsync(new { reason = "because", conversation, sequence = 1 }).ProblemAsync("invalid_field", "reason");
        await PostAsync(new { reason = "spam", conversation, sequence = 1, user = "bob" }).ProblemAsync("invalid_field", "user");
        await PostAsync(new { reason = "spam", conversation, sequence = 1, text = new string('x', 501) }).ProblemAsync("too_long", "text");
        await PostAsync(new { reason = "spam", conversation, sequence = 1, text = "a\u0001" }).ProblemAsync("invalid_field", "text");
        await PostAsync(new { reason = "spam", conversation, sequence = 99 }).ProblemAsync("message_not_found", "sequence");
        await PostAsync(new { reason = "spam", conversation, sequence = -1 }).ProblemAsync("message_not_found", "sequence");
        await PostAsync(new { reason = "spam", conversation, sequence = long.MaxValue }).ProblemAsync("message_not_found", "sequence");
        await PostAsync(new { reason = "spam", conversation = "a/b", sequence = 1 }).ProblemAsync("not_found", "conversation");
        await PostAsync(new { reason = "spam", user = "nobody" }).ProblemAsync("user_not_found", "user");
        await PostAsync(new { reason = "spam", user = "alice" }).ProblemAsync("invalid_field", "user");
        await PostAsync(new { reason = "spam", conversation, sequence = 2 }).ProblemAsync("invalid_field", "sequence");

        // Whoever does not see the conversation cannot flag in it, nor learn what is there.
        await eve.PostAsync(Flags, new { reason = "spam", conversation, sequence = 1 }).ProblemAsync("not_found", "conversation");
        await alice.DeleteAsync(own).JsonAsync();
        await bob.PostAsync(Flags, new { reason = "spam", conversation, sequence = 2 }).ProblemAsync("message_deleted");
        Assert.Empty(await ListAsync(await project.CreateServerAsync()));

        Task<HttpResponseMessage> PostAsync(object body) => alice.PostAsync(Flags, body);
    }

    [Fact]
    public async Task Flag_MoreThanFiftyTimesADay_IsRefusedUntilTheNextDay()
    {
        var clock = new ShiftedTime();
        await using var app = await VoxApp.StartAsync(backends, clock);
        var (_, alice, bob) = await ChangeWorld.CreateAsync(app);
        var messages = new List<string>();
        for (var n = 0; n < 51; n++)
        {
            messages.Add(await bob.SayAsync("alice", $"{n}"));
        }

        // Not over midnight.
        var now = clock.GetUtcNow();
        clock.Advance(now.Date.AddDays(1).AddMinutes(1) - now.UtcDateTime);
        alice = await alice.RefreshAsync();
        for (var n = 0; n < 50; n++)
        {
            Assert.False(await FlagAsync(alice, messages[n], "spam"));
        }

        await alice.PostAsync(Flags, Body(messages[50], "spam")).ProblemAsync("limit_reached");
        Assert.True(await FlagAsync(alice, messages[49], "spam"));
        clock.Advance(TimeSpan.FromDays(1));
        alice = await alice.RefreshAsync();

        Assert.False(await FlagAsync(alice, messages[50], "spam"));
    }

    [Fact]
    public async Task Decide_EachAction_IsDoneAndShown()
    {
        var (project, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var server = await project.CreateServerAsync();
        var message = await bob.SayAsync("alice", "x");
        await FlagAsync(alice, message, "spam");
        var path = $"{Queue}/{Assert.Single(await ListAsync(server)).Text("id")}/decision";

        Assert.Equal("decided", (await server.PostJsonAsync(path, new { action = "delete", note = "Spam" })).Text("state"));
        Assert.True((await alice.SeeAsync(message)).GetProperty("erased").GetBoolean());
        await server.PostJsonAsync(path, new { action = "delete" });
        await server.PostJsonAsync(path, new { action = "mute", until = TimeProvider.System.GetUtcNow().AddHours(1), note = "Once\nmore" });
        await bob.PostAsync("/api/v1/messages", new { to = "alice", data = "x" }).ProblemAsync("muted");
        var muted = Assert.Single((await server.GetJsonAsync("moderation/mutes")).GetProperty("users").EnumerateArray());
        Assert.Equal(("bob", "Once more", "Test"), (muted.Text("userId"), muted.Text("reason"), muted.Text("by")));
        var banned = await server.PostJsonAsync(path, new { action = "ban" });

        await bob.GetConversationsAsync().ProblemAsync("invalid_token");
        Assert.Equal(("ban", "Test"), (banned.GetProperty("decision").Text("action"), banned.GetProperty("decision").Text("by")));
        var decided = Assert.Single((await server.GetJsonAsync(Queue + "?state=decided")).GetProperty("flags").EnumerateArray());
        Assert.Equal(banned.GetRawText(), decided.GetRawText());
        Assert.Empty(await ListAsync(server));
    }

    [Fact]
    public async Task Decide_WhatIsWrong_NamesTheFieldAndDoesNothing()
    {
        var (project, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var server = await project.CreateServerAsync();
        await bob.SayAsync("alice", "x");
        await alice.PostJsonAsync(Flags, new { user = "bob", reason = "other" });
        var id = Assert.Single(await ListAsync(server)).Text("id");

        await DecideAsync(new { }).ProblemAsync("missing_field", "action");
        await DecideAsync(new { action = "burn" }).ProblemAsync("invalid_field", "action");
        await DecideAsync(new { action = "delete" }).ProblemAsync("invalid_field", "action");
        await DecideAsync(new { action = "keep", until = TimeProvider.System.GetUtcNow().AddHours(1) })
            .ProblemAsync("invalid_field", "until");
        await DecideAsync(new { action = "ban", until = TimeProvider.System.GetUtcNow().AddHours(-1) })
            .ProblemAsync("invalid_field", "until");
        await DecideAsync(new { action = "ban", note = new string('x', 201) }).ProblemAsync("too_long", "note");
        await server.GetAsync($"{Queue}/{new string('a', 27)}").ProblemAsync("not_found", "id");
        await server.GetAsync($"{Queue}/nothing").ProblemAsync("not_found", "id");
        await server.GetAsync(Queue + "?state=new").ProblemAsync("invalid_field", "state");
        await server.GetAsync(Queue + "?cursor=x").ProblemAsync("invalid_field", "cursor");
        foreach (var made in (string[])["a", "o|\u0001", "d|1", "o|'"])
        {
            var cursor = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("open flags\n" + made)).TrimEnd('=')
                .Replace('+', '-').Replace('/', '_');
            await server.GetAsync($"{Queue}?cursor={cursor}").ProblemAsync("invalid_field", "cursor");
        }


        // What is flagged in a project is nothing to another.
        var other = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        await other.GetAsync($"{Queue}/{id}").ProblemAsync("not_found", "id");
        await other.PostAsync($"{Queue}/{id}/decision", new { action = "keep" }).ProblemAsync("not_found", "id");
        using var gone = await project.DeleteUserAsync("bob");
        await DecideAsync(new { action = "ban" }).ProblemAsync("user_not_found", "action");
        Assert.Single(await ListAsync(server));

        Task<HttpResponseMessage> DecideAsync(object body) => server.PostAsync($"{Queue}/{id}/decision", body);
    }

    [Fact]
    public async Task Queue_InPages_HasEachOnceAndTheNewestFirst()
    {
        var (project, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var server = await project.CreateServerAsync();
        for (var n = 1; n <= 5; n++)
        {
            await FlagAsync(alice, await bob.SayAsync("alice", $"{n}"), "spam");
        }

        var (seen, cursor) = (new List<long>(), "");
        do
        {
            var page = await server.GetJsonAsync($"{Queue}?limit=2{(cursor.Length > 0 ? "&cursor=" + cursor : "")}");
            seen.AddRange(page.GetProperty("flags").EnumerateArray().Select(flag => flag.Number("sequence")));
            cursor = page.Text("next") ?? "";
        }
        while (cursor.Length > 0);

        Assert.Equal([5, 4, 3, 2, 1], seen);
    }

    private static (string?, long, string?) Shown(JsonElement flag) => (flag.Text("kind"), flag.Number("count"), flag.Text("reason"));

    private static object Body(string message, string reason, string? text = null) => new
    {
        conversation = ChangeWorld.ConversationOf(message),
        sequence = long.Parse(message.Split('/')[6]),
        reason,
        text,
    };

    /// <returns>Whether the answer says that it was flagged before.</returns>
    private static async Task<bool> FlagAsync(TestSession by, string message, string reason, string? text = null) =>
        (await by.PostJsonAsync(Flags, Body(message, reason, text))).GetProperty("duplicate").GetBoolean();

    private static async Task<List<JsonElement>> ListAsync(TestServer server) =>
        [.. (await server.GetJsonAsync(Queue)).GetProperty("flags").EnumerateArray()];
}
