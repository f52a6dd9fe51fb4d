using System.Text;
using System.Text.Json;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Holds;
using Vox.Chat.People;
using Vox.Chat.Protection;
using Vox.Chat.Usage;
using Vox.Chat.Users;
using Vox.Tests.Files;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.Protection;

public sealed class ErasureTests(Backends backends, PortalApp portal) : IClassFixture<PortalApp>
{
    private readonly string mark = Guid.NewGuid().ToString("N")[..10];

    [Theory]
    [InlineData("zoe.", false)]
    [InlineData("Zo\u00eb ", true)]
    public async Task EraseUser_TextsAndNamesEverywhere_NothingIsFoundInAnyTableOrContainer(string name, bool oldTimer)
    {
        var clock = new ShiftedTime();
        await using var one = await portal.StartAsync(clock);
        await using var two = await portal.StartAsync(clock, one.TablePrefix);
        using var owner = await portal.NewDeveloperAsync(one);
        var project = await NewProjectAsync(owner, one);
        var login = name + mark;
        string[] needles = [login, $"text-{mark}", $"id-{mark}", $"file-{mark}", $"bytes-{mark}", $"device-{mark}"];
        await owner.DoAsync(HttpMethod.Post, $"projects/{project.Id}/users", new { username = login, password = "long enough" });
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        var cat = await (await project.CreateUserAsync("cat")).LogInAsync();
        var zoe = await new TestUser(project, login, "long enough").LogInAsync();
        await WriteEverywhereAsync(project, zoe, bob, cat, two);
        var uid = zoe.Identity.Uid;

        var places = await DataSearch.FindAsync(backends.StorageConnection, one.TablePrefix, needles);
        foreach (var place in (string[])[
            "table audit", "table chatlog", "table contacts", "table conversations", "table files", "table people", "table presence",
            "table recents", "table sessions", "table users", "container files"])
        {
            Assert.Contains(places, found => found.StartsWith(place + ":", StringComparison.Ordinal));
        }

        var asked = await one.Http.PostAsync("/api/data/erasures", Keys(project, ("username", login))).JsonAsync();
        Assert.Equal("running", asked.GetProperty("state").GetString());
        Assert.Equal(401, (int)(await zoe.GetConversationsAsync()).StatusCode);
        await RunAsync(one, two);
        Assert.Equal("sweeping", (await StateAsync(project, asked)).GetProperty("state").GetString());
        var history = await bob.GetJsonAsync($"/api/v1/messages?conversation={await ConversationOfAsync(bob)}");
        Assert.DoesNotContain(needles, needle => history.GetRawText().Contains(needle, StringComparison.Ordinal));
        if (oldTimer)
        {
            // The timer of ordinary deletions may come first.
            clock.Advance(TimeSpan.FromMinutes(10.5));
            await one.Get<UserRemoval>().ResumeAsync(CancellationToken.None);
        }

        clock.Advance(ErasureWork.UntilSweep);
        await RunAsync(one, two);
        await one.Get<PresenceService>().ExpireAsync(CancellationToken.None);

        Assert.Empty(await DataSearch.FindAsync(backends.StorageConnection, one.TablePrefix, needles));
        var proof = await StateAsync(project, asked);
        Assert.Equal("done", proof.GetProperty("state").GetString());
        Assert.False(proof.TryGetProperty("subject", out _));
        Assert.Equal(
            (1, 3, 5, 5, 2),
            (Count("users"), Count("conversations"), Count("messages"), Count("logRows"), Count("files")));
        Assert.True(Count("references") > 0, proof.GetRawText());

        await ShowsStubsAsync(project, owner, await bob.RefreshAsync(), proof.GetProperty("pseudonym").GetString()!);
        var usage = Assert.Single(await one.Get<UsageStore>().ReadAsync(
            project.Id, one.Get<UsageCounters>().Today().AddDays(-1), one.Get<UsageCounters>().Today(), CancellationToken.None));
        Assert.Equal(3, usage.ActiveUsers);
        Assert.Empty(await DataSearch.FindAsync(backends.StorageConnection, one.TablePrefix, [Platform.Storage.KeyText.Digest(uid)]));

        long Count(string what) => proof.GetProperty(what).GetInt64();
    }

    [Fact]
    public async Task EraseUser_OnlyTheirs_OthersKeepWhatTheyWroteAndSequencesHaveNoGaps()
    {
        var clock = new ShiftedTime();
        await using var app = await portal.StartAsync(clock);
        var project = await app.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        for (var n = 0; n < 70; n++)
        {
            await alice.SendChatAsync("bob", $"a{n}");
            await bob.SendChatAsync("alice", $"b{n}");
        }

        var key = await alice.ConversationOfAsync(bob);
        await EraseAsync(app, clock, project, ("username", "alice"));

        var messages = await app.Get<ConversationStore>().ReadRangeAsync(key, 1, 1_000, CancellationToken.None);
        Assert.Equal(Enumerable.Range(1, 140).Select(n => (long)n), messages.Select(message => message.Sequence).Reverse());
        Assert.Equal(70, messages.Count(message => message is { IsErased: true, Draft.Data: "" }));
        Assert.Equal(
            Enumerable.Range(0, 70).Select(n => $"b{n}"), messages.Where(message => !message.IsErased).Select(m => m.Draft.Data).Reverse());
        Assert.Equal(70, (await project.HistoryAsync(size: 200)).Count(row => row.Data.Length == 0));
    }

    [Fact]
    public async Task EraseUser_ManyMessages_CostRequestsByTheBatch()
    {
        var clock = new ShiftedTime();
        await using var app = await portal.StartAsync(clock);

        var (few, many) = (await CostAsync(5), await CostAsync(405));

        // 400 more messages: 8 transactions of 50 in the conversation, 4 of 100 in the log.
        Assert.True(many <= few + 20, $"{few} requests for 5 messages, {many} for 405");

        async Task<long> CostAsync(int messages)
        {
            var project = await app.CreateProjectAsync();
            var alice = await project.CreateUserAsync("alice");
            await project.CreateUserAsync("bob");
            for (var n = 0; n < messages; n++)
            {
                await alice.SendChatAsync("bob", $"a{n}");
            }

            await app.SettleAsync(project.Id);
            var before = app.Storage.Count;
            await EraseAsync(app, clock, project, ("username", "alice"));
            return app.Storage.Count - before;
        }
    }

    [Fact]
    public async Task EraseConversation_FilesAndTexts_OnlyItsOwnGoAndItsMembersGoOn()
    {
        var clock = new ShiftedTime();
        await using var app = await portal.StartAsync(clock);
        var project = await app.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        await (await project.CreateUserAsync("cat")).LogInAsync();
        await alice.SendMessageAsync("bob", $"gone-{mark}");
        await bob.SendMessageAsync("alice", $"gone-{mark}");
        await alice.SendMessageAsync("cat", $"stays-{mark}");
        await alice.SendFileAsync("bob", $"gone-{mark}.txt", Encoding.UTF8.GetBytes($"gone-{mark}"));
        await alice.SendFileAsync("cat", $"stays-{mark}.txt", Encoding.UTF8.GetBytes($"stays-{mark}"));
        await app.SettleAsync(project.Id);
        var conversation = await ConversationOfAsync(bob);

        var proof = await EraseAsync(app, clock, project, ("conversation", conversation));

        var places = await DataSearch.FindAsync(backends.StorageConnection, app.TablePrefix, [$"gone-{mark}", $"stays-{mark}"]);
        Assert.DoesNotContain(places, place => place.EndsWith($"gone-{mark}", StringComparison.Ordinal));
        Assert.Contains($"table conversations: stays-{mark}", places);
        Assert.Contains($"container files: stays-{mark}", places);
        Assert.Equal((3, 3, 1), (
            proof.GetProperty("messages").GetInt32(), proof.GetProperty("logRows").GetInt32(), proof.GetProperty("files").GetInt32()));
        bob = await bob.RefreshAsync();
        await bob.SendMessageAsync("alice", "and on");
        var page = await bob.GetJsonAsync($"/api/v1/messages?conversation={conversation}");
        Assert.Equal(4, page.GetProperty("lastSequence").GetInt32());
        Assert.Equal("and on", page.GetProperty("messages")[0].GetProperty("data").GetString());
    }

    [Fact]
    public async Task EraseProject_EverythingOfIt_OnlyTheProofStays()
    {
        var clock = new ShiftedTime();
        await using var app = await portal.StartAsync(clock);
        using var owner = await portal.NewDeveloperAsync(app);
        var project = await NewProjectAsync(owner, app);
        await owner.DoAsync(HttpMethod.Post, $"projects/{project.Id}/users", new { username = $"zoe-{mark}", password = "long enough" });
        var zoe = await new TestUser(project, $"zoe-{mark}", "long enough").LogInAsync();
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        await zoe.SendMessageAsync("bob", $"text-{mark}");
        await zoe.SendFileAsync("bob", $"file-{mark}.txt", Encoding.UTF8.GetBytes($"bytes-{mark}"));
        await bob.PostAsync("/api/v1/contacts", new { id = $"zoe-{mark}" });
        await app.SettleAsync(project.Id);
        await app.Http.PostAsync("/api/data/erasures", Keys(project, ("confirmation", "Shop?"))).ProblemAsync("invalid_field");

        var asked = await app.Http.PostAsync("/api/data/erasures", Keys(project, ("confirmation", "Shop"))).JsonAsync();
        for (var round = 0; round < 4; round++)
        {
            await app.Get<Chat.Projects.ProjectRemoval>().ResumeAsync(CancellationToken.None);
            clock.Advance(ErasureWork.UntilSweep);
            await RunAsync(app);
        }

        Assert.Empty(await DataSearch.FindAsync(
            backends.StorageConnection, app.TablePrefix, [$"zoe-{mark}", $"text-{mark}", $"file-{mark}", $"bytes-{mark}"]));
        var places = await DataSearch.FindAsync(backends.StorageConnection, app.TablePrefix, [project.Id]);
        // The meter has the sizes for the last invoice, the writers which conversations this process has written to.
        string[] left = ["table erasures", "table audit", "table filemeter", "table logwriters", "table uploads"];
        Assert.All(places, place => Assert.Contains(place.Split(':')[0], left));
        var proof = Assert.Single(await app.Get<ErasureStore>().ListAsync(project.Id, null, 10, CancellationToken.None));
        Assert.Equal((ErasureState.Done, 2, asked.GetProperty("id").GetString()), (proof.State, proof.Counts.Users, proof.Id));
    }

    [Fact]
    public async Task Hold_OnAUser_StopsErasureAndDeletionUntilItIsLifted()
    {
        var clock = new ShiftedTime();
        await using var app = await portal.StartAsync(clock);
        var project = await app.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        await bob.SendMessageAsync("alice", $"evidence-{mark}");
        await bob.SendFileAsync("alice", "e.txt", Encoding.UTF8.GetBytes($"evidence-{mark}"));
        await app.SettleAsync(project.Id);
        var conversation = await ConversationOfAsync(bob);
        var hold = await app.Http.PostAsync("/api/data/holds", Keys(project, ("username", "alice"), ("reason", "Case 7"))).JsonAsync();
        Assert.Equal("user-" + alice.Identity.Uid, hold.GetProperty("id").GetString());

        await app.Http.PostAsync("/api/data/erasures", Keys(project, ("username", "alice"))).ProblemAsync("on_hold");
        await app.Http.PostAsync("/api/data/erasures", Keys(project, ("conversation", conversation))).ProblemAsync("on_hold");
        await app.Http.PostAsync("/api/data/erasures", Keys(project, ("confirmation", "Test"))).ProblemAsync("on_hold");
        await project.DeleteUserAsync("alice").VendorDataErrorAsync(409);
        Assert.Equal(200, (int)(await alice.GetConversationsAsync()).StatusCode);

        // Bob is not held, but what they wrote to alice is.
        var asked = await app.Http.PostAsync("/api/data/erasures", Keys(project, ("username", "bob"))).JsonAsync();
        await RunAsync(app);
        clock.Advance(ErasureWork.UntilSweep);
        await RunAsync(app);
        Assert.Equal("held", (await StateAsync(project, asked)).GetProperty("state").GetString());
        var places = await DataSearch.FindAsync(backends.StorageConnection, app.TablePrefix, [$"evidence-{mark}"]);
        Assert.Equal(
            ["container files", "table chatlog", "table conversations"], places.Select(place => place.Split(':')[0]).Distinct());

        using (await app.Http.DeleteAsync(
            $"/api/data/holds?projectid={project.Id}&authtoken={project.Token}&id={hold.GetProperty("id").GetString()}"))
        {
        }

        await RunAsync(app);
        clock.Advance(ErasureWork.UntilSweep);
        await RunAsync(app);
        Assert.Equal("done", (await StateAsync(project, asked)).GetProperty("state").GetString());
        Assert.Empty(await DataSearch.FindAsync(backends.StorageConnection, app.TablePrefix, [$"evidence-{mark}"]));
    }

    [Fact]
    public async Task EraseUser_DeletedBefore_TheirTextsGoAsWell()
    {
        var clock = new ShiftedTime();
        await using var app = await portal.StartAsync(clock);
        var project = await app.CreateProjectAsync();
        var (alice, _) = (await project.CreateUserAsync("alice-" + mark), await project.CreateUserAsync("bob"));
        await alice.SendChatAsync("bob", $"text-{mark}");
        await app.SettleAsync(project.Id);
        using (await project.DeleteUserAsync("alice-" + mark))
        {
        }

        clock.Advance(TimeSpan.FromHours(1));
        await app.Get<UserRemoval>().ResumeAsync(CancellationToken.None);
        await app.Http.PostAsync("/api/data/erasures", Keys(project, ("username", "alice-" + mark))).ProblemAsync("user_not_found");

        await EraseAsync(app, clock, project, ("username", "alice-" + mark), ("former", "1"));

        Assert.Empty(await DataSearch.FindAsync(backends.StorageConnection, app.TablePrefix, [$"text-{mark}", "alice-" + mark]));
    }

    [Fact]
    public async Task Reapply_AfterAnOlderStateWasRestored_ErasesTheUserAgain()
    {
        var clock = new ShiftedTime();
        await using var app = await portal.StartAsync(clock);
        var project = await app.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice-" + mark);
        await project.CreateUserAsync("bob");
        await alice.SendChatAsync("bob", $"text-{mark}", $"id-{mark}");
        await app.SettleAsync(project.Id);
        string[] tables = ["users", "conversations", "recents", "chatlog"];
        var backup = await StoredRows.ReadAsync(backends.StorageConnection, app.TablePrefix, tables);
        await EraseAsync(app, clock, project, ("username", "alice-" + mark));
        string[] needles = [$"text-{mark}", "alice-" + mark, $"id-{mark}"];
        Assert.Empty(await DataSearch.FindAsync(backends.StorageConnection, app.TablePrefix, needles));
        await StoredRows.WriteAsync(backends.StorageConnection, app.TablePrefix, backup);
        Assert.NotEmpty(await DataSearch.FindAsync(backends.StorageConnection, app.TablePrefix, needles));

        Assert.Equal(1, await app.Get<ErasureService>().ReapplyAsync(project.Id, CancellationToken.None));
        await RunAsync(app);
        clock.Advance(ErasureWork.UntilSweep);
        await RunAsync(app);

        Assert.Empty(await DataSearch.FindAsync(backends.StorageConnection, app.TablePrefix, needles));
    }

    [Theory]
    [InlineData("missing_field")]
    [InlineData("invalid_field", "username", "bob", "conversation", "dAAAA")]
    [InlineData("user_not_found", "username", "nobody")]
    [InlineData("not_found", "conversation", "dAAAA")]
    [InlineData("not_found", "conversation", "../x")]
    [InlineData("invalid_field", "confirmation", "another name")]
    public async Task EraseData_NamesNothingOrTooMuch_IsRefused(string code, params string[] fields)
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("bob");

        await backends.App.Http.PostAsync(
            "/api/data/erasures", Keys(project, [.. fields.Chunk(2).Select(pair => (pair[0], pair[1]))])).ProblemAsync(code);
    }

    [Theory]
    [InlineData(DataActor.Operator)]
    [InlineData("owner@example.com")]
    public async Task LiftHold_OfWhoStandsAboveTheProjectsKeys_IsRefused(string setBy)
    {
        await using var app = await portal.StartAsync(new ShiftedTime());
        var project = await app.CreateProjectAsync();
        var hold = new Hold(project.Id, HoldKind.Project, "", "", "Case 7", setBy, DateTimeOffset.UnixEpoch);
        await app.Get<HoldStore>().TryAddAsync(hold, TestContext.Current.CancellationToken);

        await app.Http.DeleteAsync($"/api/data/holds?projectid={project.Id}&authtoken={project.Token}&id=project")
            .ProblemAsync("not_allowed");

        Assert.True((await app.Get<HoldStore>().ReadAsync(project.Id, TestContext.Current.CancellationToken)).Project);
    }

    [Fact]
    public async Task SetHold_BadInput_IsRefusedAndTheSameHoldStandsOnce()
    {
        var app = backends.App;
        var project = await app.CreateProjectAsync();
        await project.CreateUserAsync("bob");
        await app.Http.PostAsync("/api/data/holds", Keys(project, ("username", "bob"))).ProblemAsync("missing_field");
        await app.Http.PostAsync("/api/data/holds", Keys(project, ("username", "bob"), ("reason", new string('x', 501))))
            .ProblemAsync("too_long");
        await app.Http.PostAsync("/api/data/holds", Keys(project, ("username", "nobody"), ("reason", "x"))).ProblemAsync("user_not_found");
        await app.Http.PostAsync(
            "/api/data/holds", Keys(project, ("username", "bob"), ("conversation", "dA"), ("reason", "x"))).ProblemAsync("invalid_field");

        await app.Http.PostAsync("/api/data/holds", Keys(project, ("username", "bob"), ("reason", "first"))).JsonAsync();
        await app.Http.PostAsync("/api/data/holds", Keys(project, ("username", "bob"), ("reason", "second"))).JsonAsync();

        var holds = await app.Http.GetAsync($"/api/data/holds?projectid={project.Id}&authtoken={project.Token}").JsonAsync();
        Assert.Equal("first", Assert.Single(holds.GetProperty("holds").EnumerateArray()).GetProperty("reason").GetString());
        await app.Http.DeleteAsync($"/api/data/holds?projectid={project.Id}&authtoken={project.Token}&id=user-x").ProblemAsync("not_found");
    }

    private async Task WriteEverywhereAsync(TestProject project, TestSession zoe, TestSession bob, TestSession cat, VoxApp two)
    {
        var (text, login) = ($"text-{mark}", zoe.LoginId);
        await zoe.SendMessageAsync("bob", text, $"id-{mark}");
        var answer = Changes.ChangeWorld.PathOf(await bob.PostJsonAsync(
            "/api/v1/messages", new { to = login, data = "an answer", replyTo = 1 }));
        await Changes.ChangeWorld.ReactAsync(zoe, answer, "👍").JsonAsync();
        await Changes.ChangeWorld.PinAsync(zoe, answer).JsonAsync();
        await Changes.ChangeWorld.EditAsync(zoe, answer[..^1] + "1", text + " edited").JsonAsync();
        await zoe.PostJsonAsync("/api/v1/messages", new { to = "bob", type = 3, data = $$"""{"lat":1,"lon":2,"address":"{{text}}"}""" });
        await zoe.SendFileAsync("bob", $"file-{mark}.txt", Encoding.UTF8.GetBytes($"bytes-{mark}"));
        await bob.SendFileAsync(login, "of-bob.txt", "hello"u8.ToArray());
        var group = (await bob.PostJsonAsync("/api/v1/groups", new { name = "Shared", members = new[] { login, "cat" } }))
            .GetProperty("id").GetString()!;
        await zoe.PostJsonAsync(
            "/api/v1/messages", new { to = group, data = text, custom = new { note = text }, mentions = new[] { "bob" } });
        await bob.PostJsonAsync("/api/v1/messages", new { to = group, data = "hm", replyTo = 1, mentions = new[] { "cat", login } });
        await cat.PostJsonAsync("/api/v1/messages", new { to = group, forward = new { conversation = group, sequence = 2 } });
        var alone = (await zoe.PostJsonAsync("/api/v1/groups", new { name = text, description = text, members = Array.Empty<string>() }))
            .GetProperty("id").GetString()!;
        await zoe.SendMessageAsync(alone, text);
        await zoe.SendAsync(new HttpRequestMessage(HttpMethod.Put, "/api/v1/profile")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { displayName = text, status = text }),
        }).JsonAsync();
        await zoe.SendFileAsync(null, $"file-{mark}.bin", Encoding.UTF8.GetBytes($"bytes-{mark}"), kind: null);
        await zoe.PostAsync("/api/v1/contacts", new { id = "bob" });
        await bob.PostAsync("/api/v1/contacts", new { id = login });
        await cat.PostAsync("/api/v1/blocks", new { id = login });
        using (await project.App.Http.PostAsync("/api/v1/sessions", System.Net.Http.Json.JsonContent.Create(
            new { projectId = project.Id, loginId = login, password = "long enough", device = $"device-{mark}" })))
        {
        }

        await project.App.Get<PresenceService>().RenewAsync(zoe.Identity, "", "c-" + mark, CancellationToken.None);
        await bob.PostAsync("/api/v1/receipts", new { conversation = await ConversationOfAsync(bob), delivered = 2, read = 2 });
        await project.App.Get<UsageCounters>().FlushAsync(CancellationToken.None);
        await project.App.SettleAsync(project.Id);
        await two.SettleAsync(project.Id);
    }

    /// <summary>Others see that there was something: in the conversation, in their list, in the log and in the portal.</summary>
    private static async Task ShowsStubsAsync(TestProject project, PortalClient owner, TestSession bob, string pseudonym)
    {
        var conversations = (await bob.GetJsonAsync("/api/v1/conversations")).GetProperty("conversations").EnumerateArray().ToList();
        Assert.Contains(conversations, conversation => conversation.GetProperty("with").GetString() == pseudonym);
        var messages = (await bob.GetJsonAsync($"/api/v1/messages?conversation={await ConversationOfAsync(bob)}"))
            .GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal([5, 4, 3, 2, 1], messages.Select(message => message.GetProperty("sequence").GetInt32()));
        Assert.Equal([4, 3, 1], messages.Where(IsErased).Select(message => message.GetProperty("sequence").GetInt32()));
        Assert.All(messages.Where(IsErased), message => Assert.Equal(
            (pseudonym, ""), (message.GetProperty("from").GetString(), message.GetProperty("data").GetString())));
        Assert.Contains(await project.HistoryAsync(), row => row.From == pseudonym && row.Data.Length == 0);
        var rows = (await owner.GetAsync($"projects/{project.Id}/history")).GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(5, rows.Count(row => row.TryGetProperty("erased", out var erased) && erased.GetBoolean()));
        var audit = (await owner.GetAsync($"projects/{project.Id}/audit")).GetProperty("entries").EnumerateArray()
            .Select(entry => entry.GetProperty("action").GetString());
        Assert.Contains("data.erasure_requested", audit);

        static bool IsErased(JsonElement message) => message.TryGetProperty("erased", out var erased) && erased.GetBoolean();
    }

    private static async Task<string> ConversationOfAsync(TestSession user) =>
        (await user.GetJsonAsync("/api/v1/conversations")).GetProperty("conversations").EnumerateArray()
            .First(conversation => !conversation.TryGetProperty("group", out var group) || !group.GetBoolean())
            .GetProperty("conversation").GetString()!;

    private static async Task<JsonElement> EraseAsync(
        VoxApp app, ShiftedTime clock, TestProject project, params (string, string)[] fields)
    {
        var asked = await app.Http.PostAsync("/api/data/erasures", Keys(project, fields)).JsonAsync();
        for (var round = 0; round < 3; round++)
        {
            await RunAsync(app);
            clock.Advance(ErasureWork.UntilSweep);
        }

        var proof = await StateAsync(project, asked);
        Assert.Equal("done", proof.GetProperty("state").GetString());
        return proof;
    }

    private static Task RunAsync(params VoxApp[] apps) =>
        Task.WhenAll(apps.Select(app => app.Get<ErasureWork>().RunAsync(CancellationToken.None)));

    private static Task<JsonElement> StateAsync(TestProject project, JsonElement erasure) => project.App.Http.GetAsync(
        $"/api/data/erasures/{erasure.GetProperty("id").GetString()}?projectid={project.Id}&authtoken={project.Token}").JsonAsync();

    private static FormUrlEncodedContent Keys(TestProject project, params (string Name, string Value)[] fields) => new(
        [KeyValuePair.Create("projectid", project.Id), KeyValuePair.Create("authtoken", project.Token),
            .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);

    private static async Task<TestProject> NewProjectAsync(PortalClient owner, VoxApp app)
    {
        var keys = await owner.PostJsonAsync("projects", new { name = "Shop" });
        return new TestProject(app, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
    }
}
