using System.Text.Json;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Vox.Tests.Conversations;
using Vox.Tests.Files;
using Vox.Tests.Fixture;
using Vox.Tests.Groups;

namespace Vox.Tests.Messages;

/// <summary>Replies, mentions, custom data, silent and forwarded messages.</summary>
public sealed class SendFieldTests(Backends backends)
{
    [Fact]
    public async Task Send_CustomAndSilent_AreInThePageTheLiveEventAndSync()
    {
        var (_, alice, bob) = await AliceAndBobAsync();
        await using var live = await bob.ConnectAsync();
        var custom = new { order = 17, lines = new[] { "tea", "ünïcode 🙂" }, nested = new { a = (int?)null } };

        var sent = await SendAsync(alice, new { to = "bob", data = "Hi", custom, silent = true });

        var conversation = Text(sent, "conversation");
        JsonElement[] seen =
        [
            await live.NextMessageAsync(),
            (await alice.GetJsonAsync("/api/v1/messages?with=bob")).GetProperty("messages")[0],
            (await bob.PostJsonAsync("/api/v1/sync", new { conversations = new Dictionary<string, long> { [conversation] = 0 } }))
                .GetProperty("conversations")[0].GetProperty("messages")[0],
        ];
        Assert.All(seen, message =>
        {
            Assert.True(message.GetProperty("silent").GetBoolean());
            Assert.True(JsonElement.DeepEquals(JsonSerializer.SerializeToElement(custom), message.GetProperty("custom")));
        });
        await SendAsync(alice, new { to = "bob", data = "plain" });
        var plain = await live.NextMessageAsync();
        Assert.DoesNotContain(plain.EnumerateObject(), p => p.Name is "custom" or "silent" or "mentions" or "replyTo" or "forwarded");
    }

    public static TheoryData<string, string, string?> BadFields => new()
    {
        { """{"to":"bob","data":"x","custom":[1]}""", "invalid_field", "custom" },
        { """{"to":"bob","data":"x","custom":"text"}""", "invalid_field", "custom" },
        { "{\"to\":\"bob\",\"data\":\"x\",\"custom\":{\"a\":\"" + new string('x', 4_096 - 7) + "\"}}", "too_long", "custom" },
        { """{"to":"bob","data":"x","custom":{"a":"\ud800"}}""", "invalid_field", "custom" },
        { """{"to":"bob","data":"x","silent":"yes"}""", "invalid_json", null },
        { """{"to":"bob","data":"x","replyTo":0}""", "invalid_field", "replyTo" },
        { """{"to":"bob","data":"x","replyTo":-1}""", "invalid_field", "replyTo" },
        { """{"to":"bob","data":"x","replyTo":99}""", "message_not_found", "replyTo" },
        { """{"to":"bob","data":"x","replyTo":9223372036854775807}""", "invalid_field", "replyTo" },
        { """{"to":"bob","data":"x","mentions":["bob"]}""", "invalid_field", "mentions" },
        { """{"to":"bob","data":"x","mentionsAll":true}""", "invalid_field", "mentionsAll" },
        { """{"to":"bob","forward":{}}""", "missing_field", "forward.conversation" },
        { """{"to":"bob","forward":{"conversation":"a/b","sequence":1}}""", "message_not_found", "forward" },
        { """{"to":"bob","forward":{"conversation":"dunknown","sequence":1}}""", "message_not_found", "forward" },
        { """{"to":"bob","data":"mine","forward":{"conversation":"dunknown","sequence":1}}""", "invalid_field", "forward" },
    };

    [Theory]
    [MemberData(nameof(BadFields))]
    public async Task Send_BadField_IsRefusedWithItsNameAndNothingIsSent(string body, string code, string? field)
    {
        var (project, alice, _) = await AliceAndBobAsync();

        await alice.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages")
        {
            Content = RestCall.Raw(body, "application/json"),
        }).ProblemAsync(code, field);

        Assert.Empty(await project.HistoryAsync());
    }

    [Fact]
    public async Task Send_CustomOf4096Bytes_IsTaken()
    {
        var (_, alice, _) = await AliceAndBobAsync();

        // {"a":"…"} has eight characters besides the text.
        await SendAsync(alice, new { to = "bob", data = "x", custom = new { a = new string('x', 4_096 - 8) } });
        await alice.PostAsync("/api/v1/messages", new { to = "bob", data = "x", custom = new { a = new string('ä', 2_045) } })
            .ProblemAsync("too_long", "custom");
    }

    [Fact]
    public async Task Reply_InADirectConversation_HasASnapshotEverywhere()
    {
        var (_, alice, bob) = await AliceAndBobAsync();
        await using var live = await alice.ConnectAsync();
        await SendAsync(alice, new { to = "bob", data = new string('a', 199) + "🙂 and more" });
        await live.NextMessageAsync();

        await SendAsync(bob, new { to = "alice", data = "yes", replyTo = 1 });

        foreach (var message in new[]
        {
            await live.NextMessageAsync(), (await bob.GetJsonAsync("/api/v1/messages?with=alice")).GetProperty("messages")[0],
        })
        {
            var quote = message.GetProperty("replyTo");
            Assert.Equal(
                (1, "alice", 1, new string('a', 199)),
                (quote.GetProperty("sequence").GetInt32(), Text(quote, "from"), quote.GetProperty("type").GetInt32(), Text(quote, "data")));
        }
    }

    [Fact]
    public async Task Reply_ToAMessageOfAnotherConversation_IsRefused()
    {
        var (project, alice, _) = await AliceAndBobAsync();
        var cat = await (await project.CreateUserAsync("cat")).LogInAsync();
        await SendAsync(alice, new { to = "bob", data = "one" });
        await SendAsync(alice, new { to = "bob", data = "two" });
        await SendAsync(alice, new { to = "cat", data = "one" });

        await cat.PostAsync("/api/v1/messages", new { to = "alice", data = "x", replyTo = 2 }).ProblemAsync("message_not_found", "replyTo");
    }

    [Fact]
    public async Task Reply_RepeatedAfterTheQuotedMessageIsErased_GivesTheFirstResult()
    {
        var (project, alice, bob) = await AliceAndBobAsync();
        await SendAsync(alice, new { to = "bob", data = "quoted" });
        var first = await SendAsync(bob, new { to = "alice", data = "x", replyTo = 1, clientMessageId = "r1" });
        var key = new Chat.Model.ConversationKey(project.Id, Text(first, "conversation"));
        await backends.App.Get<Chat.Conversations.Storage.ConversationErasureStore>().EraseAllAsync(
            key, 1, "e1", _ => Task.CompletedTask, CancellationToken.None);

        var again = await SendAsync(bob, new { to = "alice", data = "x", replyTo = 1, clientMessageId = "r1" });

        Assert.Equal((2, true), (again.GetProperty("sequence").GetInt32(), again.GetProperty("duplicate").GetBoolean()));
        await bob.PostAsync("/api/v1/messages", new { to = "alice", data = "x", replyTo = 1 }).ProblemAsync("message_deleted", "replyTo");
        var page = await bob.GetJsonAsync("/api/v1/messages?with=alice");
        Assert.DoesNotContain("quoted", page.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, page.GetProperty("messages")[0].GetProperty("replyTo").GetProperty("sequence").GetInt32());
    }

    [Fact]
    public async Task Reply_InAGroupToWhatWasSentBeforeOneJoined_IsRefused()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob", "cat");
        var group = await world.CreateGroupAsync("alice", "bob");
        await SendAsync(world["alice"], new { to = group, data = "before" });
        Assert.Equal("ok", await world.AddAsync("alice", group, "cat"));
        await SendAsync(world["alice"], new { to = group, data = "after" });

        await world["cat"].PostAsync("/api/v1/messages", new { to = group, data = "x", replyTo = 1 })
            .ProblemAsync("message_not_found", "replyTo");
        await SendAsync(world["cat"], new { to = group, data = "x", replyTo = 2 });
        await SendAsync(world["bob"], new { to = group, data = "x", replyTo = 1 });
    }

    [Fact]
    public async Task Mentions_OfMembers_AreInTheMessageAndCountedUntilRead()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob", "cat");
        var group = await world.CreateGroupAsync("alice", "bob", "cat");
        await using var live = await world["cat"].ConnectAsync();
        await SendAsync(world["alice"], new { to = group, data = "bob and cat", mentions = new[] { "bob", "cat", "bob" } });
        await SendAsync(world["alice"], new { to = group, data = "nobody" });
        await SendAsync(world["cat"], new { to = group, data = "bob", mentions = new[] { "bob" } });
        await SendAsync(world["alice"], new { to = group, data = "all", mentionsAll = true });

        Assert.Equal(["bob", "cat"], (await live.NextMessageAsync()).GetProperty("mentions").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal((4, 3), await UnreadAsync(world["bob"], group));
        // Cat has answered, so has read what came before.
        Assert.Equal((1, 1), await UnreadAsync(world["cat"], group));
        Assert.Equal((0, 0), await UnreadAsync(world["alice"], group));
        await world["bob"].PostAsync("/api/v1/receipts", new { receipts = new[] { new { conversation = group, read = 2 } } });
        Assert.Equal((2, 2), await UnreadAsync(world["bob"], group));
        await world["bob"].PostAsync("/api/v1/receipts", new { receipts = new[] { new { conversation = group, read = 4 } } });
        Assert.Equal((0, 0), await UnreadAsync(world["bob"], group));
    }

    [Fact]
    public async Task Mentions_WithoutTheRight_AreRefused()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob", "cat", "dan");
        var group = await world.CreateGroupAsync("alice", "bob", "dan");
        Assert.Equal("ok", await world.LeaveAsync("dan", group));
        var bob = world["bob"];

        await PostAsync(bob, new { to = group, data = "x", mentions = new[] { "cat" } }).ProblemAsync("member_not_found", "mentions");
        await PostAsync(bob, new { to = group, data = "x", mentions = new[] { "dan" } }).ProblemAsync("member_not_found", "mentions");
        await PostAsync(bob, new { to = group, data = "x", mentions = new[] { "alice", null } }).ProblemAsync("invalid_field", "mentions");
        await PostAsync(bob, new { to = group, data = "x", mentionsAll = true }).ProblemAsync("not_allowed", "mentionsAll");
        await PostAsync(bob, new { to = group, data = "x", mentions = Enumerable.Range(0, 1_000).Select(n => $"u{n}") })
            .ProblemAsync("too_long", "mentions");
        Assert.Equal("ok", await world.PromoteAsync("alice", group, "bob"));
        await SendAsync(bob, new { to = group, data = "x", mentionsAll = true });
        var broadcast = Text(
            await world["alice"].PostJsonAsync("/api/v1/groups", new { name = "News", members = new[] { "bob" }, broadcast = true }), "id");
        await PostAsync(world["alice"], new { to = broadcast, data = "x", mentions = new[] { "bob" } })
            .ProblemAsync("invalid_field", "mentions");
        await SendAsync(world["alice"], new { to = broadcast, data = "x", mentionsAll = true });
        Assert.Equal((1, 1), await UnreadAsync(bob, broadcast));
    }

    [Fact]
    public async Task Mentions_ManyAtOnce_AreAllStoredThoughATransactionHoldsOnlySome()
    {
        var names = Enumerable.Range(0, 60).Select(n => $"m{n}").ToArray();
        var world = await GroupWorld.CreateAsync(backends, backends.App, ["alice", .. names]);
        var group = await world.CreateGroupAsync("alice", names);

        await Task.WhenAll(Enumerable.Range(0, 30).Select(n => SendAsync(
            world["alice"], new { to = group, data = $"{n}", mentions = names.Skip(n % 2 * 10).Take(50) })));

        Assert.Equal((30, 15), await UnreadAsync(world["m0"], group));
        Assert.Equal((30, 30), await UnreadAsync(world["m30"], group));
    }

    [Fact]
    public async Task Forward_TextAndFile_AreCopiedAndTheFileCanBeSeen()
    {
        var (project, alice, bob) = await AliceAndBobAsync();
        var cat = await (await project.CreateUserAsync("cat")).LogInAsync();
        await using var live = await cat.ConnectAsync();
        var sent = await SendAsync(alice, new { to = "bob", data = "<b>for you</b>", type = 2, custom = new { secret = 1 } });
        await alice.SendFileAsync("bob", "plan.txt", "content of the plan"u8.ToArray());
        var conversation = Text(sent, "conversation");

        await SendAsync(bob, new { to = "cat", forward = new { conversation, sequence = 1 } });
        await SendAsync(bob, new { to = "cat", forward = new { conversation, sequence = 2 } });

        var text = await live.NextMessageAsync();
        Assert.Equal(
            ("<b>for you</b>", 2, true),
            (Text(text, "data"), text.GetProperty("type").GetInt32(), text.GetProperty("forwarded").GetBoolean()));
        Assert.False(text.TryGetProperty("custom", out _));
        var file = await live.NextMessageAsync();
        var original = (await bob.GetJsonAsync("/api/v1/messages?with=alice")).GetProperty("messages")[0];
        Assert.Equal(
            (Text(original, "data"), original.GetProperty("size").GetInt64()), (Text(file, "data"), file.GetProperty("size").GetInt64()));
        await cat.PostAsync("/api/v1/messages", new { to = "bob", forward = new { conversation, sequence = 1 } })
            .ProblemAsync("message_not_found", "forward");
        await bob.PostAsync("/api/v1/messages", new { to = "cat", forward = new { conversation, sequence = 3 } })
            .ProblemAsync("message_not_found", "forward");
    }

    [Fact]
    public async Task Send_WithFields_CostsTheReadsOfWhatItNames()
    {
        var requests = new RequestLog();
        await using var app = await VoxApp.StartAsync(
            backends, configure: builder => builder.Services.AddSingleton<HttpPipelinePolicy>(requests));
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob", "cat");
        var group = await world.CreateGroupAsync("alice", "bob", "cat");
        var alice = world["alice"];
        await SendAsync(alice, new { to = group, data = "warm" });
        await SendAsync(alice, new { to = "bob", data = "warm" });
        await app.SettleAsync(world.Project.Id);

        await ExpectAsync(new { to = "bob", data = "x", custom = new { a = 1 }, silent = true }, "POST conversations 3", "POST chatlog 1");
        // The quoted message, and whether the sender has deleted it for themselves or cleared the history.
        await ExpectAsync(
            new { to = "bob", data = "x", replyTo = 1 }, "GET conversations", "GET conversations", "POST conversations 4",
            "POST chatlog 1");
        await ExpectAsync(
            new { to = group, data = "x", mentions = new[] { "bob", "alice" } }, "GET conversations", "GET conversations",
            "POST conversations 5", "POST chatlog 1");
        await ExpectAsync(new { to = group, data = "x" }, "POST conversations 4", "POST chatlog 1");

        async Task ExpectAsync(object body, params string[] expected)
        {
            requests.Clear();
            await SendAsync(alice, body);
            await app.SettleAsync(world.Project.Id);
            // Without the queue through which new members are joined to the live group.
            Assert.Equal(expected, requests.Requests.Where(request => request != "POST "));
        }
    }

    private async Task<(TestProject Project, TestSession Alice, TestSession Bob)> AliceAndBobAsync()
    {
        var project = await backends.App.CreateProjectAsync();
        return (
            project, await (await project.CreateUserAsync("alice")).LogInAsync(),
            await (await project.CreateUserAsync("bob")).LogInAsync());
    }

    /// <summary>Unread messages and mentions, which the list and sync agree on.</summary>
    private static async Task<(long Unread, int Mentions)> UnreadAsync(TestSession session, string conversation)
    {
        var listed = (await session.GetJsonAsync("/api/v1/conversations")).GetProperty("conversations").EnumerateArray()
            .Single(c => Text(c, "conversation") == conversation);
        var known = new Dictionary<string, long> { [conversation] = 0 };
        var synced = (await session.PostJsonAsync("/api/v1/sync", new { conversations = known }))
            .GetProperty("conversations").EnumerateArray().Single(c => Text(c, "conversation") == conversation);
        Assert.Equal(Of(listed), Of(synced));
        return Of(listed);

        static (long Unread, int Mentions) Of(JsonElement view) => (
            view.GetProperty("unread").GetInt64(), view.TryGetProperty("unreadMentions", out var count) ? count.GetInt32() : 0);
    }

    private static Task<JsonElement> SendAsync(TestSession session, object body) => session.PostJsonAsync("/api/v1/messages", body);

    private static Task<HttpResponseMessage> PostAsync(TestSession session, object body) => session.PostAsync("/api/v1/messages", body);

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
