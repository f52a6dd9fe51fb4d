using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.ServerApi;

public sealed class ServerGroupTests(Backends backends)
{
    [Fact]
    public async Task Create_WithAnOwnId_IsFoundByItAndUsersSeeTheGroup()
    {
        var server = await NewAsync("alice", "bob");

        var group = await server.PostJsonAsync(
            "groups", new { id = "team-42", name = "Team", owner = "alice", members = (string[])["bob"], custom = new { order = 4711 } });

        Assert.Equal(("team-42", "alice", 2), (Text(group, "id"), Text(group, "owner"), group.GetProperty("memberCount").GetInt32()));
        Assert.Equal(group.GetRawText(), (await server.GetJsonAsync("groups/team-42")).GetRawText());
        Assert.Equal(group.GetRawText(), (await server.GetJsonAsync("groups/" + Text(group, "conversation"))).GetRawText());
        Assert.Equal("""{"order":4711}""", group.GetProperty("custom").GetRawText());
        var bob = await LogInAsync(server, "bob");
        var seen = await bob.GetJsonAsync("/api/v1/groups/" + Text(group, "conversation"));
        Assert.Equal("Team", Text(seen, "name"));
        Assert.DoesNotContain("4711", seen.GetRawText(), StringComparison.Ordinal);
        await server.PostAsync("groups", new { id = "team-42", name = "Other", owner = "bob" }).ProblemAsync("group_exists", "id");
        await server.PostAsync("groups", new { id = "team-42", name = "Other", owner = "bob", broadcast = true })
            .ProblemAsync("group_exists", "id");
    }

    [Theory]
    [InlineData("""{"name":"x"}""", "missing_field", "owner")]
    [InlineData("""{"name":"x","owner":"nobody"}""", "user_not_found", "owner")]
    [InlineData("""{"name":"","owner":"alice"}""", "missing_field", "name")]
    [InlineData("""{"name":"x","owner":"alice","id":"a b"}""", "invalid_field", "id")]
    [InlineData("""{"name":"x","owner":"alice","id":""}""", "too_long", "id")]
    [InlineData("""{"name":"x","owner":"alice","id":"gAAAAAAAAAAAAAAAAAAAAAA"}""", "invalid_field", "id")]
    [InlineData("""{"name":"x","owner":"alice","custom":[1]}""", "invalid_field", "custom")]
    [InlineData("""{"name":"x","owner":"alice","members":["nobody"]}""", "user_not_found", "ids")]
    public async Task Create_WithWhatIsNotGood_NamesTheField(string body, string code, string field)
    {
        var server = await NewAsync("alice");

        await server.PostAsync("groups", JsonSerializer.Deserialize<JsonElement>(body)).ProblemAsync(code, field);

        Assert.Empty((await server.GetJsonAsync("groups")).GetProperty("groups").EnumerateArray());
    }

    [Fact]
    public async Task List_InPages_HasEachGroupOnceAndNoDeletedOnes()
    {
        var server = await NewAsync("alice", "bob");
        for (var i = 0; i < 7; i++)
        {
            await server.PostJsonAsync("groups", new { id = $"g{i}", name = "x", owner = i % 2 == 0 ? "alice" : "bob" });
        }

        await server.PostJsonAsync("groups", new { id = "many", name = "x", owner = "alice", broadcast = true });
        await server.SendAsync(HttpMethod.Delete, "groups/g6").NoContentAsync();

        Assert.Equal(["g0", "g1", "g2", "g3", "g4", "g5", "many"], (await AllAsync("groups?limit=3")).Order(StringComparer.Ordinal));
        Assert.Equal(["g0", "g2", "g4", "many"], (await AllAsync("groups?member=alice&limit=2")).Order(StringComparer.Ordinal));
        await server.GetAsync("groups/g6").ProblemAsync("group_not_found", "groupId");
        await server.GetAsync("groups/never").ProblemAsync("group_not_found", "groupId");
        await server.PostAsync("groups", new { id = "g6", name = "x", owner = "alice" }).ProblemAsync("group_exists", "id");

        async Task<List<string?>> AllAsync(string path)
        {
            var ids = new List<string?>();
            for (var cursor = ""; ;)
            {
                var page = await server.GetJsonAsync(path + cursor);
                ids.AddRange(page.GetProperty("groups").EnumerateArray().Select(group => Text(group, "id")));
                if (!page.TryGetProperty("next", out var next))
                {
                    return ids;
                }

                cursor = "&cursor=" + next.GetString();
            }
        }
    }

    [Fact]
    public async Task Patch_WithTheRightETag_ChangesWhatIsNamedAndNothingElse()
    {
        var server = await NewAsync("alice", "bob");
        var group = await server.PostJsonAsync(
            "groups",
            new { id = "t", name = "Team", description = "Old", owner = "alice", members = (string[])["bob"], custom = new { a = 1 } });
        var etag = Text(group, "etag");

        var changed = await server.SendAsync(
            HttpMethod.Patch, "groups/t", new { name = "New", owner = "bob", custom = new { b = 2 } }, ifMatch: etag).JsonAsync();
        await server.SendAsync(HttpMethod.Patch, "groups/t", new { name = "Newer" }, ifMatch: etag).ProblemAsync("precondition_failed",
            "If-Match");
        await server.SendAsync(HttpMethod.Delete, "groups/t", ifMatch: etag).ProblemAsync("precondition_failed", "If-Match");
        await server.SendAsync(HttpMethod.Patch, "groups/t", new { owner = "carol" }).ProblemAsync("member_not_found", "owner");

        Assert.Equal(("New", "Old", "bob"), (Text(changed, "name"), Text(changed, "description"), Text(changed, "owner")));
        Assert.Equal("""{"b":2}""", changed.GetProperty("custom").GetRawText());
        Assert.Equal(["bob owner", "alice admin"], (await MembersAsync(server, "t")).OrderByDescending(text => text,
            StringComparer.Ordinal));
        Assert.Equal(Text(changed, "etag"), Text(await server.GetJsonAsync("groups/t"), "etag"));
    }

    [Fact]
    public async Task Freeze_MembersCannotWrite_AdminsAndTheServerCan()
    {
        var server = await NewAsync("alice", "bob");
        var group = await server.PostJsonAsync("groups", new { id = "t", name = "Team", owner = "alice", members = (string[])["bob"] });
        var (alice, bob) = (await LogInAsync(server, "alice"), await LogInAsync(server, "bob"));
        var conversation = Text(group, "conversation")!;
        var first = await bob.PostJsonAsync("/api/v1/messages", new { to = conversation, data = "before" });

        await server.SendAsync(HttpMethod.Patch, "groups/t", new { frozen = true }).JsonAsync();

        // Also with the tip from before, and from the process that knows the sender.
        await bob.PostAsync("/api/v1/messages", new { to = conversation, data = "x", tip = Text(first, "tip") })
            .ProblemAsync("group_frozen");
        await bob.PostAsync("/api/v1/messages", new { to = conversation, data = "x" }).ProblemAsync("group_frozen");
        await alice.SendMessageAsync(conversation, "owner");
        await server.PostJsonAsync("messages", new { system = true, group = "t", data = "system" });
        Assert.True((await bob.GetJsonAsync("/api/v1/groups/" + conversation)).GetProperty("frozen").GetBoolean());
        await server.SendAsync(HttpMethod.Patch, "groups/t", new { frozen = false }).JsonAsync();
        await bob.SendMessageAsync(conversation, "after");

        Assert.Equal(["after", "system", "owner", "before"], await TextsAsync(server, "groups/t/messages"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Members_InBulk_AllButThoseWhoAreRefused(bool broadcast)
    {
        var server = await NewAsync("alice", "bob", "eve");
        var eve = await LogInAsync(server, "eve");
        await eve.PostAsync("/api/v1/blocks", new { id = "alice" });
        var ids = Enumerable.Range(0, 150).Select(i => $"u{i}").ToArray();
        await server.UpsertAsync(ids[..100]);
        await server.UpsertAsync(ids[100..]);
        await server.PostJsonAsync("groups", new { id = "t", name = "Team", owner = "alice", members = (string[])["bob"], broadcast });

        var added = await server.PostJsonAsync("groups/t/members", new { ids = (string[])[.. ids, "bob", "eve", "nobody", "alice"] });
        var removed = await server.PostJsonAsync("groups/t/members/remove", new { ids = (string[])[.. ids[..120], "alice", "nobody"] });

        Assert.Equal(150, added.GetProperty("changed").GetInt32());
        Assert.Equal(["eve blocked", "nobody user_not_found"], Refused(added));
        Assert.Equal(120, removed.GetProperty("changed").GetInt32());
        Assert.Equal(["alice owner_stays"], Refused(removed));
        Assert.Equal(
            ids[120..].Append("alice").Append("bob").Order(StringComparer.Ordinal),
            (await MembersAsync(server, "t")).Select(text => text.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.Equal(32, (await server.GetJsonAsync("groups/t")).GetProperty("memberCount").GetInt32());
    }

    [Fact]
    public async Task Roles_AdminAndBack_AreThoseThatMembersSee()
    {
        var server = await NewAsync("alice", "bob");
        await server.PostJsonAsync("groups", new { id = "t", name = "Team", owner = "alice", members = (string[])["bob"] });

        await SetAsync("bob", "admin").JsonAsync();
        Assert.Contains("bob admin", await MembersAsync(server, "t"));
        await SetAsync("bob", "member").JsonAsync();

        Assert.Contains("bob member", await MembersAsync(server, "t"));
        await SetAsync("bob", "owner").ProblemAsync("invalid_field", "role");
        await SetAsync("alice", "member").ProblemAsync("owner_stays");
        await SetAsync("nobody", "admin").ProblemAsync("member_not_found");

        Task<HttpResponseMessage> SetAsync(string id, string role) => server.SendAsync(HttpMethod.Put, "groups/t/members/" + id,
            new { role });
    }

    [Fact]
    public async Task SystemMessage_ToAGroup_ArrivesLiveWithoutASenderAndIsInHistory()
    {
        var server = await NewAsync("alice", "bob");
        var group = await server.PostJsonAsync("groups", new { id = "t", name = "Team", owner = "alice", members = (string[])["bob"] });
        var bob = await LogInAsync(server, "bob");
        await using var live = await bob.ConnectAsync();

        var sent = await server.PostJsonAsync("messages", new { system = true, group = "t", data = "Closed at 18:00" }, "once");
        var again = await server.PostJsonAsync("messages", new { system = true, group = "t", data = "Closed at 18:00" }, "once");

        var told = await live.NextAsync("message");
        Assert.Equal(sent.GetRawText(), again.GetRawText());
        var page = await bob.GetJsonAsync($"/api/v1/messages?conversation={Text(group, "conversation")}");
        foreach (var message in (JsonElement[])[told, Assert.Single(page.GetProperty("messages").EnumerateArray())])
        {
            Assert.Equal(("", "Closed at 18:00", Text(sent, "id")), (Text(message, "from"), Text(message, "data"), Text(message, "id")));
            Assert.True(message.GetProperty("system").GetBoolean());
        }

        // Nobody is told who has read it, and it is unread until somebody has.
        var conversations = await bob.GetJsonAsync("/api/v1/conversations");
        Assert.Equal(1, conversations.GetProperty("conversations")[0].GetProperty("unread").GetInt32());
        await bob.PostAsync("/api/v1/receipts", new { conversation = Text(group, "conversation"), read = 1 });
        await server.PostAsync("messages", new { system = true, group = "t", from = "bob", data = "x" }).ProblemAsync("invalid_field",
            "from");
        await server.PostAsync("messages", new { system = true, to = "bob", data = "x" }).ProblemAsync("group_not_found");
        await server.PostAsync("messages", new { system = true, group = "none", data = "x" }).ProblemAsync("group_not_found", "groupId");
        await server.PostAsync("messages", new { system = true, group = "t", to = "bob", data = "x" }).ProblemAsync("invalid_field",
            "group");
    }

    private async Task<TestServer> NewAsync(params string[] users)
    {
        var server = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        await server.UpsertAsync(users);
        return server;
    }

    private static async Task<TestSession> LogInAsync(TestServer server, string id) =>
        await ServerLogIn.LogInAsync(server, id);

    private static async Task<List<string>> MembersAsync(TestServer server, string group)
    {
        var members = new List<string>();
        for (var cursor = ""; ;)
        {
            var page = await server.GetJsonAsync($"groups/{group}/members?limit=40{cursor}");
            members.AddRange(page.GetProperty("members").EnumerateArray().Select(member => $"{Text(member, "id")} {Text(member, "role")}"));
            if (!page.TryGetProperty("next", out var next))
            {
                return members;
            }

            cursor = "&cursor=" + next.GetString();
        }
    }

    private static async Task<List<string?>> TextsAsync(TestServer server, string path) =>
        [.. (await server.GetJsonAsync(path)).GetProperty("messages").EnumerateArray().Select(message => Text(message, "data"))];

    private static IEnumerable<string> Refused(JsonElement changed) => changed.GetProperty("refused").EnumerateArray()
        .Select(one => $"{Text(one, "id")} {Text(one, "error")}").Order(StringComparer.Ordinal);

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
