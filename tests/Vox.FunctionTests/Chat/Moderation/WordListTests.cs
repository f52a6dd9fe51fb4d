using Microsoft.AspNetCore.Http;
using Vox.Tests.Changes;
using Vox.Tests.Fixture;

namespace Vox.Tests.Moderation;

/// <summary>Word lists on the way of messages.</summary>
public sealed class WordListTests(Backends backends)
{
    private const string Words = "moderation/words";

    [Fact]
    public async Task Send_WithListedWords_IsRefusedMaskedOrFlagged()
    {
        await using var app = await StartAsync();
        var (project, alice, bob) = await ChangeWorld.CreateAsync(app);
        var server = await project.CreateServerAsync();
        await SetAsync(server, new { block = new[] { "badword" }, mask = new[] { "*darn*" }, flag = new[] { "meet me" } });

        await alice.PostAsync("/api/v1/messages", new { to = "bob", data = "B\u0430dwоrd" }).ProblemAsync("blocked_words", "data");
        await alice.PostAsync("/api/v1/messages", new { to = "bob", data = "<p>b<b>ad</b>word</p>", type = 2 })
            .ProblemAsync("blocked_words", "data");
        var masked = await alice.SayAsync("bob", "Oh d\u200Barned");
        var flagged = await alice.SayAsync("bob", "Meet me, darn");

        Assert.Equal("Oh ****ed", (await bob.SeeAsync(masked)).Text("data"));
        Assert.Equal("Meet me, ****", (await bob.SeeAsync(flagged)).Text("data"));
        var flag = Assert.Single((await server.GetJsonAsync("moderation/flags")).GetProperty("flags").EnumerateArray());
        Assert.Equal(("alice", 2L, "word_list"), (flag.Text("user"), flag.Number("sequence"), flag.Text("reason")));
        var detail = await server.GetJsonAsync($"moderation/flags/{flag.Text("id")}");
        var report = Assert.Single(detail.GetProperty("reports").EnumerateArray());
        Assert.Equal(("", "meet me"), (report.Text("by"), report.Text("text")));
    }

    [Fact]
    public async Task Edit_WithListedWords_IsRefusedMaskedOrFlagged()
    {
        await using var app = await StartAsync();
        var (project, alice, bob) = await ChangeWorld.CreateAsync(app);
        var server = await project.CreateServerAsync();
        var message = await alice.SayAsync("bob", "Hello");
        await SetAsync(server, new { block = new[] { "badword" }, mask = new[] { "darn" }, flag = new[] { "meet me" } });

        await alice.EditAsync(message, "b<i>a</i>dword").ProblemAsync("blocked_words", "data");
        await alice.EditAsync(message, "Darn, meet me").JsonAsync();

        Assert.Equal("****, meet me", (await bob.SeeAsync(message)).Text("data"));
        Assert.Single((await server.GetJsonAsync("moderation/flags")).GetProperty("flags").EnumerateArray());
    }

    [Fact]
    public async Task Send_ByTheServer_IsLookedAtOnlyWhenTheProjectSaysSo()
    {
        await using var app = await StartAsync();
        var (project, alice, bob) = await ChangeWorld.CreateAsync(app);
        var server = await project.CreateServerAsync();
        var message = await alice.SayAsync("bob", "Hello");
        var path = $"conversations/{ChangeWorld.ConversationOf(message)}/messages/1";
        await SetAsync(server, new { block = new[] { "badword" } });
        await server.PostJsonAsync("messages", new { from = "alice", to = "bob", data = "badword" });
        await server.SendAsync(HttpMethod.Patch, path, new { data = "badword 2" }).JsonAsync();
        Assert.Equal("badword 2", (await bob.SeeAsync(message)).Text("data"));

        await SetAsync(server, new { block = new[] { "badword" }, server = true });

        await server.PostAsync("messages", new { from = "alice", to = "bob", data = "badword" }).ProblemAsync("blocked_words", "data");
        await server.SendAsync(HttpMethod.Patch, path, new { data = "badword 3" }).ProblemAsync("blocked_words", "data");
    }

    /// <summary>The hook sees what the user has written, and what it makes of it has to pass the lists.</summary>
    [Fact]
    public async Task Send_WithAHookToo_TheListsHaveTheLastWord()
    {
        await using var receiver = await Webhooks.Receiver.StartAsync();
        await using var app = await StartAsync("Outbound:AllowLoopback=true");
        var (project, alice, bob) = await ChangeWorld.CreateAsync(app);
        var server = await project.CreateServerAsync();
        receiver.Answer = (_, context) => context.Response.WriteAsync("""{"action":"change","data":"made by the hook: darn"}""");
        await server.SendAsync(HttpMethod.Put, "before-send", new { url = receiver.Address }).JsonAsync();
        await SetAsync(server, new { block = new[] { "badword" }, mask = new[] { "darn" } });

        var message = await alice.SayAsync("bob", "a badword");

        Assert.Equal("made by the hook: ****", (await bob.SeeAsync(message)).Text("data"));
    }

    /// <summary>An instance reads the lists once. After that a send asks the storage for nothing of them.</summary>
    [Fact]
    public async Task Send_InAProjectWithLists_TakesNoFurtherStorageRequest()
    {
        await using var app = await StartAsync();
        var (project, alice, bob) = await ChangeWorld.CreateAsync(app);
        var server = await project.CreateServerAsync();
        await SetAsync(server, new { block = Enumerable.Range(0, 3_000).Select(n => $"badword{n}"), mask = new[] { "darn" } });
        var requests = new System.Collections.Concurrent.ConcurrentQueue<string>();
        app.Storage.Sent = (method, path) => requests.Enqueue($"{method} {path}");

        await alice.SayAsync("bob", "the lists are read");
        var first = requests.Count(OfLists);
        requests.Clear();
        var masked = await alice.SayAsync("bob", "masked: darn");
        await alice.EditAsync(masked, "masked: darn it").JsonAsync();
        await alice.PostAsync("/api/v1/messages", new { to = "bob", data = "badword2999" }).ProblemAsync("blocked_words", "data");
        await bob.SayAsync("alice", "nothing of note");
        app.Storage.Sent = null;

        Assert.Equal(1, first);
        Assert.NotEmpty(requests);
        Assert.DoesNotContain(requests, OfLists);

        static bool OfLists(string request) => request.Contains("moderation", StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Lists_OfManyEntries_AreKeptAsTheyAreAndReplaced()
    {
        await using var app = await StartAsync();
        var (project, alice, _) = await ChangeWorld.CreateAsync(app);
        var server = await project.CreateServerAsync();
        Assert.False((await server.GetJsonAsync(Words)).TryGetProperty("changedAt", out _));
        string[] many = [.. Enumerable.Range(0, 9_999).Select(n => $"wört\u200B{n}")];

        await SetAsync(server, new { block = many, flag = new[] { "笨蛋" } });

        var stored = await server.GetJsonAsync(Words);
        Assert.Equal(many, stored.GetProperty("block").EnumerateArray().Select(entry => entry.GetString()));
        Assert.Equal("Test", stored.Text("changedBy"));
        await alice.PostAsync("/api/v1/messages", new { to = "bob", data = "wort9998" }).ProblemAsync("blocked_words", "data");
        await SetAsync(server, new { });
        await alice.SayAsync("bob", "wort9998");
        Assert.Equal(0, (await server.GetJsonAsync(Words)).GetProperty("block").GetArrayLength());
    }

    [Fact]
    public async Task Lists_ThatAreWrong_NameTheEntryAndChangeNothing()
    {
        var server = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        await server.SendAsync(HttpMethod.Put, Words, new { block = new[] { "badword" } }).JsonAsync();

        await PutAsync(new { mask = new[] { "good", "\u200B" } }).ProblemAsync("invalid_field", "mask[1]");
        await PutAsync(new { flag = new[] { new string('x', 65) } }).ProblemAsync("too_long", "flag[0]");
        await PutAsync(new { block = Enumerable.Repeat("aa", 10_001) }).ProblemAsync("limit_reached", "block");
        await server.PostAsync(Words + "/try", new { }).ProblemAsync("missing_field", "text");
        await server.PostAsync(Words + "/try", new { text = new string('x', 100_000) }).ProblemAsync("too_long", "text");

        Assert.Equal("badword", Assert.Single((await server.GetJsonAsync(Words)).GetProperty("block").EnumerateArray()).GetString());
        var tried = await server.PostJsonAsync(Words + "/try", new { text = "b4dword" });
        Assert.Equal(("block", ""), (tried.Text("action"), tried.Text("text")));
        tried = await server.PostJsonAsync(Words + "/try", new { text = "Oh darn", lists = new { mask = new[] { "darn" } } });
        Assert.Equal(("mask", "Oh ****"), (tried.Text("action"), tried.Text("text")));
        Assert.False((await server.PostJsonAsync(Words + "/try", new { text = "fine" })).TryGetProperty("action", out _));

        Task<HttpResponseMessage> PutAsync(object body) => server.SendAsync(HttpMethod.Put, Words, body);
    }

    private Task<VoxApp> StartAsync(params string[] settings) => VoxApp.StartAsync(backends, [.. settings]);

    private static Task SetAsync(TestServer server, object lists) => server.SendAsync(HttpMethod.Put, Words, lists).JsonAsync();
}
