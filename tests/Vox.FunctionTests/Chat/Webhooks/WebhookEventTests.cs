using System.Text;
using System.Text.Json;
using Vox.Chat.Conversations.Changes;
using Vox.Chat.Events;
using Vox.Chat.Webhooks;
using Vox.Tests.Changes;
using Vox.Tests.Files;
using Vox.Tests.Fixture;

namespace Vox.Tests.Webhooks;

/// <summary>Every type of events: what makes it, and what it says.</summary>
public sealed class WebhookEventTests(Backends backends)
{
    [Fact]
    public async Task Events_OfEveryType_AreDeliveredAsTheirSchemasSay()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync("Files:UserQuotaBytes=10000");
        var server = await (await app.CreateProjectAsync()).CreateServerAsync();
        var webhook = await CreateAsync(server, receiver, [.. EventTypes.All]);

        await MakeAllAsync(server);
        await server.PostJsonAsync($"webhooks/{webhook.Text("id")}/test");

        foreach (var type in WebhookSchemas.All.Select(kind => kind.Type))
        {
            var schema = await EventSchemas.ReadAsync(app, type);
            foreach (var one in await UntilAsync(receiver, type))
            {
                Assert.Empty(EventSchemas.Check(schema, one.Body));
                Assert.InRange(Encoding.UTF8.GetByteCount(one.Body), 50, WebhookEvents.MaxBytes);
                one.Verify(webhook.Text("secret")!);
            }
        }

        Assert.Equal(
            EventTypes.All.Append(EventTypes.Test).Order(StringComparer.Ordinal),
            WebhookSchemas.All.Select(kind => kind.Type).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Schema_OfAnEventThatIsWrong_RefusesIt()
    {
        var schema = await EventSchemas.ReadAsync(backends.App, EventTypes.UserCreated);
        const string Good =
            """{"id":"evt_1","type":"user.created","timestamp":"2026-11-30T09:00:00+00:00","project":"pid_1","data":{"user":"a"}}""";

        Assert.Empty(EventSchemas.Check(schema, Good));
        Assert.NotEmpty(EventSchemas.Check(schema, Good.Replace("user.created", "user.deleted", StringComparison.Ordinal)));
        Assert.NotEmpty(EventSchemas.Check(schema, Good.Replace("""{"user":"a"}""", "{}", StringComparison.Ordinal)));
        Assert.NotEmpty(EventSchemas.Check(schema, Good.Replace("\"user\":", "\"other\":1,\"user\":", StringComparison.Ordinal)));
        Assert.NotEmpty(EventSchemas.Check(schema, Good.Replace("2026-11-30", "2026-13-30", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Schemas_OfAllTypes_AreOneDocumentAndUnknownTypesAreNotFound()
    {
        var all = JsonElement.Parse(await backends.App.Http.GetStringAsync("/api/webhooks/schemas"));

        Assert.Equal(
            WebhookSchemas.All.Select(kind => kind.Type), all.GetProperty("$defs").EnumerateObject().Select(schema => schema.Name));
        Assert.Equal(WebhookSchemas.All.Count, all.GetProperty("oneOf").GetArrayLength());
        await backends.App.Http.GetAsync("/api/webhooks/schemas/message.burnt").ProblemAsync("not_found", "type");
    }

    [Fact]
    public async Task Changes_OfMessages_SayWhoDidWhatToWhich()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync();
        var (project, alice, bob) = await ChangeWorld.CreateAsync(app);
        var server = await project.CreateServerAsync();
        await CreateAsync(server, receiver, [.. EventTypes.OfChanges]);

        var message = await alice.SayAsync("bob", "Helo");
        await alice.EditAsync(message, "Hello").JsonAsync();
        await bob.ReactAsync(message, "👍").JsonAsync();
        await bob.UnreactAsync(message, "👍").JsonAsync();
        await alice.PinAsync(message).JsonAsync();
        await alice.PinAsync(message, pinned: false).JsonAsync();
        await app.Get<ChangeService>().DeleteByServerAsync(
            await project.ReadAsync(), new NamedMessage(ChangeWorld.ConversationOf(message), "1"), null);

        var seen = new Dictionary<long, JsonElement>();
        while (seen.Count < 6)
        {
            var data = (await receiver.NextAsync()).Event;
            seen[data.GetProperty("data").Number("change")] = data;
        }

        Assert.Equal(
            ["message.edited", "reaction.added", "reaction.removed", "message.pinned", "message.unpinned", "message.deleted"],
            seen.OrderBy(one => one.Key).Select(one => one.Value.Text("type")));
        Assert.Equal(
            ["alice", "bob", "bob", "alice", "alice", null],
            seen.OrderBy(one => one.Key).Select(one => one.Value.GetProperty("data").Text("by")));
        Assert.All(seen.Values, one => Assert.Equal(1, one.GetProperty("data").Number("sequence")));
        Assert.Equal("👍", seen[2].GetProperty("data").Text("emoji"));
        Assert.Equal("alice", seen[1].GetProperty("data").GetProperty("message").Text("from"));
        Assert.True(seen[6].GetProperty("data").GetProperty("message").GetProperty("erased").GetBoolean());
        Assert.DoesNotContain("Hello", seen[6].GetRawText(), StringComparison.Ordinal);
    }

    /// <summary>With an endpoint that wants something else, changes cost no more. Else two requests behind the answer.</summary>
    [Fact]
    public async Task Changes_InAProjectWhereNobodyWantsThem_TakeNoFurtherRequest()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync("AzureWebJobs.SendWebhook.Disabled=true");
        var (project, alice, _) = await ChangeWorld.CreateAsync(app);
        var server = await project.CreateServerAsync();
        var message = await alice.SayAsync("bob", "x");
        await ReactAsync("👍");
        var without = await CountAsync("😀");

        var webhook = await CreateAsync(server, receiver, EventTypes.UserCreated);
        await ReactAsync("❤️");
        var other = await CountAsync("🎉");
        await server.SendAsync(HttpMethod.Patch, "webhooks/" + webhook.Text("id"), new { events = new[] { EventTypes.ReactionAdded } })
            .JsonAsync();
        await ReactAsync("🚀");
        var wanted = await CountAsync("👀");

        Assert.Equal(without, other);
        // The event, and the message that it shows.
        Assert.Equal(without.Append("GET conversations").Append("POST queue").Order(StringComparer.Ordinal), wanted);

        async Task ReactAsync(string emoji)
        {
            await alice.ReactAsync(message, emoji).JsonAsync();
            await app.SettleAsync(project.Id);
        }

        async Task<IEnumerable<string>> CountAsync(string emoji)
        {
            var requests = new System.Collections.Concurrent.ConcurrentQueue<string>();
            app.Storage.Sent = (method, path) => requests.Enqueue(
                path.EndsWith("/messages", StringComparison.Ordinal)
                    ? $"{method} queue"
                    : $"{method} {path.Split('/')[^1].Split('(')[0].Replace(app.TablePrefix, "", StringComparison.OrdinalIgnoreCase)}");
            await ReactAsync(emoji);
            app.Storage.Sent = null;
            return requests.Order(StringComparer.Ordinal);
        }
    }

    /// <summary>What users, groups and receipts cost is the same where nobody wants to hear of them.</summary>
    [Fact]
    public async Task Others_InAProjectWhereNobodyWantsThem_TakeNoFurtherRequest()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync("AzureWebJobs.SendWebhook.Disabled=true");

        var without = await CountAsync();
        var other = await CountAsync(EventTypes.LimitReached);
        var wanted = await CountAsync(EventTypes.MessageRead, EventTypes.UserUpdated, EventTypes.GroupUpdated);

        Assert.Equal(without, other);
        Assert.Equal(without.Append("POST queue").Append("POST queue").Append("POST queue").Order(StringComparer.Ordinal), wanted);

        async Task<IEnumerable<string>> CountAsync(params string[] types)
        {
            var (project, alice, bob) = await ChangeWorld.CreateAsync(app);
            var server = await project.CreateServerAsync();
            if (types.Length > 0)
            {
                await CreateAsync(server, receiver, types);
            }

            var message = await alice.SayAsync("bob", "x");
            var group = "/api/v1/groups/" + (await alice.PostJsonAsync("/api/v1/groups", new { name = "Team" })).Text("id");
            await DoAsync(0);
            var requests = new System.Collections.Concurrent.ConcurrentQueue<string>();
            app.Storage.Sent = (method, path) => requests.Enqueue(
                path.EndsWith("/messages", StringComparison.Ordinal)
                    ? $"{method} queue"
                    : $"{method} {path.Split('/')[^1].Split('(')[0].Replace(app.TablePrefix, "", StringComparison.OrdinalIgnoreCase)}");
            await DoAsync(1);
            app.Storage.Sent = null;
            return requests.Order(StringComparer.Ordinal);

            async Task DoAsync(int n)
            {
                await alice.SayAsync("bob", $"{n}");
                await app.SettleAsync(project.Id);
                await bob.PostJsonAsync(
                    "/api/v1/receipts",
                    new { receipts = new[] { new { conversation = ChangeWorld.ConversationOf(message), read = n + 2 } } });
                await bob.CallAsync(HttpMethod.Put, "/api/v1/profile", new { displayName = $"Bob {n}" });
                await alice.CallAsync(HttpMethod.Patch, group, new { name = $"Team {n}" });
                await app.SettleAsync(project.Id);
            }
        }
    }

    [Fact]
    public async Task Members_ByTheHundred_ComeInEventsThatStaySmall()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync();
        var server = await (await app.CreateProjectAsync()).CreateServerAsync();
        // Ids that take as many bytes as they may.
        string[] ids = [.. Enumerable.Range(0, 90).Select(n => new string('ü', 100) + $"{n:D3}")];
        await server.UpsertAsync([.. ids, "owner"]);
        await server.PostJsonAsync("groups", new { id = "team", name = "Team", owner = "owner" });
        await CreateAsync(server, receiver, EventTypes.MembersAdded);

        await server.PostJsonAsync("groups/team/members", new { ids });

        var (told, events) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        while (told.Count < ids.Length)
        {
            var one = await receiver.NextAsync();
            Assert.InRange(Encoding.UTF8.GetByteCount(one.Body), 50, WebhookEvents.MaxBytes);
            events.Add(one.Id);
            told.UnionWith(one.Event.GetProperty("data").GetProperty("members").EnumerateArray().Select(id => id.GetString()!));
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
        Assert.True(events.Count > 1);
    }

    private static async Task MakeAllAsync(TestServer server)
    {
        var (alice, bob) = (await (await server.Project.CreateUserAsync("alice")).LogInAsync(),
            await (await server.Project.CreateUserAsync("bob")).LogInAsync());
        var message = await alice.SayAsync("bob", "Hello");
        await alice.EditAsync(message, "Hello!").JsonAsync();
        await bob.ReactAsync(message, "👍").JsonAsync();
        await bob.UnreactAsync(message, "👍").JsonAsync();
        await alice.PinAsync(message).JsonAsync();
        await alice.PinAsync(message, pinned: false).JsonAsync();
        await bob.PostJsonAsync(
            "/api/v1/receipts", new { receipts = new[] { new { conversation = ChangeWorld.ConversationOf(message), read = 1 } } });
        await bob.PostJsonAsync(
            "/api/v1/flags",
            new { conversation = ChangeWorld.ConversationOf(message), sequence = 1, reason = "spam", text = "Not for sale" });
        await bob.PostJsonAsync("/api/v1/flags", new { user = "alice", reason = "other" });
        await alice.DeleteAsync(message).JsonAsync();

        await bob.PostJsonAsync("/api/v1/presence", new { connection = "c1" });
        await bob.CallAsync(HttpMethod.Delete, "/api/v1/presence?connection=c1");
        await bob.CallAsync(HttpMethod.Put, "/api/v1/profile", new { displayName = "Bob" });
        await server.PostJsonAsync(
            "users", new { users = new[] { new { id = "carol", displayName = "C", custom = new { plan = "gold" } } } });
        await server.PostAsync("users/carol/disable");

        var group = await server.PostJsonAsync(
            "groups", new { id = "team", name = "Team", owner = "alice", members = (string[])["bob"], custom = new { a = 1 } });
        var path = "/api/v1/groups/" + group.Text("conversation");
        await server.SendAsync(HttpMethod.Patch, "groups/team", new { name = "The team", frozen = true }).JsonAsync();
        await alice.CallAsync(HttpMethod.Put, path + "/admins", new { ids = (string[])["bob"] });
        await alice.CallAsync(HttpMethod.Delete, path + "/admins?id=bob");
        await server.PostJsonAsync("groups/team/members", new { ids = (string[])["carol"] });
        await server.PostJsonAsync("groups/team/members/remove", new { ids = (string[])["carol"] });
        await bob.CallAsync(HttpMethod.Post, path + "/leave");
        await server.SendAsync(HttpMethod.Delete, "groups/team").NoContentAsync();

        await alice.SendFileAsync("bob", "notes.txt", "Hello"u8.ToArray());
        await alice.SendFileAsync(null, "alone.txt", "Hello"u8.ToArray());
        await alice.PostUploadAsync("large.bin", 20_000).ProblemAsync("quota_exceeded", "size");
        await server.SendAsync(HttpMethod.Delete, "users/carol").NoContentAsync();
    }

    /// <summary>All of a type that have come, at least one.</summary>
    private static async Task<IReadOnlyList<Received>> UntilAsync(Receiver receiver, string type)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        List<Received> found;
        while ((found = [.. receiver.Requests.Where(one => one.Type == type)]).Count == 0)
        {
            Assert.False(patience.IsCancellationRequested, $"There was no event {type}.");
            await Task.Delay(50);
        }

        return found;
    }

    private static Task<JsonElement> CreateAsync(TestServer server, Receiver receiver, params string[] events) =>
        server.PostJsonAsync("webhooks", new { url = receiver.Address, events });

    private Task<VoxApp> StartAsync(params string[] settings) => VoxApp.StartAsync(
        backends, ["Outbound:AllowLoopback=true", "Webhooks:RetrySeconds=0", "Projects:CacheSeconds=1", .. settings]);
}
