using Vox.Tests.Fixture;

namespace Vox.Tests.Realtime;

public sealed class LiveMessageTests(Backends backends)
{
    [Fact]
    public async Task SendChat_RecipientConnected_ArrivesLiveAndInHistory()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await project.CreateUserAsync("bob");
        await using var live = await (await bob.LogInAsync()).ConnectAsync();

        await alice.SendChatAsync("bob", "Hello Bob");

        var message = await live.NextMessageAsync();
        Assert.Equal("Hello Bob", message.GetProperty("data").GetString());
        Assert.Equal("alice", message.GetProperty("from").GetString());
        Assert.Equal(1, message.GetProperty("sequence").GetInt64());
        var row = Assert.Single(await project.HistoryAsync());
        Assert.Equal(("alice", "bob", "Hello Bob", ""), (row.From, row.To, row.Data, row.Group));
    }

    [Fact]
    public async Task SendMessage_TwoDevicesEach_ReachesAllOfThemAndNobodyElse()
    {
        var project = await backends.App.CreateProjectAsync();
        var other = await backends.App.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        var (carol, namesake) = (await project.CreateUserAsync("carol"), await other.CreateUserAsync("bob"));
        var sender = await alice.LogInAsync();
        await using var aliceOne = await sender.ConnectAsync();
        await using var aliceTwo = await (await alice.LogInAsync()).ConnectAsync();
        await using var bobOne = await (await bob.LogInAsync()).ConnectAsync();
        await using var bobTwo = await (await bob.LogInAsync()).ConnectAsync();
        await using var carolLive = await (await carol.LogInAsync()).ConnectAsync();
        await using var namesakeLive = await (await namesake.LogInAsync()).ConnectAsync();

        var sent = await sender.SendMessageAsync("bob", "to all devices", "id-1");

        foreach (var live in new[] { aliceOne, aliceTwo, bobOne, bobTwo })
        {
            var message = await live.NextMessageAsync();
            Assert.Equal("to all devices", message.GetProperty("data").GetString());
            Assert.Equal("id-1", message.GetProperty("id").GetString());
            foreach (var same in new[] { "conversation", "sequence", "sentAt" })
            {
                Assert.Equal(sent.GetProperty(same).GetRawText(), message.GetProperty(same).GetRawText());
            }
        }

        // The messages that they now get on their own connections are the first ones, so none came before.
        await carol.SendChatAsync("carol", "only this");
        await namesake.SendChatAsync("bob", "only that");
        Assert.Equal("only this", (await carolLive.NextMessageAsync()).GetProperty("data").GetString());
        Assert.Equal("only that", (await namesakeLive.NextMessageAsync()).GetProperty("data").GetString());
    }

    [Fact]
    public async Task SendMessage_Repeated_IsPushedOnce()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        await using var live = await (await (await project.CreateUserAsync("bob")).LogInAsync()).ConnectAsync();

        await alice.SendMessageAsync("bob", "once", "id-1");
        Assert.True((await alice.SendMessageAsync("bob", "once", "id-1")).GetProperty("duplicate").GetBoolean());
        await alice.SendMessageAsync("bob", "next", "id-2");

        Assert.Equal("once", (await live.NextMessageAsync()).GetProperty("data").GetString());
        Assert.Equal("next", (await live.NextMessageAsync()).GetProperty("data").GetString());
    }

    [Fact]
    public async Task SendMessage_ToOneself_ArrivesOnce()
    {
        var alice = await (await (await backends.App.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();
        await using var live = await alice.ConnectAsync();

        await alice.SendMessageAsync("alice", "a note");
        await alice.SendMessageAsync("alice", "another");

        Assert.Equal("a note", (await live.NextMessageAsync()).GetProperty("data").GetString());
        Assert.Equal("another", (await live.NextMessageAsync()).GetProperty("data").GetString());
    }

    [Fact]
    public async Task Sync_AfterHavingBeenAway_GivesWhatWasMissed()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        await alice.SendChatAsync("bob", "1");
        var first = (await bob.PostJsonAsync("/api/v1/sync", new { })).GetProperty("conversations")[0];
        var conversation = first.GetProperty("conversation").GetString()!;
        await alice.SendChatAsync("bob", "2");
        await alice.SendChatAsync("bob", "3");

        var answer = await bob.PostJsonAsync(
            "/api/v1/sync",
            new { conversations = new Dictionary<string, long> { [conversation] = first.GetProperty("lastSequence").GetInt64() } });

        var changes = Assert.Single(answer.GetProperty("conversations").EnumerateArray());
        Assert.Equal(["2", "3"], changes.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("data").GetString()));
        Assert.True(changes.GetProperty("complete").GetBoolean());
    }

    [Fact]
    public async Task Sync_AfterAnOwnAnswer_UnreadIsThatOfTheList()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        await bob.SendMessageAsync("alice", "1");
        await bob.SendMessageAsync("alice", "2");

        Assert.Equal((2, 2, 2), await CountsAsync());
        await alice.SendMessageAsync("bob", "3");
        Assert.Equal((0, 0, 2), await CountsAsync());
        await bob.SendMessageAsync("alice", "4");
        Assert.Equal((1, 1, 4), await CountsAsync());

        async Task<(int Synced, int Listed, int LastOther)> CountsAsync()
        {
            var changes = (await alice.PostJsonAsync("/api/v1/sync", new { newest = 1 })).GetProperty("conversations")[0];
            var listed = (await alice.GetJsonAsync("/api/v1/conversations")).GetProperty("conversations")[0];
            return (
                changes.GetProperty("unread").GetInt32(), listed.GetProperty("unread").GetInt32(),
                changes.GetProperty("lastOther").GetInt32());
        }
    }
}
