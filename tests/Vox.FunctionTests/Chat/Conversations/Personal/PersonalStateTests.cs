using System.Net.Http.Json;
using System.Text.Json;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Conversations.Personal;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;
using Vox.Tests.Fixture;
using Vox.Tests.Groups;

namespace Vox.Tests.Conversations;

/// <summary>What users set for themselves: muted, archived, favourite, unread, cleared, deleted for me.</summary>
public sealed class PersonalStateTests(Backends backends)
{
    [Fact]
    public async Task Settings_Changed_AreOnAllDevicesInTheListAndInSyncAndNobodyElseLearnsOfThem()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob");
        var group = await world.CreateGroupAsync("alice", "bob");
        await world["alice"].SendMessageAsync(group, "x");
        var direct = Text(await world["bob"].SendMessageAsync("alice", "x"), "conversation");
        await using var other = await world["alice"].ConnectAsync();
        await using var bob = await world["bob"].ConnectAsync();
        foreach (var conversation in new[] { direct, group })
        {
            var until = TimeProvider.System.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds();
            var changed = await ChangeAsync(world["alice"], conversation, new { mutedUntil = until, archived = true });
            Assert.Equal((until, true, 1), (changed.GetProperty("mutedUntil").GetInt64(), Flag(changed, "archived"), Version(changed)));
            var live = await other.NextAsync("settings");
            Assert.Equal(changed.GetRawText(), live.GetRawText());

            var next = await ChangeAsync(world["alice"], conversation, new { archived = false, favourite = true, mutedUntil = -1 });
            Assert.Equal((-1, false, true, 2), (
                next.GetProperty("mutedUntil").GetInt64(), Flag(next, "archived"), Flag(next, "favourite"), Version(next)));
            await other.NextAsync("settings");
            Assert.Equal(2, Version(await ChangeAsync(world["alice"], conversation, new { favourite = true })));

            Assert.Equal(next.GetRawText(), (await ListedAsync(world["alice"], conversation))!.Value.GetProperty("settings").GetRawText());
            Assert.Equal(next.GetRawText(), (await SyncedAsync(world["alice"], conversation)).GetProperty("settings").GetRawText());
            Assert.False((await ListedAsync(world["bob"], conversation))!.Value.TryGetProperty("settings", out _));

            // A receipt writes the same row, and keeps them.
            await ReadAsync(world["alice"], conversation, 1);
            Assert.Equal(next.GetRawText(), (await SyncedAsync(world["alice"], conversation)).GetProperty("settings").GetRawText());
        }

        Assert.False(bob.Has("settings"));
    }

    [Fact]
    public async Task UnreadFrom_CountsOthersUntilReadOrAnswered()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob");
        var group = await world.CreateGroupAsync("alice", "bob");
        foreach (var (to, from) in new[] { ("bob", "alice"), (group, group) })
        {
            for (var i = 1; i <= 3; i++)
            {
                await world["alice"].SendMessageAsync(to, $"{i}");
            }

            var own = await world["bob"].SendMessageAsync(from == group ? group : "alice", "4, which is bob's");
            var conversation = Text(own, "conversation");
            await world["alice"].SendMessageAsync(to, "5");
            await ReadAsync(world["bob"], conversation, 5);
            Assert.Equal(0, await UnreadAsync(world["bob"], conversation));
            await using var device = await world["bob"].ConnectAsync();

            var marked = await ChangeAsync(world["bob"], conversation, new { unreadFrom = 2 });
            Assert.Equal(2, marked.GetProperty("unreadFrom").GetInt32());
            // 2, 3 and 5 are of the other one.
            Assert.Equal(3, await UnreadAsync(world["bob"], conversation));
            await world["alice"].SendMessageAsync(to, "6");
            Assert.Equal(4, await UnreadAsync(world["bob"], conversation));
            await ReadAsync(world["bob"], conversation, 1);
            Assert.Equal(4, await UnreadAsync(world["bob"], conversation));
            await ReadAsync(world["bob"], conversation, 5);
            Assert.Equal(1, await UnreadAsync(world["bob"], conversation));
            var ended = await device.NextAsync("settings", json => Version(json) == Version(marked) + 1);
            Assert.False(ended.TryGetProperty("unreadFrom", out _));

            await ChangeAsync(world["bob"], conversation, new { unreadFrom = 3 });
            await world["bob"].SendMessageAsync(from == group ? group : "alice", "7, an answer");
            Assert.Equal(0, await UnreadAsync(world["bob"], conversation));
            Assert.False((await SyncedAsync(world["bob"], conversation)).GetProperty("settings").TryGetProperty("unreadFrom", out _));

            await ChangeAsync(world["bob"], conversation, new { unreadFrom = 1 });
            await ChangeAsync(world["bob"], conversation, new { unreadFrom = 0 });
            Assert.Equal(0, await UnreadAsync(world["bob"], conversation));
        }
    }

    [Fact]
    public async Task Clear_History_IsGoneForTheCallerOnly()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob");
        var group = await world.CreateGroupAsync("alice", "bob");
        foreach (var (to, back) in new[] { ("bob", "alice"), (group, group) })
        {
            string conversation = "";
            for (var i = 1; i <= 3; i++)
            {
                conversation = Text(await world["alice"].SendMessageAsync(to, $"{i}"), "conversation");
            }

            await using var device = await world["bob"].ConnectAsync();
            await ChangeAsync(world["bob"], conversation, new { favourite = true });
            await world["bob"].PostJsonAsync($"/api/v1/conversations/{conversation}/clear", new { });

            Assert.Equal(3, (await device.NextAsync("settings", json => json.TryGetProperty("clearedThrough", out _)))
                .GetProperty("clearedThrough").GetInt32());
            var page = await world["bob"].GetJsonAsync($"/api/v1/messages?conversation={conversation}");
            Assert.Equal((3, 4, 0), (
                page.GetProperty("lastSequence").GetInt32(), page.GetProperty("firstSequence").GetInt32(),
                page.GetProperty("messages").GetArrayLength()));
            Assert.Empty((await world["bob"].GetJsonAsync($"/api/v1/messages?conversation={conversation}&before=3"))
                .GetProperty("messages").EnumerateArray());
            Assert.Null(await ListedAsync(world["bob"], conversation));
            Assert.Empty((await SyncedAsync(world["bob"], conversation)).GetProperty("messages").EnumerateArray());
            await world["bob"].PostAsync("/api/v1/messages", new { to = back, data = "x", replyTo = 2 })
                .ProblemAsync("message_not_found", "replyTo");
            await world["bob"].PostAsync("/api/v1/messages", new { to = "alice", forward = new { conversation, sequence = 2 } })
                .ProblemAsync("message_not_found", "forward");
            Assert.Equal([3, 2, 1], Sequences(await world["alice"].GetJsonAsync($"/api/v1/messages?conversation={conversation}")));

            await world["alice"].SendMessageAsync(to, "4");
            Assert.Equal([4], Sequences(await world["bob"].GetJsonAsync($"/api/v1/messages?conversation={conversation}")));
            Assert.Equal(1, await UnreadAsync(world["bob"], conversation));
            Assert.True(Flag((await ListedAsync(world["bob"], conversation))!.Value.GetProperty("settings"), "favourite"));
        }
    }

    [Fact]
    public async Task Hide_Messages_AreLeftOutForTheCallerAndNamed()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob");
        var group = await world.CreateGroupAsync("alice", "bob");
        foreach (var to in new[] { "bob", group })
        {
            string conversation = "";
            for (var i = 1; i <= 5; i++)
            {
                conversation = Text(await world["alice"].SendMessageAsync(to, $"{i}"), "conversation");
            }

            await using var device = await world["bob"].ConnectAsync();
            await HideAsync(world["bob"], conversation, 3);
            Assert.Equal([3], Numbers(await device.NextAsync("settings"), "hiddenSequences"));
            await HideAsync(world["bob"], conversation, 5);
            await HideAsync(world["bob"], conversation, 5);

            var page = await world["bob"].GetJsonAsync($"/api/v1/messages?conversation={conversation}");
            Assert.Equal([4, 2, 1], Sequences(page));
            Assert.Equal([3, 5], Numbers(page, "hiddenSequences"));
            var older = await world["bob"].GetJsonAsync($"/api/v1/messages?conversation={conversation}&before=5&size=2");
            Assert.Equal([4], Sequences(older));
            Assert.Equal([3], Numbers(older, "hiddenSequences"));
            Assert.Equal(3, await UnreadAsync(world["bob"], conversation));
            Assert.Equal("4", Text((await ListedAsync(world["bob"], conversation))!.Value.GetProperty("lastMessage"), "data"));
            var synced = await SyncedAsync(world["bob"], conversation, 2);
            Assert.Equal([4], Sequences(synced));
            Assert.True(synced.GetProperty("complete").GetBoolean());
            Assert.Equal([3, 5], Numbers(synced, "hiddenSequences"));
            Assert.Equal([3, 5], Numbers(synced.GetProperty("settings"), "hiddenSequences"));
            Assert.Equal([5, 4, 3, 2, 1], Sequences(await world["alice"].GetJsonAsync($"/api/v1/messages?conversation={conversation}")));
        }
    }

    [Theory]
    [InlineData("{\"mutedUntil\":-2}", "invalid_field", "mutedUntil")]
    [InlineData("{\"mutedUntil\":999999999999999}", "invalid_field", "mutedUntil")]
    [InlineData("{\"unreadFrom\":-1}", "invalid_field", "unreadFrom")]
    [InlineData("{\"unreadFrom\":2}", "message_not_found", "unreadFrom")]
    [InlineData("{\"unreadFrom\":9223372036854775807}", "invalid_field", "unreadFrom")]
    [InlineData("{\"archived\":\"yes\"}", "invalid_json", null)]
    [InlineData("[]", "invalid_json", null)]
    public async Task Settings_BadBody_IsRefused(string body, string code, string? field)
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob");
        var conversation = Text(await world["alice"].SendMessageAsync("bob", "x"), "conversation");

        await world["alice"].SendAsync(new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/conversations/{conversation}/settings")
        {
            Content = RestCall.Raw(body, "application/json"),
        }).ProblemAsync(code, field);
    }

    [Fact]
    public async Task Settings_OfOthersConversations_DoNotExist()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob", "mallory");
        var direct = Text(await world["alice"].SendMessageAsync("bob", "x"), "conversation");
        var group = await world.CreateGroupAsync("alice", "bob");

        (string Id, string Code)[] others =
            [(direct, "not_found"), ("dunknown", "not_found"), ("a%2Fb", "not_found"), (group, "not_a_member")];
        foreach (var (id, code) in others)
        {
            await world.CallAsync("mallory", HttpMethod.Patch, $"/api/v1/conversations/{id}/settings", new { archived = true })
                .ProblemAsync(code);
            await world.CallAsync("mallory", HttpMethod.Post, $"/api/v1/conversations/{id}/clear", new { }).ProblemAsync(code);
        }
    }

    [Fact]
    public async Task Broadcast_MemberOfTheAudience_HasSettingsOfTheirOwnAndKeepsThemAsAdmin()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob");
        var group = Text(
            await world["alice"].PostJsonAsync("/api/v1/groups", new { name = "News", members = new[] { "bob" }, broadcast = true }), "id");
        await world["alice"].SendMessageAsync(group, "1");
        await world["alice"].SendMessageAsync(group, "2");

        await HideAsync(world["bob"], group, 1);
        await ChangeAsync(world["bob"], group, new { favourite = true });
        Assert.Equal([2], Sequences(await world["bob"].GetJsonAsync($"/api/v1/messages?conversation={group}")));
        Assert.Equal("ok", await world.PromoteAsync("alice", group, "bob"));

        Assert.Equal([2], Sequences(await world["bob"].GetJsonAsync($"/api/v1/messages?conversation={group}")));
        Assert.True(Flag((await ListedAsync(world["bob"], group))!.Value.GetProperty("settings"), "favourite"));
    }

    [Fact]
    public async Task Settings_ChangedThroughTwoProcessesAtOnce_NoneIsLost()
    {
        await using var other = await VoxApp.StartAsync(backends, tablePrefix: backends.App.TablePrefix);
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob");
        for (var i = 1; i <= 10; i++)
        {
            await world["alice"].SendMessageAsync("bob", $"{i}");
        }

        var conversation = (await world["alice"].SendMessageAsync("bob", "11")).GetProperty("conversation").GetString()!;
        var there = world["bob"] with { App = other };
        await Task.WhenAll(Enumerable.Range(1, 10).Select(i => HideAsync(i % 2 == 0 ? world["bob"] : there, conversation, i))
            .Append(ReadAsync(world["bob"], conversation, 7)).Append(ReadAsync(there, conversation, 9)));

        Assert.Equal([11], Sequences(await there.GetJsonAsync($"/api/v1/messages?conversation={conversation}")));
        var synced = await SyncedAsync(world["bob"], conversation);
        Assert.Equal(9, synced.GetProperty("own").GetProperty("read").GetInt32());
        Assert.Equal(1, synced.GetProperty("unread").GetInt32());
    }

    [Fact]
    public async Task Read_WithPersonalState_CostsNoFurtherRequest()
    {
        var requests = new RequestLog();
        await using var app = await VoxApp.StartAsync(
            backends, configure: builder => builder.Services.AddSingleton<HttpPipelinePolicy>(requests));
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        var group = await world.CreateGroupAsync("alice", "bob");
        string direct = "";
        for (var i = 0; i < 5; i++)
        {
            direct = Text(await world["alice"].SendMessageAsync("bob", "x"), "conversation");
            await world["alice"].SendMessageAsync(group, "x");
        }

        // Once before, so that the process knows the caller.
        await CostsAsync();
        var before = await CostsAsync();
        foreach (var conversation in new[] { direct, group })
        {
            await ChangeAsync(world["bob"], conversation, new { favourite = true, mutedUntil = -1, unreadFrom = 1 });
            await HideAsync(world["bob"], conversation, 2);
        }

        Assert.Equal(before, await CostsAsync());
        Assert.Equal([1, 2, 2, 3, 4, 4], before);

        async Task<List<int>> CostsAsync()
        {
            var costs = new List<int>();
            foreach (var path in new[]
            {
                $"/api/v1/messages?conversation={direct}", $"/api/v1/messages?conversation={group}",
                $"/api/v1/messages?conversation={direct}&before=5", $"/api/v1/messages?conversation={group}&before=5",
                "/api/v1/conversations", "",
            })
            {
                await app.SettleAsync(world.Project.Id);
                requests.Clear();
                _ = path.Length > 0
                    ? await world["bob"].GetJsonAsync(path)
                    : await world["bob"].PostJsonAsync("/api/v1/sync", new { newest = 5 });
                costs.Add(requests.Requests.Count(request => request != "POST "));
            }

            return costs;
        }
    }

    private static async Task HideAsync(TestSession session, string conversation, long sequence)
    {
        var project = await session.App.Get<ProjectService>().GetAsync(session.Identity.ProjectId, CancellationToken.None);
        var identity = session.Identity;
        await session.App.Get<PersonalService>().HideAsync(
            new Caller(
                project, new Sender(identity.LoginId, identity.Uid),
                new AccessClaims(project.Id, identity.LoginId, identity.Uid, "", DateTimeOffset.MaxValue)),
            conversation, sequence, CancellationToken.None);
    }

    private static Task<JsonElement> ChangeAsync(TestSession session, string conversation, object change) =>
        session.SendAsync(new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/conversations/{conversation}/settings")
        {
            Content = JsonContent.Create(change),
        }).JsonAsync();

    private static Task<JsonElement> ReadAsync(TestSession session, string conversation, long read) =>
        session.PostJsonAsync("/api/v1/receipts", new { receipts = new[] { new { conversation, read } } });

    private static async Task<JsonElement?> ListedAsync(TestSession session, string conversation) =>
        (await session.GetJsonAsync("/api/v1/conversations")).GetProperty("conversations").EnumerateArray()
            .Where(found => Text(found, "conversation") == conversation).Select(found => (JsonElement?)found).SingleOrDefault();

    private static async Task<JsonElement> SyncedAsync(TestSession session, string conversation, long known = 0) =>
        (await session.PostJsonAsync("/api/v1/sync", new { conversations = new Dictionary<string, long> { [conversation] = known } }))
            .GetProperty("conversations").EnumerateArray().Single(found => Text(found, "conversation") == conversation);

    private static async Task<long> UnreadAsync(TestSession session, string conversation)
    {
        var listed = (await ListedAsync(session, conversation))!.Value.GetProperty("unread").GetInt64();
        Assert.Equal(listed, (await SyncedAsync(session, conversation)).GetProperty("unread").GetInt64());
        return listed;
    }

    private static List<int> Sequences(JsonElement page) =>
        [.. page.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("sequence").GetInt32())];

    private static List<int> Numbers(JsonElement json, string name) =>
        [.. json.GetProperty(name).EnumerateArray().Select(number => number.GetInt32())];

    private static bool Flag(JsonElement json, string name) => json.TryGetProperty(name, out var flag) && flag.GetBoolean();

    private static int Version(JsonElement settings) => settings.GetProperty("version").GetInt32();

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
