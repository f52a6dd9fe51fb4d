using System.Text.Json;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Protection;
using Vox.Platform.Storage;
using Vox.Tests.Changes;
using Vox.Tests.Fixture;

namespace Vox.Tests.Threads;

/// <summary>Replies in the thread under a message: messages of the conversation, with pages of their own.</summary>
public sealed class ThreadTests(Backends backends)
{
    [Fact]
    public async Task Reply_InAThread_IsAMessageOfTheConversationAndCountedInTheFirst()
    {
        var (_, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        await alice.SendMessageAsync("bob", "Where shall we meet?");
        await using var live = await alice.ConnectAsync();

        var sent = await SendAsync(bob, new { to = "alice", data = "At the tower", thread = 1 });
        await SendAsync(alice, new { to = "bob", data = "beside it" });
        await SendAsync(bob, new { to = "alice", data = "At ten", thread = 1 });
        await SendAsync(alice, new { to = "bob", data = "Yes", thread = 1 });

        Assert.Equal(2, sent.GetProperty("sequence").GetInt64());
        var told = await live.NextMessageAsync();
        Assert.Equal((1, 1), Place(told));
        // Apps that know no threads see what it answers.
        Assert.Equal("Where shall we meet?", told.GetProperty("replyTo").GetProperty("data").GetString());
        var page = (await bob.GetJsonAsync("/api/v1/messages?with=alice")).GetProperty("messages");
        Assert.Equal([(1, 3), (1, 2), null, (1, 1), null], page.EnumerateArray().Select(PlaceOrNone));
        var replies = page[4].GetProperty("replies");
        Assert.Equal(3, replies.GetProperty("count").GetInt64());
        Assert.Equal(page[0].GetProperty("sentAt").GetInt64(), replies.GetProperty("lastAt").GetInt64());
        Assert.Equal(["bob", "alice"], replies.GetProperty("users").EnumerateArray().Select(user => user.GetString()));
        // No change of its own: the reply says it all.
        Assert.False(page[4].TryGetProperty("change", out _));
        Assert.False(page[2].TryGetProperty("replies", out _));
    }

    [Fact]
    public async Task GetThread_Pages_HaveOnlyItsRepliesNewestFirst()
    {
        var (_, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var (conversation, path) = await BeginAsync(alice);
        await alice.SendMessageAsync("bob", "another");
        for (var n = 1; n <= 5; n++)
        {
            await SendAsync(bob, new { to = "alice", data = $"reply {n}", thread = 1 });
            await SendAsync(alice, new { to = "bob", data = $"of the other {n}", thread = 2 });
        }

        var first = await alice.GetJsonAsync($"{path}?size=2");
        var second = await alice.GetJsonAsync($"{path}?size=2&before={first.GetProperty("before")}");
        var third = await alice.GetJsonAsync($"{path}?size=2&before={second.GetProperty("before")}");

        Assert.Equal(["reply 5", "reply 4", "reply 3", "reply 2", "reply 1"], ((JsonElement[])[first, second, third]).SelectMany(Texts));
        Assert.False(third.TryGetProperty("before", out _));
        Assert.Equal("the question", first.GetProperty("message").GetProperty("data").GetString());
        Assert.Equal(conversation, first.GetProperty("conversation").GetString());
        var empty = await alice.GetJsonAsync(path[..^1] + "3");
        Assert.Empty(Texts(empty));
        Assert.False(empty.TryGetProperty("before", out _));
    }

    [Fact]
    public async Task Replies_ManyAtOnceFromTwoProcesses_AreNumberedWithoutGaps()
    {
        await using var other = await VoxApp.StartAsync(backends, tablePrefix: backends.App.TablePrefix);
        var (project, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var (_, path) = await BeginAsync(alice);
        var there = bob with { App = other };

        await Task.WhenAll(Enumerable.Range(0, 40).Select(n =>
            SendAsync(n % 2 == 0 ? alice : there, new { to = n % 2 == 0 ? "bob" : "alice", data = $"{n}", thread = 1 })));
        await alice.ReactAsync(path.Replace("threads", "messages", StringComparison.Ordinal), "👍").JsonAsync();

        var page = await bob.GetJsonAsync($"{path}?size=100");
        Assert.Equal(
            Enumerable.Range(1, 40).Reverse().Select(n => (long)n),
            page.GetProperty("messages").EnumerateArray().Select(reply => reply.GetProperty("thread").GetProperty("number").GetInt64()));
        var replies = page.GetProperty("message").GetProperty("replies");
        Assert.Equal(40, replies.GetProperty("count").GetInt64());
        Assert.Equal(["alice", "bob"], replies.GetProperty("users").EnumerateArray().Select(user => user.GetString()).Order());
    }

    [Fact]
    public async Task Replies_TogetherWithChangesOfTheFirst_BothArePresent()
    {
        var (_, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var (_, path) = await BeginAsync(alice);
        var message = path.Replace("threads", "messages", StringComparison.Ordinal);

        // They gather in the same transactions, which write the first message's row once.
        await Task.WhenAll(
        [
            .. Enumerable.Range(0, 10).Select(n => SendAsync(bob, new { to = "alice", data = $"{n}", thread = 1 })),
            .. Enumerable.Range(0, 10).Select(n => alice.EditAsync(message, $"edited {n}").JsonAsync()),
            .. ((string[])["👍", "🎉", "🙂"]).Select(emoji => bob.ReactAsync(message, emoji).JsonAsync()),
        ]);

        var first = (await bob.GetJsonAsync(path)).GetProperty("message");
        Assert.Equal(10, first.GetProperty("replies").GetProperty("count").GetInt64());
        Assert.Equal(3, first.GetProperty("reactions").GetArrayLength());
        Assert.StartsWith("edited", first.GetProperty("data").GetString(), StringComparison.Ordinal);
        Assert.Equal(10, Texts(await alice.GetJsonAsync(path)).Count());
    }

    [Fact]
    public async Task Reply_NotPossible_IsRefusedAndNothingIsSent()
    {
        var (_, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var (_, path) = await BeginAsync(alice);
        await SendAsync(bob, new { to = "alice", data = "reply", thread = 1 });
        var gone = await alice.SayAsync("bob", "gone");
        await alice.DeleteAsync(gone).JsonAsync();

        await PostAsync(bob, new { to = "alice", data = "x", thread = 2 }).ProblemAsync("invalid_field", "thread");
        await PostAsync(bob, new { to = "alice", data = "x", thread = 3 }).ProblemAsync("message_deleted", "thread");
        await PostAsync(bob, new { to = "alice", data = "x", thread = 99 }).ProblemAsync("message_not_found", "thread");
        await PostAsync(bob, new { to = "alice", data = "x", thread = 0 }).ProblemAsync("invalid_field", "thread");
        await PostAsync(bob, new { to = "alice", data = "x", thread = 1, replyTo = 99 }).ProblemAsync("message_not_found", "replyTo");
        await bob.GetAsync(path[..^1] + "99").ProblemAsync("message_not_found", "sequence");
        await bob.GetAsync(path + "?size=1001").ProblemAsync("invalid_field", "size");
        await bob.GetAsync(path + "?before=x").ProblemAsync("invalid_field", "before");

        Assert.Single(Texts(await bob.GetJsonAsync(path)));
        Assert.Equal(3, (await bob.GetJsonAsync("/api/v1/messages?with=alice")).GetProperty("lastSequence").GetInt64());
    }

    [Fact]
    public async Task GetThread_ByAStrangerOrOfBeforeTheyJoined_IsNotFound()
    {
        var (project, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var carl = await (await project.CreateUserAsync("carl")).LogInAsync();
        var (_, direct) = await BeginAsync(alice);
        var group = (await alice.PostJsonAsync("/api/v1/groups", new { name = "Team", members = new[] { "bob" } }))
            .GetProperty("id").GetString()!;
        await alice.SendMessageAsync(group, "before carl");
        await SendAsync(bob, new { to = group, data = "reply", thread = 1 });
        await alice.PostJsonAsync($"/api/v1/groups/{group}/members", new { ids = new[] { "carl" } });
        var path = $"/api/v1/conversations/{group}/threads/1";

        await carl.GetAsync(direct).ProblemAsync("not_found", "conversation");
        await carl.GetAsync(path).ProblemAsync("message_not_found", "sequence");
        await PostAsync(carl, new { to = group, data = "x", thread = 1 }).ProblemAsync("message_not_found", "thread");
        Assert.Single(Texts(await bob.GetJsonAsync(path)));
    }

    [Fact]
    public async Task Delete_OfRepliesAndOfTheFirst_KeepsTheirPlaces()
    {
        var (_, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var (conversation, path) = await BeginAsync(alice);
        await SendAsync(bob, new { to = "alice", data = "reply 1", thread = 1 });
        await SendAsync(bob, new { to = "alice", data = "reply 2", thread = 1 });
        await SendAsync(bob, new { to = "alice", data = "reply 3", thread = 1 });

        await bob.DeleteAsync($"/api/v1/conversations/{conversation}/messages/3").JsonAsync();
        await alice.DeleteAsync($"/api/v1/conversations/{conversation}/messages/1").JsonAsync();
        using var hidden = await alice.CallAsync(HttpMethod.Delete, $"/api/v1/conversations/{conversation}/messages/4?for=me");

        var page = await bob.GetJsonAsync(path);
        Assert.Equal(["reply 3", "", "reply 1"], Texts(page));
        Assert.Equal((1, 2), Place(page.GetProperty("messages")[1]));
        Assert.True(page.GetProperty("message").GetProperty("deletedAt").GetInt64() > 0);
        Assert.Equal(3, page.GetProperty("message").GetProperty("replies").GetProperty("count").GetInt64());
        Assert.Equal(["", "reply 1"], Texts(await alice.GetJsonAsync(path)));
        await PostAsync(bob, new { to = "alice", data = "x", thread = 1 }).ProblemAsync("message_deleted", "thread");
    }

    [Fact]
    public async Task EraseUser_WhoReplied_LeavesNeitherNameNorText()
    {
        await using var app = await VoxApp.StartAsync(backends);
        var project = await app.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var eve = await (await project.CreateUserAsync("eve-the-replier")).LogInAsync();
        var group = (await alice.PostJsonAsync("/api/v1/groups", new { name = "Team", members = new[] { "eve-the-replier" } }))
            .GetProperty("id").GetString()!;
        await alice.SendMessageAsync(group, "the question");
        await SendAsync(eve, new { to = group, data = "secret-reply", thread = 1 });
        await SendAsync(alice, new { to = group, data = "mine", thread = 1 });
        await app.SettleAsync(project.Id);

        await app.Http.PostAsync("/api/data/erasures", Keys(project, ("username", "eve-the-replier"))).JsonAsync();
        await app.Get<ErasureWork>().RunAsync(CancellationToken.None);

        var page = await alice.GetJsonAsync($"/api/v1/conversations/{group}/threads/1");
        Assert.Equal(["mine", ""], Texts(page));
        Assert.Equal((1, 1), Place(page.GetProperty("messages")[1]));
        var replies = page.GetProperty("message").GetProperty("replies");
        Assert.Equal(2, replies.GetProperty("count").GetInt64());
        Assert.DoesNotContain("eve", page.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            await DataSearch.FindAsync(backends.StorageConnection, app.TablePrefix, ["eve-the-replier", "secret-reply"]),
            place => place.Contains("conversations", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_AfterARestore_RemovesRepliesBeyondTheHead()
    {
        await using var app = await VoxApp.StartAsync(backends);
        var (project, alice, bob) = await ChangeWorld.CreateAsync(app);
        var (conversation, path) = await BeginAsync(alice);
        await SendAsync(bob, new { to = "alice", data = "reply", thread = 1 });
        var key = new ConversationKey(project.Id, conversation);
        var table = app.Get<StorageClients>().ProjectTable("conversations");
        await table.TryAddAsync(
            new Azure.Data.Tables.TableEntity(key.Partition, ChatKeys.ThreadReply(1, 3)) { ["Sequence"] = 3L }, CancellationToken.None);
        Assert.Equal(2, (await app.Get<ThreadStore>().ReadAsync(key, 1, 100, 10, CancellationToken.None)).Count);

        for (CheckPosition? position = new(); position is not null;)
        {
            var (next, _) = await app.Get<ConversationCheckStore>().CheckPageAsync(
                position, project.Id, null, [], CancellationToken.None);
            position = next;
        }

        Assert.Equal([2L], await app.Get<ThreadStore>().ReadAsync(key, 1, 100, 10, CancellationToken.None));
        Assert.Equal(["reply"], Texts(await alice.GetJsonAsync(path)));
    }

    private static async Task<(string Conversation, string Path)> BeginAsync(TestSession alice)
    {
        var sent = await alice.SendMessageAsync("bob", "the question");
        var conversation = sent.GetProperty("conversation").GetString()!;
        return (conversation, $"/api/v1/conversations/{conversation}/threads/1");
    }

    private static Task<JsonElement> SendAsync(TestSession session, object body) => session.PostJsonAsync("/api/v1/messages", body);

    private static Task<HttpResponseMessage> PostAsync(TestSession session, object body) => session.PostAsync("/api/v1/messages", body);

    private static IEnumerable<string?> Texts(JsonElement page) =>
        page.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("data").GetString());

    private static (int Thread, int Number) Place(JsonElement message) => PlaceOrNone(message)!.Value;

    private static (int Thread, int Number)? PlaceOrNone(JsonElement message) => message.TryGetProperty("thread", out var thread)
        ? (thread.GetProperty("sequence").GetInt32(), thread.GetProperty("number").GetInt32())
        : null;

    private static FormUrlEncodedContent Keys(TestProject project, params (string Name, string Value)[] fields) => new(
        [KeyValuePair.Create("projectid", project.Id), KeyValuePair.Create("authtoken", project.Token),
            .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
}
