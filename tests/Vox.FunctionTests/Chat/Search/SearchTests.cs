using System.Net.Http.Json;
using System.Text.Json;
using Vox.Chat.ChatLogs;
using Vox.Tests.Files;
using Vox.Tests.Fixture;

namespace Vox.Tests.Search;

public sealed class SearchTests(Backends backends)
{
    [Fact]
    public async Task Search_WordsPhrasesAndOperators_FindTheMessagesAndMarkTheWords()
    {
        var world = await SearchWorld.CreateAsync(backends, backends.App, "alice", "bob", "carol");
        var (alice, bob) = (world["alice"], world["bob"]);
        await alice.SendMessageAsync("bob", "Größe der Straße in München");
        await bob.SendMessageAsync("alice", "The quick brown fox");
        await alice.SendMessageAsync("bob", "A brown and quick bear");
        await alice.SendMessageAsync("carol", "我在北京大学学习");
        var group = await world.CreateGroupAsync("alice", "bob", "carol");
        await bob.SendMessageAsync(group, "The invoices are quick to pay");
        await alice.SendFileAsync("bob", "quick report.txt", "hello"u8.ToArray());
        await world.Project.IndexedAsync();

        Assert.Equal(["Größe der Straße in München"], await alice.FindAsync("MUNCHEN strasse"));
        Assert.Equal(["The quick brown fox"], await alice.FindAsync("\"quick brown\""));
        Assert.Equal(["A brown and quick bear", "The quick brown fox"], await alice.FindAsync("brown quick"));
        Assert.Equal(["我在北京大学学习"], await alice.FindAsync("大学"));
        Assert.Equal(["The invoices are quick to pay"], await alice.FindAsync("invo*"));
        Assert.Empty(await alice.FindAsync("invo"));
        Assert.Equal(["The invoices are quick to pay"], await alice.FindAsync($"quick in:{group}"));
        Assert.Equal(["A brown and quick bear", "The quick brown fox"], (await alice.FindAsync("quick brown in:bob")));
        Assert.Equal(["A brown and quick bear"], await alice.FindAsync("brown from:me"));
        Assert.Equal(["The invoices are quick to pay", "The quick brown fox"], await alice.FindAsync("quick from:bob"));
        Assert.Single(await alice.FindAsync("quick has:file"));
        Assert.Empty(await alice.FindAsync("brown before:2020-01-01"));
        Assert.Equal(2, (await alice.FindAsync("brown after:2020-01-01")).Count);
        Assert.Empty(await world["carol"].FindAsync("brown"));

        var hit = (await alice.SearchAsync("brown from:bob")).GetProperty("hits")[0];
        Assert.Equal("bob", hit.GetProperty("with").GetString());
        Assert.Equal("The quick brown fox", hit.GetProperty("excerpt").GetString());
        var mark = Assert.Single(hit.GetProperty("marks").EnumerateArray());
        Assert.Equal((10, 5), (mark.GetProperty("start").GetInt32(), mark.GetProperty("length").GetInt32()));
    }

    [Fact]
    public async Task Search_WhatTheUserMayNotSee_IsNotFound()
    {
        var world = await SearchWorld.CreateAsync(backends, backends.App, "alice", "bob", "carol");
        var (alice, bob, carol) = (world["alice"], world["bob"], world["carol"]);
        var group = await world.CreateGroupAsync("alice", "bob");
        await alice.SendMessageAsync(group, "needle before carol");
        await world.AddAsync("alice", group, "carol");
        await alice.SendMessageAsync(group, "needle with carol");
        await world.RemoveAsync("alice", group, "carol");
        await alice.SendMessageAsync(group, "needle after carol");
        var other = await world.CreateGroupAsync("bob", "carol");
        await bob.SendMessageAsync(other, "needle in a group that carol blocks");
        var gone = await world.CreateGroupAsync("bob", "carol");
        await bob.SendMessageAsync(gone, "needle in a group that is deleted");
        await bob.SendMessageAsync("carol", "needle of somebody whom carol blocks");
        var hidden = await alice.SendMessageAsync("carol", "needle that carol deletes for herself");
        var deleted = await alice.SendMessageAsync("carol", "needle that alice deletes for everyone");
        await alice.SendMessageAsync("carol", "needle that stays");
        await alice.SendMessageAsync("bob", "needle of others");
        await world.Project.IndexedAsync();
        Assert.Equal(7, (await carol.FindAsync("needle")).Count);

        Assert.Equal("ok", await world.BlockAsync("carol", other));
        Assert.Equal("ok", await world.DeleteAsync("bob", gone));
        Assert.Equal("ok", await Vox.Tests.Groups.GroupWorld.CodeAsync(carol.PostAsync("/api/v1/blocks", new { id = "bob" })));
        await DeleteAsync(carol, hidden, "me");
        await DeleteAsync(alice, deleted, "everyone");

        // At once: what may be seen is asked of the conversations, not of the index.
        Assert.Equal(["needle that stays", "needle with carol"], await carol.FindAsync("needle"));
        Assert.DoesNotContain("needle that alice deletes for everyone", await alice.FindAsync("needle"));
        Assert.Contains("needle before carol", await bob.FindAsync("needle"));
        var stranger = await SearchWorld.CreateAsync(backends, backends.App, "carol");
        Assert.Empty(await stranger["carol"].FindAsync("needle"));
    }

    [Fact]
    public async Task Search_AfterEditsAndDeletions_FindsWhatIsThereNowAndTheIndexHasNoMore()
    {
        var world = await SearchWorld.CreateAsync(backends, backends.App, "alice", "bob");
        var alice = world["alice"];
        var one = await alice.SendMessageAsync("bob", "first draught of it");
        var two = await alice.SendMessageAsync("bob", "secret word");
        await world.Project.IndexedAsync();
        Assert.Equal(["secret word"], await alice.FindAsync("secret"));

        await CallAsync(alice, HttpMethod.Patch, one, new { data = "second version of it" });
        await DeleteAsync(alice, two, "everyone");
        await world.Project.IndexedAsync();

        Assert.Empty(await alice.FindAsync("draught"));
        Assert.Empty(await alice.FindAsync("secret"));
        Assert.Equal(["second version of it"], await alice.FindAsync("version"));
        var rows = await world.Project.IndexRowsAsync(backends);
        var keys = string.Join('\n', rows.Select(row => $"{row.RowKey} {row.GetString("Words")}"));
        Assert.DoesNotContain("draught", keys, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", keys, StringComparison.Ordinal);
        Assert.Contains("w|version|", keys, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_ManyMessages_PagesHaveEachOnceAndCostNoMoreThanTheyMay()
    {
        const int Messages = 700;
        await using var app = await VoxApp.StartAsync(backends);
        var world = await SearchWorld.CreateAsync(backends, app, "alice", "bob", "carol");
        for (var i = 0; i < Messages / 20; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(n => world[n % 2 == 0 ? "alice" : "carol"].SendMessageAsync(
                "bob", $"common word number{(i * 20) + n:D4} {(n == 5 ? "seldom" : "often")}")));
        }

        await world.Project.IndexedAsync();
        var (requests, ofIndex, most, mostOfIndex) = (0, 0, 0, 0);
        app.Storage.Sent = (_, path) =>
        {
            Interlocked.Increment(ref requests);
            Interlocked.Add(ref ofIndex, path.Contains("searchindex", StringComparison.Ordinal) ? 1 : 0);
        };
        var (found, cursor) = (new List<string>(), (string?)null);
        do
        {
            (requests, ofIndex) = (0, 0);
            var page = await world["bob"].SearchAsync("common often", 50, cursor);
            (most, mostOfIndex) = (Math.Max(most, requests), Math.Max(mostOfIndex, ofIndex));
            found.AddRange(SearchWorld.Texts(page));
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);
        app.Storage.Sent = null;

        Assert.Equal(Messages * 19 / 20, found.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(found.Count, found.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Messages / 20, (await world["bob"].FindAsync("seldom")).Count);
        Assert.Equal(["common word number0005 seldom"], await world["bob"].FindAsync("number0005"));
        Assert.Equal(Messages / 20, (await world["bob"].FindAsync("number* seldom")).Count);
        Assert.True(most <= 26 && mostOfIndex <= 8, $"{most} requests, {mostOfIndex} of the index");
        var rows = await world.Project.IndexRowsAsync(backends);
        var common = rows.Count(row => row.RowKey.StartsWith("w|common|", StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"A page: at most {most} requests, {mostOfIndex} of the index. {rows.Count} rows for {Messages} messages; common: {common}.");
        Assert.InRange(common, 1, Messages / 2);
    }

    [Fact]
    public async Task Send_WithSearch_CostsNoRequestBeforeTheAnswerAndOneTransactionBehindIt()
    {
        await using var app = await VoxApp.StartAsync(backends);
        var world = await SearchWorld.CreateAsync(backends, app, "alice", "bob");
        await world["alice"].SendMessageAsync("bob", "warm up all that is remembered");
        await world.Project.IndexedAsync();
        await app.SettleAsync(world.Project.Id);
        var paths = new System.Collections.Concurrent.ConcurrentQueue<string>();
        app.Storage.Sent = (method, path) => paths.Enqueue($"{method} {path}");
        await world["alice"].SendMessageAsync("bob", "ten plain words of a message as people write them");
        await world.Project.IndexedAsync();
        await app.SettleAsync(world.Project.Id);
        app.Storage.Sent = null;

        // A batch does not name its table. Of the send and the log nothing is new; compaction adds a read of a word once in many messages.
        var with = paths.Count(path => !path.Contains("searchindex", StringComparison.Ordinal));
        var without = await WithoutSearchAsync();
        Assert.True(with <= without + 1, $"{with} with search, {without} without: {string.Join(", ", paths)}");

        async Task<int> WithoutSearchAsync()
        {
            var plain = await Vox.Tests.Groups.GroupWorld.CreateAsync(backends, app, "alice", "bob");
            await plain["alice"].SendMessageAsync("bob", "warm up all that is remembered");
            await app.SettleAsync(plain.Project.Id);
            var count = 0;
            app.Storage.Sent = (_, _) => Interlocked.Increment(ref count);
            await plain["alice"].SendMessageAsync("bob", "ten plain words of a message as people write them");
            await app.SettleAsync(plain.Project.Id);
            app.Storage.Sent = null;
            return count;
        }
    }

    [Fact]
    public async Task Search_BadInput_IsRefusedAndNamesTheField()
    {
        var world = await SearchWorld.CreateAsync(backends, backends.App, "alice");
        var alice = world["alice"];
        foreach (var (query, code) in ((string, string)[])
        [
            ("", "missing_field"), ("a", "invalid_field"), (new string('x', 1_000), "too_long"), ("from:bob has:file", "invalid_field"),
            ("\"unpaired", "invalid_field"),
        ])
        {
            await alice.GetAsync("/api/v1/search?q=" + Uri.EscapeDataString(query)).ProblemAsync(code, "q");
        }

        // An address of that length is refused before it is read.
        await alice.GetAsync("/api/v1/search?q=" + new string('x', 10_000)).TextAsync(414);
        await alice.GetAsync("/api/v1/search?q=hello&limit=0").ProblemAsync("invalid_field", "limit");
        await alice.GetAsync("/api/v1/search?q=hello&limit=51").ProblemAsync("invalid_field", "limit");
        await alice.GetAsync("/api/v1/search?q=hello&cursor=nonsense").ProblemAsync("invalid_field", "cursor");
        var off = await Vox.Tests.Groups.GroupWorld.CreateAsync(backends, backends.App, "alice");
        await off["alice"].GetAsync("/api/v1/search?q=hello").ProblemAsync("search_off");
    }

    private static Task DeleteAsync(TestSession user, JsonElement sent, string who) =>
        CallAsync(user, HttpMethod.Delete, sent, null, "?for=" + who);

    private static async Task CallAsync(TestSession user, HttpMethod method, JsonElement sent, object? body, string query = "")
    {
        var conversation = sent.GetProperty("conversation").GetString();
        var path = $"/api/v1/conversations/{conversation}/messages/{sent.GetProperty("sequence").GetInt64()}";
        using var response = await user.SendAsync(
            new HttpRequestMessage(method, path + query) { Content = body is null ? null : JsonContent.Create(body) });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
