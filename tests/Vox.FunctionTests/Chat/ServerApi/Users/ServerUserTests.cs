using System.Net;
using System.Text.Json;
using Vox.Platform.Storage;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.ServerApi;

public sealed class ServerUserTests(Backends backends)
{
    [Fact]
    public async Task Upsert_NewAndKnownUsers_CreatesTheOnesAndChangesOnlyWhatIsNamedOfTheOthers()
    {
        var server = await NewAsync();
        var first = await server.PostJsonAsync("users", new
        {
            users = new object[]
            {
                new { id = "alice", displayName = "Alice", status = "Busy", custom = new { plan = "pro", seats = 3 } },
                new { id = "bob" },
            },
        });

        var second = await server.PostJsonAsync("users", new
        {
            users = new object[] { new { id = "carol" }, new { id = "alice", status = "" } },
        });

        Assert.Equal("""["alice","bob"]""", first.GetProperty("created").GetRawText());
        Assert.Equal("""["carol"]""", second.GetProperty("created").GetRawText());
        var alice = await server.GetJsonAsync("users/alice");
        Assert.Equal(second.GetProperty("users")[1].GetRawText(), alice.GetRawText());
        Assert.Equal(("Alice", ""), (Text(alice, "displayName"), Text(alice, "status")));
        Assert.Equal("""{"plan":"pro","seats":3}""", alice.GetProperty("custom").GetRawText());
        Assert.False(alice.GetProperty("disabled").GetBoolean());
        Assert.False((await server.GetJsonAsync("users/bob")).TryGetProperty("custom", out _));
    }

    [Fact]
    public async Task Upsert_AUser_HasNoPasswordThatWorks()
    {
        var server = await NewAsync();
        await server.UpsertAsync("alice");

        foreach (var password in (string[])["x", "alice", " "])
        {
            using var response = await new TestUser(server.Project, "alice", password).PostLogInAsync();
            Assert.False(response.IsSuccessStatusCode);
        }
    }

    [Fact]
    public async Task Upsert_TheSameUsersByTwoServersAtOnce_CreatesEachOnceAndBothSucceed()
    {
        var server = await NewAsync();
        string[] ids = [.. Enumerable.Range(0, 20).Select(i => $"user{i}")];

        var answers = await Task.WhenAll(server.UpsertAsync(ids), server.UpsertAsync(ids));

        Assert.Equal(
            ids.Order(StringComparer.Ordinal),
            answers.SelectMany(answer => answer.GetProperty("created").EnumerateArray()).Select(id => id.GetString()!)
                .Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{}""", "missing_field", "users")]
    [InlineData("""{"users":[]}""", "missing_field", "users")]
    [InlineData("""{"users":[{"id":"new"},{"displayName":"x"}]}""", "missing_field", "users[1].id")]
    [InlineData("""{"users":[{"id":"new"},null]}""", "invalid_field", "users[1]")]
    [InlineData("""{"users":[{"id":"new"},{"id":"new"}]}""", "invalid_field", "users")]
    [InlineData("""{"users":[{"id":"new"},{"id":"gAAAAAAAAAAAAAAAAAAAAAA"}]}""", "invalid_field", "users[1].id")]
    [InlineData("""{"users":[{"id":"new"},{"id":"x","custom":[1]}]}""", "invalid_field", "users[1].custom")]
    [InlineData("""{"users":[{"id":"new"},{"id":"x","custom":{"a":"\ud800"}}]}""", "invalid_field", "users[1].custom")]
    [InlineData("""{"users":[{"id":"new"},{"id":"x","photo":"https://example.com/a.png"}]}""", "invalid_field", "users[1].photo")]
    public async Task Upsert_OneIsNotGood_NothingIsDoneAndTheErrorNamesTheField(string body, string code, string field)
    {
        var server = await NewAsync();

        await server.PostAsync("users", RestCall.Raw(body)).ProblemAsync(code, field);

        await server.GetAsync("users/new").ProblemAsync("user_not_found");
    }

    [Fact]
    public async Task Upsert_TooMany_IsRefused()
    {
        var server = await NewAsync();

        await server.PostAsync("users", new { users = Enumerable.Range(0, 101).Select(i => new { id = $"u{i}" }) })
            .ProblemAsync("too_long", "users");
    }

    [Fact]
    public async Task Custom_AtItsLimit_IsKeptAndBeyondItRefused()
    {
        var server = await NewAsync();
        await server.UpsertAsync("alice");

        // {"a":"…"} has eight bytes around the text.
        await Patch(new { custom = new { a = new string('ä', 4_092) } }).JsonAsync();
        await Patch(new { custom = new { a = new string('ä', 4_093) } }).ProblemAsync("too_long", "custom");

        Assert.Equal(4_092, (await server.GetJsonAsync("users/alice")).GetProperty("custom").GetProperty("a").GetString()!.Length);
        var cleared = await server.SendAsync(HttpMethod.Patch, "users/alice", RestCall.Raw("""{"custom":null}""")).JsonAsync();
        Assert.False(cleared.TryGetProperty("custom", out _));

        Task<HttpResponseMessage> Patch(object body) => server.SendAsync(HttpMethod.Patch, "users/alice", body);
    }

    [Fact]
    public async Task Patch_IfMatch_ChangesOnlyWhatTheServerHasSeen()
    {
        var server = await NewAsync();
        await server.UpsertAsync("alice");
        using var read = await server.GetAsync("users/alice");
        var tag = read.Headers.ETag!.ToString();
        Assert.Equal(tag, (await server.GetJsonAsync("users/alice")).GetProperty("etag").GetString());

        var changed = await Patch("A", tag).JsonAsync();
        await Patch("B", tag).ProblemAsync("precondition_failed", "If-Match");
        await Patch("B", "nonsense").ProblemAsync("invalid_field", "If-Match");
        await Patch("B", "W/" + changed.GetProperty("etag").GetString()).ProblemAsync("precondition_failed");
        await server.SendAsync(HttpMethod.Delete, "users/alice", ifMatch: tag).ProblemAsync("precondition_failed");
        Assert.Equal("A", Text(await server.GetJsonAsync("users/alice"), "displayName"));

        await Patch("C", $"\"other\", {changed.GetProperty("etag").GetString()}").JsonAsync();
        await Patch("D", "*").JsonAsync();
        await server.PostJsonAsync("users/alice/disable");
        await Patch("E", $"\"{tag}\"".Replace("\"\"", "\"", StringComparison.Ordinal)).ProblemAsync("precondition_failed");

        Task<HttpResponseMessage> Patch(string name, string ifMatch) =>
            server.SendAsync(HttpMethod.Patch, "users/alice", new { displayName = name }, ifMatch: ifMatch);
    }

    [Fact]
    public async Task Patch_ManyAtOnceWithTheSameETag_OneSucceeds()
    {
        var server = await NewAsync();
        await server.UpsertAsync("alice");
        var tag = (await server.GetJsonAsync("users/alice")).GetProperty("etag").GetString();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            using var response = await server.SendAsync(HttpMethod.Patch, "users/alice", new { custom = new { i } }, ifMatch: tag);
            return response.StatusCode;
        }));

        Assert.Single(statuses, HttpStatusCode.OK);
        Assert.Equal(7, statuses.Count(status => status == HttpStatusCode.PreconditionFailed));
    }

    [Fact]
    public async Task Patch_AProfile_UsersSeeItAndTheirOwnChangesKeepTheServersData()
    {
        var server = await NewAsync();
        var alice = await (await server.Project.CreateUserAsync("alice")).LogInAsync();
        await using var live = await alice.ConnectAsync();
        await server.SendAsync(HttpMethod.Patch, "users/alice", new { displayName = "Alice", custom = new { plan = "pro" } }).JsonAsync();

        var told = await live.NextAsync("profile");
        using var _ = await alice.SendAsync(
            new(HttpMethod.Put, "/api/v1/profile") { Content = RestCall.Raw("""{"status":"Here"}""") });

        Assert.Equal("Alice", Text(told, "displayName"));
        var user = await server.GetJsonAsync("users/alice");
        Assert.Equal(("Alice", "Here"), (Text(user, "displayName"), Text(user, "status")));
        Assert.Equal("""{"plan":"pro"}""", user.GetProperty("custom").GetRawText());
        var seen = await alice.PostJsonAsync("/api/v1/users/lookup", new { ids = (string[])["alice"] });
        Assert.DoesNotContain("plan", seen.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_InPages_HasEachUserOnceWithWhatTheyHave()
    {
        var server = await NewAsync();
        string[] ids = ["alice", "bob", "al", "älter", "日本", "a b", "x/y", "Zoe", "alice2", "~", "0"];
        await server.PostJsonAsync("users", new { users = ids.Select(id => new { id, displayName = "Name of " + id }) });
        await server.SendAsync(HttpMethod.Delete, "users/bob").TextAsync(204);

        var found = await PagesAsync(server, "users?limit=3");

        Assert.Equal(
            ids.Where(id => id != "bob").Order(StringComparer.Ordinal),
            found.Select(user => Text(user, "id")).Order(StringComparer.Ordinal));
        Assert.All(found, user => Assert.Equal("Name of " + Text(user, "id"), Text(user, "displayName")));
    }

    [Theory]
    [InlineData("al", "al", "al ice", "alice", "alé", "al日")]
    [InlineData("alé", "alé")]
    [InlineData("a", "a/b", "aÄ", "al", "al ice", "alice", "alé", "al日")]
    [InlineData("日", "日本", "日")]
    [InlineData("日本", "日本")]
    [InlineData("Al", "Alice")]
    [InlineData("zz")]
    public async Task List_ByPrefix_HasThoseWhoseIdBeginsWithIt(string prefix, params string[] expected)
    {
        var server = await NewAsync();
        await server.UpsertAsync("al", "alice", "Alice", "al ice", "alé", "al日", "bob", "a/b", "aÄ", "日本", "日", "bä", "本");

        var found = await PagesAsync(server, $"users?limit=2&prefix={Uri.EscapeDataString(prefix)}");

        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Select(user => Text(user, "id")!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task List_CursorOfAnythingElse_IsRefused()
    {
        var server = await NewAsync();

        foreach (var cursor in (string[])["x", "!", "dXNlcnM", new string('A', 2_000)])
        {
            await server.GetAsync("users?cursor=" + cursor).ProblemAsync("invalid_field", "cursor");
        }

        await server.GetAsync("users?limit=101").ProblemAsync("invalid_field", "limit");
    }

    [Fact]
    public async Task List_APage_CostsThreeStorageRequestsWhateverItsSize()
    {
        await using var app = await VoxApp.StartAsync(backends);
        var server = await (await app.CreateProjectAsync()).CreateServerAsync();
        await server.UpsertAsync([.. Enumerable.Range(0, 60).Select(i => $"user{i:D3}")]);
        var page = await server.GetJsonAsync("users?limit=25");

        foreach (var query in (string[])["limit=25", "limit=25&cursor=" + page.GetProperty("next").GetString(), "prefix=user0&limit=10"])
        {
            var before = app.Storage.Count;
            await server.GetJsonAsync("users?" + query);
            Assert.InRange(app.Storage.Count - before, 2, 3);
        }
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("é+%?#")]
    [InlineData("100%")]
    public async Task Path_AnyId_IsFoundWhenItIsEncoded(string id)
    {
        var server = await NewAsync();
        await server.UpsertAsync(id);

        Assert.Equal(id, Text(await server.GetJsonAsync("users/" + Uri.EscapeDataString(id)), "id"));
        Assert.True((await server.PostJsonAsync($"users/{Uri.EscapeDataString(id)}/disable")).GetProperty("disabled").GetBoolean());
    }

    [Fact]
    public async Task DisableEnableDelete_AUserWhoIsLoggedIn_EndsTheirSessionsAndIsInTheActivity()
    {
        var server = await NewAsync();
        var user = await server.Project.CreateUserAsync("alice");
        var session = await user.LogInAsync();

        Assert.True((await server.PostJsonAsync("users/alice/disable")).GetProperty("disabled").GetBoolean());
        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetConversationsAsync()).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await user.PostLogInAsync()).StatusCode);
        Assert.False((await server.PostJsonAsync("users/alice/enable")).GetProperty("disabled").GetBoolean());
        session = await user.LogInAsync();
        await server.SendAsync(HttpMethod.Delete, "users/alice").TextAsync(204);

        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetConversationsAsync()).StatusCode);
        await server.SendAsync(HttpMethod.Delete, "users/alice").ProblemAsync("user_not_found", "id");
        var log = await backends.App.Get<Vox.Portal.Accounts.AuditLog>().ReadProjectAsync(server.Project.Id, null, CancellationToken.None);
        Assert.Equal(["user.deleted", "user.enabled", "user.disabled"], log.Entries.Select(entry => entry.Action));
        Assert.All(log.Entries, entry => Assert.Equal($"API key Test (…{server.Key[^4..]})", entry.Who));
    }

    [Fact]
    public async Task Delete_AUserWithCustomData_ASuccessorHasNone()
    {
        var server = await NewAsync();
        await server.PostJsonAsync("users", new { users = new[] { new { id = "alice", displayName = "A", custom = new { secret = 1 } } } });
        await server.SendAsync(HttpMethod.Delete, "users/alice").TextAsync(204);

        await server.UpsertAsync("alice");

        var successor = await server.GetJsonAsync("users/alice");
        Assert.Equal("", Text(successor, "displayName"));
        Assert.False(successor.TryGetProperty("custom", out _));
        await foreach (var row in backends.App.Get<StorageClients>().Table("people").EnumerateAsync(
            $"PartitionKey ge {server.Project.Id} and PartitionKey lt {server.Project.Id + "}"}", 100, CancellationToken.None))
        {
            Assert.Fail($"{row.PartitionKey} {row.RowKey} is left.");
        }
    }

    private async Task<TestServer> NewAsync() => await (await backends.App.CreateProjectAsync()).CreateServerAsync();

    private static async Task<List<JsonElement>> PagesAsync(TestServer server, string path)
    {
        var found = new List<JsonElement>();
        var cursor = "";
        while (true)
        {
            var page = await server.GetJsonAsync(path + (cursor.Length > 0 ? "&cursor=" + cursor : ""));
            found.AddRange(page.GetProperty("users").EnumerateArray());
            if (!page.TryGetProperty("next", out var next))
            {
                return found;
            }

            cursor = next.GetString()!;
        }
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
