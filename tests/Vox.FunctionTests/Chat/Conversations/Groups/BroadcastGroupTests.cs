using System.Text.Json;
using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Tests.Fixture;
using static Vox.Tests.Groups.GroupWorld;

namespace Vox.Tests.Groups;

/// <summary>Groups of up to 100,000 members, of whom only the owner and the admins write.</summary>
public sealed class BroadcastGroupTests(Backends backends)
{
    [Fact]
    public async Task SendMessage_ToABroadcastGroup_AdminsWriteMembersReadAndStrangersDoNeither()
    {
        var world = await WorldAsync("alice", "bob", "carol", "eve");
        var group = await CreateAsync(world, "alice", "bob", "carol");

        Assert.Equal("ok", await world.SendAsync("alice", group, "hello"));
        Assert.Equal("403 not_allowed", await world.SendAsync("bob", group, "may I?"));
        Assert.Equal("403 not_a_member", await world.SendAsync("eve", group, "may I?"));
        Assert.Equal(["hello"], await world.TextsAsync("bob", group));
        Assert.Equal("403 not_a_member", await CodeAsync(world.CallAsync("eve", HttpMethod.Get, $"/api/v1/groups/{group}")));

        Assert.Equal("ok", await world.PromoteAsync("alice", group, "bob"));
        Assert.Equal("ok", await world.SendAsync("bob", group, "I may"));
        Assert.Equal("ok", await world.DismissAsync("alice", group, "bob"));
        Assert.Equal("403 not_allowed", await world.SendAsync("bob", group, "not any more"));
        Assert.Equal(["hello", "I may"], await world.TextsAsync("bob", group));
        Assert.Equal(["hello", "I may"], await world.TextsAsync("carol", group));
    }

    [Fact]
    public async Task GetGroup_Broadcast_HasTheAdminsAndTheNumberOfMembers()
    {
        var world = await WorldAsync("alice", "bob", "carol");
        var group = await CreateAsync(world, "alice", "bob", "carol");
        await world.PromoteAsync("alice", group, "bob");

        var view = await world["carol"].GetJsonAsync($"/api/v1/groups/{group}");

        Assert.Equal((true, "member", 3L), (view.GetProperty("broadcast").GetBoolean(), Text(view, "role"), Number(view, "memberCount")));
        Assert.Equal("alice:owner bob:admin", Members(view));
        var listed = (await world["carol"].GetJsonAsync("/api/v1/groups")).GetProperty("groups")[0];
        Assert.Equal((true, 3L), (listed.GetProperty("broadcast").GetBoolean(), Number(listed, "memberCount")));
    }

    [Fact]
    public async Task CreateGroup_Broadcast_SameIdempotencyKeyIsTheSameGroupAndAWrongNameLeavesNone()
    {
        var world = await WorldAsync("alice", "bob");
        async Task<JsonElement> AgainAsync()
        {
            using var request = world.Request(
                "alice", HttpMethod.Post, "/api/v1/groups", new { name = "News", broadcast = true, members = new[] { "bob" } });
            request.Headers.Add("Idempotency-Key", "once");
            using var response = await world.Project.App.Http.SendAsync(request);
            return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        }

        Assert.Equal(Text(await AgainAsync(), "id"), Text(await AgainAsync(), "id"));

        Assert.Equal(
            "404 user_not_found",
            await CodeAsync(world["alice"].PostAsync(
                "/api/v1/groups", new { name = "News", broadcast = true, members = new[] { "bob", "nobody" } })));
        Assert.Equal(1, Number(await world["alice"].GetJsonAsync("/api/v1/groups"), "total"));
    }

    [Fact]
    public async Task AddMembersInBulk_Twice_TheSecondTimeChangesNothingAndTheRefusedAreNamed()
    {
        var world = await WorldAsync("alice", "bob", "carol", "dave");
        var group = await CreateAsync(world, "alice");
        await world["dave"].PostAsync("/api/v1/blocks", new { id = "alice" });
        string[] ids = ["bob", "nobody", "carol", "dave", "alice", "bob"];

        var first = await BulkAsync(world, "alice", group, "add", ids);
        var second = await BulkAsync(world, "alice", group, "add", ids);

        Assert.Equal((2L, "dave:blocked nobody:user_not_found"), (Number(first, "changed"), Refused(first)));
        Assert.Equal((0L, "dave:blocked nobody:user_not_found"), (Number(second, "changed"), Refused(second)));
        Assert.Equal(3, Number(await world["bob"].GetJsonAsync($"/api/v1/groups/{group}"), "memberCount"));
        Assert.Equal("403 not_allowed", await CodeAsync(world["bob"].PostAsync($"/api/v1/groups/{group}/members/add", new { ids })));
        Assert.Equal("404 user_not_found", await world.AddAsync("alice", group, "nobody"));
        var ordinary = await world.CreateGroupAsync("alice");
        Assert.Equal("400 invalid_field", await CodeAsync(world["alice"].PostAsync($"/api/v1/groups/{ordinary}/members/add", new { ids })));
    }

    [Fact]
    public async Task RemoveMembersInBulk_OfSome_TheySeeNothingAnyMoreAndTheOthersStay()
    {
        var world = await WorldAsync("alice", "bob", "carol", "dave");
        var group = await CreateAsync(world, "alice", "bob", "carol", "dave");
        await world.SendAsync("alice", group, "hello");
        await world.PromoteAsync("alice", group, "dave");

        var first = await BulkAsync(world, "alice", group, "remove", "bob", "dave", "nobody");
        var second = await BulkAsync(world, "alice", group, "remove", "bob");

        Assert.Equal((1L, "dave:not_allowed"), (Number(first, "changed"), Refused(first)));
        Assert.Equal(0, Number(second, "changed"));
        Assert.Equal("403 not_a_member", await CodeAsync(world.CallAsync("bob", HttpMethod.Get, $"/api/v1/messages?conversation={group}")));
        Assert.Equal(0, Number(await world["bob"].GetJsonAsync("/api/v1/conversations"), "total"));
        Assert.Equal(3, Number(await world["carol"].GetJsonAsync($"/api/v1/groups/{group}"), "memberCount"));

        // By the endpoint for one, also an admin.
        Assert.Equal("ok", await world.RemoveAsync("alice", group, "dave"));
        Assert.Equal("ok", await world.RemoveAsync("alice", group, "carol"));
        Assert.Equal(1, Number(await world["alice"].GetJsonAsync($"/api/v1/groups/{group}"), "memberCount"));
        Assert.Equal("403 not_a_member", await world.SendAsync("dave", group, "still here?"));
    }

    [Fact]
    public async Task GetMembers_InPages_EverybodyOnceAndOnlyForAdmins()
    {
        var world = await WorldAsync("alice", "bob");
        var names = await GroupCostTests.CreateUsersAsync(world.Project, 60);
        var group = await CreateAsync(world, "alice", ["bob", .. names]);
        await world.PromoteAsync("alice", group, "bob");
        var small = await world.CreateGroupAsync("alice", ["bob", .. names.Take(10)]);

        Assert.Equal(names.Concat(["alice", "bob"]).Order(StringComparer.Ordinal), await PagesAsync(world, "bob", group, 62));
        Assert.Equal(names.Take(10).Concat(["alice", "bob"]).Order(StringComparer.Ordinal), await PagesAsync(world, "bob", small, 12));
        var member = await (await new TestUser(world.Project, names[0], "secret").LogInAsync()).GetAsync($"/api/v1/groups/{group}/members");
        Assert.Equal(403, (int)member.StatusCode);
        Assert.Equal(
            "400 invalid_field", await CodeAsync(world.CallAsync("bob", HttpMethod.Get, $"/api/v1/groups/{group}/members?cursor=x1")));
    }

    [Fact]
    public async Task Join_ABroadcastGroup_SeesAndCountsWhatComesAfterIt()
    {
        var world = await WorldAsync("alice", "bob");
        var group = await CreateAsync(world, "alice");
        await world.SendAsync("alice", group, "before");
        await BulkAsync(world, "alice", group, "add", "bob");
        await world.SendAsync("alice", group, "after");

        Assert.Equal(["after"], await world.TextsAsync("bob", group));
        var listed = (await world["bob"].GetJsonAsync("/api/v1/conversations")).GetProperty("conversations")[0];
        Assert.Equal((group, 1L, 2L), (Text(listed, "conversation"), Number(listed, "unread"), Number(listed, "firstSequence")));

        await ReadAsync(world["bob"], group, 2);
        listed = (await world["bob"].GetJsonAsync("/api/v1/conversations")).GetProperty("conversations")[0];
        Assert.Equal(0, Number(listed, "unread"));

        // Nobody is told of their own messages.
        listed = (await world["alice"].GetJsonAsync("/api/v1/conversations")).GetProperty("conversations")[0];
        Assert.Equal(0, Number(listed, "unread"));

        // What they have read goes with them.
        await world.PromoteAsync("alice", group, "bob");
        listed = (await world["bob"].GetJsonAsync("/api/v1/conversations")).GetProperty("conversations")[0];
        Assert.Equal(0, Number(listed, "unread"));
    }

    [Fact]
    public async Task Receipts_OfABroadcastGroup_AreCountsForAdminsAndNobodyIsTold()
    {
        var world = await WorldAsync("alice", "bob", "carol", "dave");
        var group = await CreateAsync(world, "alice", "bob", "carol", "dave");
        await using var alice = await world["alice"].ConnectAsync();
        await world.SendAsync("alice", group, "hello");
        await ReadAsync(world["bob"], group, 1);
        await world["carol"].PostJsonAsync(
            "/api/v1/receipts", new { receipts = new[] { new { conversation = group, delivered = 1 } } });

        var receipts = await world["alice"].GetJsonAsync($"/api/v1/groups/{group}/receipts?sequence=1");

        Assert.Equal((3L, 2L, 1L), (Number(receipts, "of"), Number(receipts, "delivered"), Number(receipts, "read")));
        Assert.Equal(0, receipts.GetProperty("members").GetArrayLength());
        Assert.Equal(
            "403 not_allowed", await CodeAsync(world.CallAsync("bob", HttpMethod.Get, $"/api/v1/groups/{group}/receipts?sequence=1")));

        await world.SendAsync("alice", group, "the last");
        await alice.NextAsync("message", message => Text(message, "data") == "the last");
        Assert.False(alice.Has("receipt"));
    }

    [Fact]
    public async Task Leave_TheOwner_OnlyIfSomebodyElseCanWrite()
    {
        var world = await WorldAsync("alice", "bob", "carol");
        var group = await CreateAsync(world, "alice", "bob", "carol");

        Assert.Equal("403 owner_stays", await world.LeaveAsync("alice", group));
        await world.PromoteAsync("alice", group, "bob");
        Assert.Equal("ok", await world.LeaveAsync("alice", group));
        Assert.Equal("bob:owner", await world.MembersAsync("carol", group));
        Assert.Equal("ok", await world.LeaveAsync("carol", group));
        Assert.Equal("403 not_a_member", await world.LeaveAsync("carol", group));
        Assert.Equal(0, Number(await world["carol"].GetJsonAsync("/api/v1/groups"), "total"));
    }

    [Fact]
    public async Task Block_ABroadcastGroup_IsNotListedNorAddedAgain()
    {
        var world = await WorldAsync("alice", "bob");
        var group = await CreateAsync(world, "alice", "bob");
        await world.SendAsync("alice", group, "hello");

        Assert.Equal("ok", await world.BlockAsync("bob", group));
        Assert.Equal(0, Number(await world["bob"].GetJsonAsync("/api/v1/conversations"), "total"));
        await world.RemoveAsync("alice", group, "bob");
        Assert.Equal("bob:blocked", Refused(await BulkAsync(world, "alice", group, "add", "bob")));
        Assert.Equal("ok", await world.BlockAsync("bob", group, blocked: false));
        Assert.Equal(1, Number(await BulkAsync(world, "alice", group, "add", "bob"), "changed"));
    }

    [Fact]
    public async Task DeleteUser_WhoIsAMember_LeavesAndTheirSuccessorIsNoMember()
    {
        var world = await WorldAsync("alice", "bob", "carol");
        var group = await CreateAsync(world, "alice", "bob", "carol");

        (await world.Project.DeleteUserAsync("bob")).EnsureSuccessStatusCode();
        var successor = await (await world.Project.CreateUserAsync("bob")).LogInAsync();

        Assert.Equal(2, Number(await world["alice"].GetJsonAsync($"/api/v1/groups/{group}"), "memberCount"));
        using var answer = await successor.GetAsync($"/api/v1/groups/{group}");
        Assert.Equal(403, (int)answer.StatusCode);

        // With the last who could write, the group ends; its members still see what they saw.
        await world.SendAsync("alice", group, "good bye");
        (await world.Project.DeleteUserAsync("alice")).EnsureSuccessStatusCode();
        Assert.Equal(["good bye"], await world.TextsAsync("carol", group));
    }

    [Fact]
    public async Task DeleteGroup_With2100Members_GoesOnWhereItStopped()
    {
        await using var app = await VoxApp.StartAsync(backends);
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        var group = await CreateAsync(world, "alice", "bob");
        var key = new ConversationKey(world.Project.Id, group);
        await FillAsync(app, key, 2_100);
        await world["bob"].PostAsync("/api/v1/messages", new { to = "alice", data = "hello" });

        Assert.Equal("ok", await world.DeleteAsync("alice", group));

        Assert.InRange((await app.Get<AudienceStore>().ReadSomeAsync(key, 10_000, default)).Count, 1_000, 1_101);
        Assert.Equal("404 group_not_found", await CodeAsync(world.CallAsync("bob", HttpMethod.Get, $"/api/v1/groups/{group}")));

        await app.Get<GroupReconciler>().RunAsync(TimeSpan.Zero, default);
        Assert.Empty(await app.Get<AudienceStore>().ReadSomeAsync(key, 10_000, default));
        Assert.Equal(0, await app.Get<AudienceStore>().CountAsync(key, default));
        Assert.Equal(1, Number(await world["bob"].GetJsonAsync("/api/v1/conversations"), "total"));
        Assert.Equal(0, Number(await world["bob"].GetJsonAsync("/api/v1/groups"), "total"));
    }

    /// <summary>Members who are no users, 1,000 at a time.</summary>
    internal static async Task FillAsync(VoxApp app, ConversationKey key, int count)
    {
        var names = Enumerable.Range(0, count).Select(n => $"extra{n:D6}");
        await Parallel.ForEachAsync(
            names.GroupBy(ChatKeys.AudienceShard).SelectMany(shard => shard.Chunk(AudienceStore.MaxChanges).Select(some => some)),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (some, _) => await app.Get<AudienceStore>().ChangeAsync(
                key, some,
                (id, row) => row is not null ? null : new MemberChange(null, new GroupMember(
                    id, "uid-of-" + id + "-20-letters", GroupRole.Member, 0, 1, 0, Left: false, 0, 1, Blocked: false, 0, Mark.None)),
                TimeSpan.FromSeconds(30)));
    }

    internal static async Task<string> CreateAsync(GroupWorld world, string owner, params string[] members) =>
        Text(await world[owner].PostJsonAsync("/api/v1/groups", new { name = "News", broadcast = true, members }), "id");

    internal static Task<JsonElement> BulkAsync(GroupWorld world, string by, string group, string what, params string[] ids) =>
        world[by].PostJsonAsync($"/api/v1/groups/{group}/members/{what}", new { ids });

    private static async Task<string[]> PagesAsync(GroupWorld world, string by, string group, int total)
    {
        var found = new List<string>();
        for (var cursor = (string?)null; ;)
        {
            var page = await world[by].GetJsonAsync($"/api/v1/groups/{group}/members?size=7&cursor={cursor}");
            Assert.Equal(total, Number(page, "total"));
            found.AddRange(page.GetProperty("members").EnumerateArray().Select(member => Text(member, "id")));
            if (!page.TryGetProperty("cursor", out var next))
            {
                Assert.Equal(found.Count, found.Distinct().Count());
                return [.. found.Order(StringComparer.Ordinal)];
            }

            Assert.Equal(7, page.GetProperty("members").GetArrayLength());
            cursor = next.GetString();
        }
    }

    private static Task ReadAsync(TestSession session, string group, long read) =>
        session.PostJsonAsync("/api/v1/receipts", new { receipts = new[] { new { conversation = group, read } } });

    private static string Refused(JsonElement changed) => string.Join(' ', changed.GetProperty("refused").EnumerateArray()
        .Select(refused => $"{Text(refused, "id")}:{Text(refused, "error")}").Order(StringComparer.Ordinal));

    private Task<GroupWorld> WorldAsync(params string[] users) => GroupWorld.CreateAsync(backends, backends.App, users);
}
