using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;
using Vox.Tests.Fixture;

namespace Vox.Tests.Changes;

public sealed class EditTests(Backends backends)
{
    [Fact]
    public async Task Edit_ByTheAuthor_IsSeenInHistorySyncAndLive()
    {
        var (_, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var message = await alice.SayAsync("bob", "Helo");
        var conversation = ChangeWorld.ConversationOf(message);
        await using var live = await bob.ConnectAsync();
        await using var own = await alice.ConnectAsync();

        var answer = await alice.EditAsync(message, "Hello").JsonAsync();

        Assert.Equal(1, answer.Number("change"));
        Assert.False(answer.GetProperty("duplicate").GetBoolean());
        Assert.Equal("Hello", answer.GetProperty("message").Text("data"));
        foreach (var client in new[] { live, own })
        {
            var told = await client.NextAsync("change");
            Assert.Equal("edited", told.Text("kind"));
            Assert.Equal("alice", told.Text("by"));
            Assert.Equal(1, told.Number("change"));
            Assert.Equal(1, told.Number("sequence"));
            Assert.Equal("Hello", told.GetProperty("message").Text("data"));
            Assert.True(told.GetProperty("message").Number("editedAt") > 0);
        }

        var seen = await bob.SeeAsync(message);
        Assert.Equal(("Hello", 1L), (seen.Text("data"), seen.Number("change")));
        Assert.True(seen.Number("editedAt") >= seen.Number("sentAt"));
        var list = await bob.GetJsonAsync("/api/v1/conversations");
        Assert.Equal(1, list.GetProperty("conversations")[0].Number("lastChange"));
        var sync = await bob.PostJsonAsync("/api/v1/sync", new
        {
            conversations = new Dictionary<string, long> { [conversation] = 1 },
            changes = new Dictionary<string, long> { [conversation] = 0 },
        });
        var synced = sync.GetProperty("conversations")[0];
        Assert.Equal(1, synced.Number("changedThrough"));
        Assert.Equal("Hello", Assert.Single(synced.GetProperty("changed").EnumerateArray()).Text("data"));
    }

    [Fact]
    public async Task Sync_OnlyChangesMissed_NamesTheConversation()
    {
        var (_, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var message = await alice.SayAsync("bob", "one");
        var conversation = ChangeWorld.ConversationOf(message);
        await bob.PostJsonAsync("/api/v1/receipts", new { receipts = new[] { new { conversation, delivered = 1 } } });
        await alice.EditAsync(message, "two").JsonAsync();

        var missed = await bob.PostJsonAsync("/api/v1/sync", new { changes = new Dictionary<string, long> { [conversation] = 0 } });
        var nothing = await bob.PostJsonAsync("/api/v1/sync", new { changes = new Dictionary<string, long> { [conversation] = 1 } });
        var beyond = await bob.PostJsonAsync("/api/v1/sync", new { changes = new Dictionary<string, long> { [conversation] = 7 } });

        Assert.Equal("two", missed.GetProperty("conversations")[0].GetProperty("changed")[0].Text("data"));
        Assert.Empty(nothing.GetProperty("conversations").EnumerateArray());
        Assert.True(beyond.GetProperty("conversations")[0].GetProperty("changesReset").GetBoolean());
    }

    [Fact]
    public async Task Changes_AfterANumber_HaveEachTouchedMessageOnceAsItIsNow()
    {
        var (_, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var messages = new List<string>();
        for (var n = 1; n <= 4; n++)
        {
            messages.Add(await alice.SayAsync("bob", $"m{n}"));
        }

        await alice.EditAsync(messages[0], "a").JsonAsync();
        await alice.EditAsync(messages[2], "b").JsonAsync();
        await alice.EditAsync(messages[0], "c").JsonAsync();
        var path = $"/api/v1/conversations/{ChangeWorld.ConversationOf(messages[0])}/changes";

        var all = await bob.GetJsonAsync(path);
        Assert.Equal((3, 3), (all.Number("lastChange"), all.Number("through")));
        Assert.Equal(["1 c 3", "3 b 2"], all.GetProperty("messages").EnumerateArray().Select(m =>
            $"{m.Number("sequence")} {m.Text("data")} {m.Number("change")}"));
        var first = await bob.GetJsonAsync(path + "?after=0&size=1");
        Assert.Equal(1, first.Number("through"));
        Assert.Equal("c", first.GetProperty("messages")[0].Text("data"));
        Assert.Empty((await bob.GetJsonAsync(path + "?after=3")).GetProperty("messages").EnumerateArray());
        Assert.True((await bob.GetJsonAsync(path + "?after=4")).GetProperty("reset").GetBoolean());
    }

    [Fact]
    public async Task Edit_RepeatedWithTheSameId_ChangesNothing()
    {
        var (_, alice, _) = await ChangeWorld.CreateAsync(backends.App);
        var message = await alice.SayAsync("bob", "one");
        await alice.EditAsync(message, "two", "e1").JsonAsync();
        await alice.EditAsync(message, "three", "e2").JsonAsync();

        var again = await alice.EditAsync(message, "two", "e1").JsonAsync();
        var same = await alice.EditAsync(message, "three").JsonAsync();

        Assert.True(again.GetProperty("duplicate").GetBoolean());
        Assert.Equal("three", again.GetProperty("message").Text("data"));
        Assert.True(same.GetProperty("duplicate").GetBoolean());
        Assert.Equal(2, (await alice.SeeAsync(message)).Number("change"));
    }

    [Fact]
    public async Task Edit_ManyAtOnceAmongSends_AreAllThereWithoutGaps()
    {
        var (_, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var message = await alice.SayAsync("bob", "start");
        var reply = await bob.SayAsync("alice", "reply");

        await Task.WhenAll(Enumerable.Range(0, 60).Select(async n =>
        {
            await alice.EditAsync(message, $"a{n}").JsonAsync();
            await bob.EditAsync(reply, $"b{n}").JsonAsync();
            await alice.SendMessageAsync("bob", $"m{n}");
        }));

        var page = await bob.GetJsonAsync("/api/v1/messages?with=alice&size=100");
        Assert.Equal((62, 120), (page.Number("lastSequence"), page.Number("lastChange")));
        var changes = await bob.GetJsonAsync($"/api/v1/conversations/{ChangeWorld.ConversationOf(message)}/changes?size=1000");
        Assert.Equal(2, changes.GetProperty("messages").GetArrayLength());
        Assert.Equal(120, changes.GetProperty("messages").EnumerateArray().Max(m => m.Number("change")));
    }

    [Fact]
    public async Task Edit_WithWhatIsNotAllowed_IsRefusedAndChangesNothing()
    {
        var (project, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var carol = await (await project.CreateUserAsync("carol")).LogInAsync();
        var message = await alice.SayAsync("bob", "text");
        var place = ChangeWorld.PathOf(await alice.PostJsonAsync(
            "/api/v1/messages", new { to = "bob", data = "{\"lat\":1,\"lon\":2}", type = 3 }));

        await bob.EditAsync(message, "mine").ProblemAsync("not_author", "sequence");
        await carol.EditAsync(message, "mine").ProblemAsync("not_found", "conversation");
        await alice.EditAsync(message, "").ProblemAsync("missing_field", "data");
        await alice.EditAsync(message, null).ProblemAsync("missing_field", "data");
        await alice.EditAsync(message, new string('x', 16_001)).ProblemAsync("too_long", "data");
        await alice.EditAsync(message, "a\0b").ProblemAsync("invalid_field", "data");
        await alice.EditAsync(message, "b", new string('x', 65)).ProblemAsync("too_long", "clientChangeId");
        await alice.EditAsync(message, "b", "a b").ProblemAsync("invalid_field", "clientChangeId");
        await alice.EditAsync(message, "b", tip: new string('x', 201)).ProblemAsync("too_long", "tip");
        await alice.EditAsync(place, "b").ProblemAsync("not_editable", "sequence");
        await alice.EditAsync(message[..^1] + "9", "b").ProblemAsync("message_not_found", "sequence");
        await alice.EditAsync(message[..^1] + "0", "b").ProblemAsync("message_not_found", "sequence");
        await alice.EditAsync(message[..^1] + "99999999999999999999", "b").ProblemAsync("message_not_found", "sequence");
        await alice.EditAsync(message[..^1] + "x", "b").ProblemAsync("message_not_found", "sequence");
        await alice.EditAsync("/api/v1/conversations/dNothing/messages/1", "b").ProblemAsync("not_found", "conversation");
        await alice.EditAsync("/api/v1/conversations/a%20b/messages/1", "b").ProblemAsync("not_found", "conversation");
        await alice.EditAsync("/api/v1/conversations/gNothing000000000000000/messages/1", "b").ProblemAsync("group_not_found");
        await alice.GetAsync($"/api/v1/conversations/{ChangeWorld.ConversationOf(message)}/changes?after=-1").ProblemAsync("invalid_field");
        await carol.GetAsync($"/api/v1/conversations/{ChangeWorld.ConversationOf(message)}/changes").ProblemAsync("not_found");

        Assert.Equal("text", (await bob.SeeAsync(message)).Text("data"));
        Assert.False((await bob.SeeAsync(message)).TryGetProperty("change", out _));
    }

    [Fact]
    public async Task Edit_ByTheProjectsWindow_IsRefusedWhenItIsOver()
    {
        var clock = new ShiftedTime();
        await using var app = await VoxApp.StartAsync(
            backends, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var (project, alice, _) = await ChangeWorld.CreateAsync(app);
        var message = await alice.SayAsync("bob", "one");
        await app.Get<ProjectService>().UpdateAsync(project.Id, p => p with { EditWindowSeconds = 0 }, CancellationToken.None);
        await alice.EditAsync(message, "never").ProblemAsync("edit_window_over", "sequence");
        await app.Get<ProjectService>().UpdateAsync(project.Id, p => p with { EditWindowSeconds = 60 }, CancellationToken.None);
        await alice.EditAsync(message, "in time").JsonAsync();

        clock.Advance(TimeSpan.FromSeconds(61));
        await alice.EditAsync(message, "too late").ProblemAsync("edit_window_over", "sequence");
        await app.Get<ProjectService>().UpdateAsync(project.Id, p => p with { EditWindowSeconds = -1 }, CancellationToken.None);
        await alice.EditAsync(message, "always").JsonAsync();
    }

    [Fact]
    public async Task Edit_OfWhoIsBlocked_IsRefused()
    {
        var (_, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var message = await alice.SayAsync("bob", "one");
        await bob.PostAsync("/api/v1/blocks", new { id = "alice" }).TextAsync(204);

        await alice.EditAsync(message, "two").ProblemAsync("blocked", "conversation");
        await bob.CallAsync(HttpMethod.Delete, "/api/v1/blocks?id=alice").TextAsync(204);
        await alice.EditAsync(message, "two").JsonAsync();
    }

    /// <summary>What a process remembers of a conversation is proved by the transaction. Where there is none, it must look.</summary>
    [Fact]
    public async Task Change_ThatAltersNothingAfterABlockThroughAnotherProcess_IsRefused()
    {
        await using var other = await VoxApp.StartAsync(backends, tablePrefix: backends.App.TablePrefix);
        var (_, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var message = await alice.SayAsync("bob", "one");
        await alice.ReactAsync(message, "👍").JsonAsync();
        var again = await alice.EditAsync(message, "one").JsonAsync();
        Assert.True(again.GetProperty("duplicate").GetBoolean());

        var elsewhere = bob with { App = other };
        await elsewhere.PostAsync("/api/v1/blocks", new { id = "alice" }).TextAsync(204);

        await alice.EditAsync(message, "one").ProblemAsync("blocked", "conversation");
        await alice.ReactAsync(message, "👍").ProblemAsync("blocked", "conversation");
        await alice.PinAsync(message, pinned: false).ProblemAsync("blocked", "conversation");
    }
}
