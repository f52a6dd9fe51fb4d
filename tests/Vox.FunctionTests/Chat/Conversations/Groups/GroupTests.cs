using Vox.Tests.Fixture;
using static Vox.Tests.Groups.GroupWorld;

namespace Vox.Tests.Groups;

public sealed class GroupTests(Backends backends)
{
    [Fact]
    public async Task CreateGroup_WithMembers_AllSeeItAndAreJoined()
    {
        var world = await WorldAsync("alice", "bob", "carol");
        await using var live = await world["bob"].ConnectAsync();

        var group = await world.CreateGroupAsync("alice", "bob", "carol", "bob");

        foreach (var user in world.Sessions.Keys)
        {
            Assert.Equal("alice:owner bob:member carol:member", await world.MembersAsync(user, group));
            var mine = Assert.Single((await world[user].GetJsonAsync("/api/v1/groups")).GetProperty("groups").EnumerateArray());
            Assert.Equal((group, "Friends", 3), (Text(mine, "id"), Text(mine, "name"), Number(mine, "memberCount")));
            Assert.True(await world.IsJoinedAsync(user, group));
        }

        var heard = await live.NextAsync("group");
        Assert.Equal(("USER-ADDED", group, "Friends"), (Text(heard, "type"), Text(heard, "group"), Text(heard, "name")));
        Assert.Equal(["bob", "carol"], Texts(heard, "members").Order());
        Assert.Equal(["alice"], Texts(heard, "admins"));
    }

    [Fact]
    public async Task CreateGroup_SameIdempotencyKey_IsTheSameGroup()
    {
        var world = await WorldAsync("alice");

        var created = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/groups")
            {
                Content = System.Net.Http.Json.JsonContent.Create(new { name = "One" })
            };
            request.Headers.Add("Idempotency-Key", "create-1");
            using var response = await world["alice"].SendAsync(request);
            return Text(
                System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(await response.Content.ReadAsStringAsync()),
                "id");
        }));

        Assert.Single(created.Distinct());
        Assert.Single((await world["alice"].GetJsonAsync("/api/v1/groups")).GetProperty("groups").EnumerateArray());
    }

    [Fact]
    public async Task SendMessage_ToAGroup_ReachesMembersLiveInHistoryAndInTheLog()
    {
        var world = await WorldAsync("alice", "bob", "carol");
        var group = await world.CreateGroupAsync("alice", "bob", "carol");
        await using var bob = await world["bob"].ConnectAsync();
        await using var alice = await world["alice"].ConnectAsync();

        await world["alice"].SendMessageAsync(group, "Hello all", "id-1");

        foreach (var client in new[] { bob, alice })
        {
            var message = await client.NextMessageAsync();
            Assert.Equal(
                ("alice", group, group, "Hello all"),
                (Text(message, "from"), Text(message, "to"), Text(message, "conversation"), Text(message, "data")));
            Assert.True(message.GetProperty("group").GetBoolean());
            Assert.Equal(1, Number(message, "sequence"));
        }

        Assert.Equal(["Hello all"], await world.TextsAsync("carol", group));
        await world.Project.App.SettleAsync(world.Project.Id);
        var row = Assert.Single(await world.Project.HistoryAsync());
        Assert.Equal(("alice", group, "Hello all", "Friends"), (row.From, row.To, row.Data, row.Group));
        Assert.Single(await world.Project.HistoryAsync(query: "tonumber=" + group));
    }

    [Fact]
    public async Task SendChat_RecipientIsAGroup_OnlyMembersMay()
    {
        var world = await WorldAsync("alice", "bob", "eve");
        var group = await world.CreateGroupAsync("alice", "bob");

        using var sent = await new TestUser(world.Project, "bob", "secret").PostChatAsync(group, "over REST", "rest-1");
        using var again = await new TestUser(world.Project, "bob", "secret").PostChatAsync(group, "over REST", "rest-1");
        using var refused = await new TestUser(world.Project, "eve", "secret").PostChatAsync(group, "let me in");

        Assert.Equal((200, 200, 403), ((int)sent.StatusCode, (int)again.StatusCode, (int)refused.StatusCode));
        Assert.Equal(["over REST"], await world.TextsAsync("alice", group));
    }

    [Fact]
    public async Task AddAndRemove_Later_EachSeesHisPeriodOnly()
    {
        var world = await WorldAsync("alice", "bob");
        var group = await world.CreateGroupAsync("alice");
        await world["alice"].SendMessageAsync(group, "before");
        Assert.Equal("ok", await world.AddAsync("alice", group, "bob"));
        await world["alice"].SendMessageAsync(group, "during");
        Assert.Equal("ok", await world.RemoveAsync("alice", group, "bob"));
        await world["alice"].SendMessageAsync(group, "after");

        Assert.Equal(["during"], await world.TextsAsync("bob", group));
        var page = await world["bob"].GetJsonAsync($"/api/v1/messages?conversation={group}&before=100");
        Assert.Equal(
            (2, 2, 1), (Number(page, "lastSequence"), Number(page, "firstSequence"), page.GetProperty("messages").GetArrayLength()));
        var listed = Assert.Single(
            (await world["bob"].GetJsonAsync("/api/v1/conversations")).GetProperty("conversations").EnumerateArray());
        Assert.True(listed.GetProperty("closed").GetBoolean());
        Assert.Equal("during", Text(listed.GetProperty("lastMessage"), "data"));
        var sync = await world["bob"].PostJsonAsync("/api/v1/sync", new { conversations = new Dictionary<string, long> { [group] = 0 } });
        var changes = sync.GetProperty("conversations")[0];
        Assert.Equal(["during"], changes.GetProperty("messages").EnumerateArray().Select(m => Text(m, "data")));
        Assert.True(changes.GetProperty("complete").GetBoolean());
        Assert.Equal("403 not_a_member", await world.SendAsync("bob", group, "still here?"));
        Assert.Equal("403 not_a_member", await CodeAsync(world["bob"].GetAsync($"/api/v1/groups/{group}")));
        Assert.Empty((await world["bob"].GetJsonAsync("/api/v1/groups")).GetProperty("groups").EnumerateArray());
        Assert.False(await world.IsJoinedAsync("bob", group));
        Assert.Equal(["before", "during", "after"], await world.TextsAsync("alice", group));
    }

    [Fact]
    public async Task History_OptionAll_NewMembersSeeEverything()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Groups:History=All"]);
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        var group = await world.CreateGroupAsync("alice");
        await world["alice"].SendMessageAsync(group, "before");

        await world.AddAsync("alice", group, "bob");

        Assert.Equal(["before"], await world.TextsAsync("bob", group));
    }

    [Fact]
    public async Task SendMessage_RepeatedAfterRemoval_HasItsFirstResult()
    {
        var world = await WorldAsync("alice", "bob");
        var group = await world.CreateGroupAsync("alice", "bob");
        await world["bob"].SendMessageAsync(group, "mine", "m-1");
        await world.RemoveAsync("alice", group, "bob");

        var again = await world["bob"].SendMessageAsync(group, "mine", "m-1");

        Assert.True(again.GetProperty("duplicate").GetBoolean());
        Assert.Equal(1, Number(again, "sequence"));
        Assert.Equal("403 not_a_member", await world.SendAsync("bob", group, "new", "m-2"));
    }

    [Fact]
    public async Task GetChatHistory_GroupWasRenamed_EachMessageHasTheNameOfItsTime()
    {
        var world = await WorldAsync("alice", "bob");
        var group = await world.CreateGroupAsync("alice", "bob");
        await world["alice"].SendMessageAsync(group, "one");
        await world.UpdateAsync("alice", group, new { name = "Others" });
        using var sent = await new TestUser(world.Project, "bob", "secret").PostChatAsync(group, "two");
        await world["alice"].SendMessageAsync("bob", "three");
        await world.DeleteAsync("alice", group);
        using var late = await new TestUser(world.Project, "bob", "secret").PostChatAsync(group, "four");
        await world.Project.App.SettleAsync(world.Project.Id);

        Assert.Equal((200, 404), ((int)sent.StatusCode, (int)late.StatusCode));
        var rows = await world.Project.HistoryAsync();
        Assert.Equal(
            [("alice", "bob", "three", ""), ("bob", group, "two", "Others"), ("alice", group, "one", "Friends")],
            rows.Select(row => (row.From, row.To, row.Data, row.Group)));
        Assert.Equal(["two", "one"], (await world.Project.HistoryAsync(query: "tonumber=" + group)).Select(row => row.Data));
        Assert.Equal(["two"], (await world.Project.HistoryAsync(query: $"tonumber={group}&fromnumber=bob")).Select(row => row.Data));
    }

    [Fact]
    public async Task Sync_OfAGroup_TellsItsNameAndThatItIsClosed()
    {
        var world = await WorldAsync("alice", "bob");
        var group = await world.CreateGroupAsync("alice", "bob");
        await world["alice"].SendMessageAsync(group, "one");

        var before = (await world["bob"].PostJsonAsync("/api/v1/sync", new { newest = 10 })).GetProperty("conversations")[0];
        await world.RemoveAsync("alice", group, "bob");
        var after = (await world["bob"].PostJsonAsync("/api/v1/sync", new { newest = 10 })).GetProperty("conversations")[0];

        Assert.Equal(("Friends", "Friends"), (Text(before, "name"), Text(after, "name")));
        Assert.Equal((false, true), (before.TryGetProperty("closed", out _), after.GetProperty("closed").GetBoolean()));
    }

    [Fact]
    public async Task Receipts_OfMembers_AuthorHearsAndSeesWho()
    {
        var world = await WorldAsync("alice", "bob", "carol");
        var group = await world.CreateGroupAsync("alice", "bob", "carol");
        await using var alice = await world["alice"].ConnectAsync();
        await using var carol = await world["carol"].ConnectAsync();
        await world["alice"].SendMessageAsync(group, "one");
        await world["bob"].SendMessageAsync(group, "two");
        Assert.Equal(1, await UnreadAsync(world, "alice"));
        Assert.Equal(0, await UnreadAsync(world, "bob"));
        Assert.Equal(2, await UnreadAsync(world, "carol"));

        await world["bob"].PostJsonAsync(
            "/api/v1/receipts", new { receipts = new[] { new { conversation = group, delivered = 2, read = 1 } } });

        var heard = await alice.NextAsync("receipt");
        Assert.Equal((group, "bob", 2, 1), (Text(heard, "with"), Text(heard, "by"), Number(heard, "delivered"), Number(heard, "read")));
        Assert.True(heard.GetProperty("group").GetBoolean());
        var one = await world["alice"].GetJsonAsync($"/api/v1/groups/{group}/receipts?sequence=1");
        Assert.Equal((2, 1, 1), (Number(one, "of"), Number(one, "delivered"), Number(one, "read")));
        Assert.Equal(["bob", "carol"], one.GetProperty("members").EnumerateArray().Select(m => Text(m, "id")).Order());
        await world["carol"].PostJsonAsync("/api/v1/receipts", new { receipts = new[] { new { conversation = group, read = 9 } } });
        Assert.Equal(0, await UnreadAsync(world, "carol"));
        one = await world["alice"].GetJsonAsync($"/api/v1/groups/{group}/receipts?sequence=1");
        Assert.Equal(2, Number(one, "read"));
        Assert.Equal("404 not_found", await CodeAsync(world["alice"].GetAsync($"/api/v1/groups/{group}/receipts?sequence=3")));
        Assert.Equal("carol", Text(await carol.NextAsync("receipt"), "by"));
        Assert.False(carol.Has("receipt"));
    }

    [Fact]
    public async Task Block_ForOneself_NoPushesAndHiddenUntilUnblocked()
    {
        var world = await WorldAsync("alice", "bob");
        var group = await world.CreateGroupAsync("alice", "bob");
        await world["alice"].SendMessageAsync(group, "one");
        Assert.Equal("ok", await world.BlockAsync("bob", group));
        await using var live = await world["bob"].ConnectAsync();

        await world["alice"].SendMessageAsync(group, "two");

        Assert.False(await world.IsJoinedAsync("bob", group));
        Assert.Empty((await world["bob"].GetJsonAsync("/api/v1/conversations")).GetProperty("conversations").EnumerateArray());
        Assert.Equal("alice:owner bob:member", await world.MembersAsync("alice", group));
        Assert.Equal("ok", await world.BlockAsync("bob", group, blocked: false));
        await world["alice"].SendMessageAsync(group, "three");
        Assert.Equal("three", Text(await live.NextMessageAsync(), "data"));
        Assert.Equal(["one", "two", "three"], await world.TextsAsync("bob", group));

        await world.BlockAsync("bob", group);
        await world.LeaveAsync("bob", group);
        Assert.Equal("403 blocked", await world.AddAsync("alice", group, "bob"));
        await world.BlockAsync("bob", group, blocked: false);
        Assert.Equal("ok", await world.AddAsync("alice", group, "bob"));
    }

    private static async Task<long> UnreadAsync(GroupWorld world, string user) =>
        Number((await world[user].GetJsonAsync("/api/v1/conversations")).GetProperty("conversations")[0], "unread");

    private Task<GroupWorld> WorldAsync(params string[] users) => GroupWorld.CreateAsync(backends, backends.App, users);
}
