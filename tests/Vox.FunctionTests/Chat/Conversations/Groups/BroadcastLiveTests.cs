using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Tests.Fixture;
using static Vox.Tests.Groups.GroupWorld;

namespace Vox.Tests.Groups;

/// <summary>Broadcast groups and the live channel, and what a message costs. Costs are counted, not timed.</summary>
public sealed class BroadcastLiveTests(Backends backends) : IAsyncLifetime
{
    private OwnSignalR signalR = null!;
    private VoxApp app = null!;

    public async ValueTask InitializeAsync()
    {
        signalR = await OwnSignalR.StartAsync();
        app = await VoxApp.StartAsync(backends, [signalR.Setting]);
        signalR.ReportTo(app);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await signalR.DisposeAsync();
    }

    [Fact]
    public async Task SendMessage_ToABroadcastGroup_WhoeverIsOrComesOnlineHears()
    {
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob", "carol", "dave");
        var group = await BroadcastGroupTests.CreateAsync(world, "alice");
        await using var bob = await world["bob"].ConnectAsync();
        await using var dave = await world["dave"].ConnectAsync();

        await BroadcastGroupTests.BulkAsync(world, "alice", group, "add", "bob", "carol", "dave");
        var told = await bob.NextAsync("group");
        Assert.Equal(("USER-ADDED", group), (Text(told, "type"), Text(told, "group")));
        Assert.Equal(["bob"], Texts(told, "members"));
        await using var carol = await world["carol"].ConnectAsync();
        await world["alice"].SendMessageAsync(group, "hello");
        Assert.Equal("hello", Text(await bob.NextMessageAsync(), "data"));
        Assert.Equal("hello", Text(await carol.NextMessageAsync(), "data"));
        Assert.Equal("hello", Text(await dave.NextMessageAsync(), "data"));

        await BroadcastGroupTests.BulkAsync(world, "alice", group, "remove", "bob");
        Assert.Equal("USER-DELETED", Text(await bob.NextAsync("group"), "type"));
        Assert.Equal("ok", await world.BlockAsync("dave", group));
        await world["alice"].SendMessageAsync(group, "without bob and dave");
        Assert.Equal("without bob and dave", Text(await carol.NextMessageAsync(), "data"));
        await world["alice"].SendMessageAsync("bob", "to you");
        await world["alice"].SendMessageAsync("dave", "to you");
        Assert.Equal("to you", Text(await bob.NextMessageAsync(), "data"));
        Assert.Equal("to you", Text(await dave.NextMessageAsync(), "data"));
    }

    [Fact]
    public async Task SendMessage_To10000MembersWith100Online_CostsWhatItCostsTo10()
    {
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        var names = await GroupCostTests.CreateUsersAsync(world.Project, 100);
        var small = await BroadcastGroupTests.CreateAsync(world, "alice", ["bob", .. names.Take(8)]);
        var large = await BroadcastGroupTests.CreateAsync(world, "alice", ["bob", .. names]);
        var ordinary = await world.CreateGroupAsync("alice", "bob");
        await BroadcastGroupTests.FillAsync(app, new ConversationKey(world.Project.Id, large), 9_898);
        Assert.Equal(10_000, Number(await world["bob"].GetJsonAsync($"/api/v1/groups/{large}"), "memberCount"));
        await using var bob = await world["bob"].ConnectAsync();
        var online = await Task.WhenAll(
            names.Select(async name => await (await new TestUser(world.Project, name, "secret").LogInAsync()).ConnectAsync()));

        var (toOrdinary, toSmall, toLarge) = (await MeasureAsync(ordinary), await MeasureAsync(small), await MeasureAsync(large));

        Assert.Equal((2, 1), toLarge);
        Assert.Equal(toSmall, toLarge);
        Assert.Equal(toOrdinary, toLarge);

        // What their clients do then does not depend on the number of members either. Read once before: what the process remembers of
        // the group may have run out on a slow machine.
        await ReadPageAsync();
        Assert.Equal((2, 0), await CountAsync(ReadPageAsync));
        await ReadAsync(large, 1);
        await app.SettleAsync(world.Project.Id);
        Assert.Equal((1, 1), await CountAsync(() => ReadAsync(large, 2)));
        foreach (var client in online)
        {
            await client.NextAsync("message", message => Text(message, "data") == "measured" && Text(message, "to") == large);
            await client.DisposeAsync();
        }

        async Task<(long Storage, long Sends)> MeasureAsync(string group)
        {
            // Sent once before, so that the process knows the sender: the steady state is measured.
            await world["alice"].SendMessageAsync(group, "warm");
            await app.SettleAsync(world.Project.Id);
            var cost = await CountAsync(() => world["alice"].SendMessageAsync(group, "measured"));
            await bob.NextAsync("message", message => Text(message, "data") == "measured");
            return cost;
        }

        async Task<(long Storage, long Sends)> CountAsync(Func<Task> act)
        {
            var (storage, sends) = (app.Storage.Count, signalR.Service.Counters.Sends);
            await act();
            await app.SettleAsync(world.Project.Id);
            return (app.Storage.Count - storage, signalR.Service.Counters.Sends - sends);
        }

        Task ReadPageAsync() => world["bob"].GetJsonAsync($"/api/v1/messages?conversation={large}&size=50");

        Task ReadAsync(string group, long read) =>
            world["bob"].PostJsonAsync("/api/v1/receipts", new { receipts = new[] { new { conversation = group, read } } });
    }

    [Fact]
    public async Task Typing_InABroadcastGroup_NobodyHears()
    {
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        var group = await BroadcastGroupTests.CreateAsync(world, "alice", "bob");
        await using var alice = await world["alice"].ConnectAsync();
        await using var bob = await world["bob"].ConnectAsync();

        await alice.Connection.SendCoreAsync("typing", [new { group }]);
        await alice.Connection.SendCoreAsync("typing", [new { to = "bob" }]);

        Assert.False((await bob.NextAsync("typing")).TryGetProperty("group", out _));
    }

    [Fact]
    public async Task SendMessage_ByAnAdminWhoWasDismissedThroughAnotherProcess_IsRefused()
    {
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        var group = await BroadcastGroupTests.CreateAsync(world, "alice", "bob");
        await world.PromoteAsync("alice", group, "bob");
        await world["bob"].SendMessageAsync(group, "hello");
        await using var other = await VoxApp.StartAsync(backends, [signalR.Setting], tablePrefix: app.TablePrefix);

        using var dismissed = await other.Http.SendAsync(
            world.Request("alice", HttpMethod.Delete, $"/api/v1/groups/{group}/admins?id=bob"));
        Assert.True(dismissed.IsSuccessStatusCode);
        Assert.Equal("403 not_allowed", await world.SendAsync("bob", group, "once more"));
        Assert.Equal(["hello"], await world.TextsAsync("bob", group));
    }

    [Fact]
    public async Task MembersChange_OnTwoProcessesAtOnce_TheCountIsRight()
    {
        var world = await GroupWorld.CreateAsync(backends, app, "alice");
        var names = await GroupCostTests.CreateUsersAsync(world.Project, 40);
        var group = await BroadcastGroupTests.CreateAsync(world, "alice");
        await using var other = await VoxApp.StartAsync(backends, [signalR.Setting], tablePrefix: app.TablePrefix);

        await Task.WhenAll(names.Chunk(10).SelectMany((some, i) => new[] { app, other }.Select(async instance =>
        {
            foreach (var what in i % 2 == 0 ? ["add", "remove", "add"] : new[] { "add", "remove" })
            {
                using var answer = await instance.Http.SendAsync(
                    world.Request("alice", HttpMethod.Post, $"/api/v1/groups/{group}/members/{what}", new { ids = some }));
                Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            }
        })));
        var members = await app.Get<AudienceStore>().ReadPageAsync(new(world.Project.Id, group), null, 1_000, default);
        Assert.Equal(members.Count, await app.Get<AudienceStore>().CountAsync(new(world.Project.Id, group), default));

        // Whoever is a member has the group in their list, and nobody else.
        foreach (var name in names)
        {
            var session = await new TestUser(world.Project, name, "secret").LogInAsync();
            var listed = await app.Get<RecentStore>().ListGroupsAsync(session.Identity, default);
            Assert.Equal(members.Exists(member => member.LoginId == name), listed.Count == 1);
        }
    }
}
