using Vox.Tests.Files;
using Vox.Tests.Fixture;
using static Vox.Tests.Groups.GroupWorld;

namespace Vox.Tests.Groups;

/// <summary>What is refused, with which code, and that a refused call has changed nothing.</summary>
public sealed class GroupRefusalTests(Backends backends)
{
    [Fact]
    public async Task Stranger_EveryCall_NotAMember()
    {
        var world = await WorldAsync("alice", "bob", "eve");
        var group = await world.CreateGroupAsync("alice", "bob");
        var calls = new[]
        {
            world.SendAsync("eve", group, "hi"),
            CodeAsync(world["eve"].GetAsync($"/api/v1/groups/{group}")),
            CodeAsync(world["eve"].GetAsync($"/api/v1/messages?conversation={group}")),
            CodeAsync(world["eve"].GetAsync($"/api/v1/messages?with={group}&before=9")),
            CodeAsync(world["eve"].GetAsync($"/api/v1/groups/{group}/receipts")),
            world.AddAsync("eve", group, "eve"),
            world.AddAsync("eve", group, "nobody"),
            world.RemoveAsync("eve", group, "bob"),
            world.PromoteAsync("eve", group, "eve"),
            world.DismissAsync("eve", group, "alice"),
            world.UpdateAsync("eve", group, new { name = "Mine" }),
            world.LeaveAsync("eve", group),
            world.BlockAsync("eve", group),
            world.DeleteAsync("eve", group),
        };

        Assert.All(await Task.WhenAll(calls), code => Assert.Equal("403 not_a_member", code));
        var receipt = await world["eve"].PostJsonAsync(
            "/api/v1/receipts", new { receipts = new[] { new { conversation = group, read = 1 } } });
        Assert.Equal("not_a_member", Text(receipt.GetProperty("results")[0], "error"));
        Assert.Equal("alice:owner bob:member", await world.MembersAsync("alice", group));
    }

    [Fact]
    public async Task Send_OfAFormerMember_GroupDeletedThroughAnotherProcess_SaysThatItIsGone()
    {
        await using var one = await VoxApp.StartAsync(backends);
        await using var two = await VoxApp.StartAsync(backends, tablePrefix: one.TablePrefix);
        var world = await GroupWorld.CreateAsync(backends, one, "alice", "bob", "carol");
        var group = await world.CreateGroupAsync("alice", "bob", "carol");
        Assert.Equal("ok", await world.LeaveAsync("carol", group));

        // Now this process remembers the group.
        Assert.Equal("ok", await world.SendAsync("bob", group, "hello"));
        Assert.Equal("403 not_a_member", await world.SendAsync("carol", group, "me too"));
        await (world["alice"] with { App = two })
            .SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/groups/{group}")).TextAsync(204);

        Assert.Equal("404 group_not_found", await world.SendAsync("carol", group, "still there?"));
        Assert.Equal("404 group_not_found", await world.SendAsync("bob", group, "still there?"));
    }

    [Fact]
    public async Task Receipt_RepeatedAfterTheGroupWasDeleted_SaysThatItIsGone()
    {
        var world = await WorldAsync("alice", "bob");
        var group = await world.CreateGroupAsync("alice", "bob");
        await world["alice"].SendMessageAsync(group, "hello");
        var receipts = new { receipts = new[] { new { conversation = group, read = 1 } } };
        await world["bob"].PostJsonAsync("/api/v1/receipts", receipts);
        Assert.Equal("ok", await world.DeleteAsync("alice", group));

        var repeated = await world["bob"].PostJsonAsync("/api/v1/receipts", receipts);

        Assert.Equal("group_not_found", Text(repeated.GetProperty("results")[0], "error"));
    }

    [Fact]
    public async Task Member_AdminThings_NotAllowed()
    {
        var world = await WorldAsync("alice", "bob", "carol", "dave");
        var group = await world.CreateGroupAsync("alice", "bob", "carol");
        await world.PromoteAsync("alice", group, "carol");

        Assert.Equal("403 not_allowed", await world.AddAsync("bob", group, "dave"));
        Assert.Equal("403 not_allowed", await world.RemoveAsync("bob", group, "carol"));
        Assert.Equal("403 not_allowed", await world.PromoteAsync("bob", group, "bob"));
        Assert.Equal("403 not_allowed", await world.DismissAsync("bob", group, "carol"));
        Assert.Equal("403 not_allowed", await world.UpdateAsync("bob", group, new { name = "Mine" }));
        Assert.Equal("403 not_allowed", await world.DeleteAsync("bob", group));
        Assert.Equal("403 not_allowed", await world.DeleteAsync("carol", group));
        Assert.Equal("403 owner_stays", await world.RemoveAsync("carol", group, "alice"));
        Assert.Equal("403 owner_stays", await world.DismissAsync("carol", group, "alice"));
        Assert.Equal("403 owner_stays", await world.DismissAsync("alice", group, "alice"));
        Assert.Equal("alice:owner bob:member carol:admin", await world.MembersAsync("alice", group));
        Assert.Equal("Friends", Text(await world["alice"].GetJsonAsync($"/api/v1/groups/{group}"), "name"));
        Assert.Equal("ok", await world.DismissAsync("carol", group, "carol"));
    }

    [Fact]
    public async Task Add_UnknownOrBlocked_NobodyIsAdded()
    {
        var world = await WorldAsync("alice", "bob", "carol", "dave");
        var group = await world.CreateGroupAsync("alice");
        using var blocks = await world["carol"].PostAsync("/api/v1/blocks", new { id = "alice" });
        using var blocked = await world["alice"].PostAsync("/api/v1/blocks", new { id = "dave" });

        Assert.Equal("404 user_not_found", await world.AddAsync("alice", group, "bob", "nobody"));
        Assert.Equal("403 blocked", await world.AddAsync("alice", group, "bob", "carol"));
        Assert.Equal("403 blocked", await world.AddAsync("alice", group, "bob", "dave"));
        Assert.Equal("400 missing_field", await world.AddAsync("alice", group));
        Assert.Equal("400 missing_field", await world.AddAsync("alice", group, "bob", ""));
        Assert.Equal("404 member_not_found", await world.PromoteAsync("alice", group, "bob"));
        Assert.Equal(
            "404 user_not_found",
            await CodeAsync(world["alice"].PostAsync("/api/v1/groups", new { name = "x", members = new[] { "bob", "nobody" } })));
        Assert.Equal("alice:owner", await world.MembersAsync("alice", group));
        Assert.Single((await world["alice"].GetJsonAsync("/api/v1/groups")).GetProperty("groups").EnumerateArray());
        Assert.Empty((await world["bob"].GetJsonAsync("/api/v1/groups")).GetProperty("groups").EnumerateArray());
    }

    [Fact]
    public async Task Repeated_AddRemovePromote_ChangeNothing()
    {
        var world = await WorldAsync("alice", "bob");
        var group = await world.CreateGroupAsync("alice", "bob");
        await world.PromoteAsync("alice", group, "bob");
        var version = await VersionAsync();

        Assert.Equal("ok", await world.AddAsync("alice", group, "bob", "bob", "alice"));
        Assert.Equal("ok", await world.PromoteAsync("alice", group, "bob", "alice"));
        Assert.Equal("ok", await world.RemoveAsync("alice", group, "nobody"));
        Assert.Equal("ok", await world.DismissAsync("alice", group, "nobody"));
        Assert.Equal("ok", await world.UpdateAsync("alice", group, new { name = "Friends" }));
        Assert.Equal("ok", await world.BlockAsync("bob", group, blocked: false));
        Assert.Equal(version, await VersionAsync());
        Assert.Equal("alice:owner bob:admin", await world.MembersAsync("alice", group));

        async Task<long> VersionAsync() => Number(await world["alice"].GetJsonAsync($"/api/v1/groups/{group}"), "version");
    }

    [Theory]
    [InlineData("""{"name":" "}""", "missing_field")]
    [InlineData("""{"description":"no name"}""", "missing_field")]
    [InlineData("""{"name":"a\u0001b"}""", "invalid_field")]
    [InlineData("""{"name":"x","members":[""]}""", "missing_field")]
    [InlineData("""{"name":"x","members":"bob"}""", "invalid_json")]
    public async Task CreateGroup_BadBody_SaysWhy(string body, string code)
    {
        var world = await WorldAsync("alice");
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/groups")
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };

        Assert.Equal("400 " + code, await CodeAsync(world["alice"].SendAsync(request)));
    }

    [Fact]
    public async Task Limits_NameDescriptionGroupsOfAUserAndUnknownGroups_ClearCodes()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Groups:MaxPerUser=2", "Groups:MaxMembers=3"]);
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob", "carol", "dave");

        Assert.Equal("400 too_long", await CodeAsync(world["alice"].PostAsync("/api/v1/groups", new { name = new string('x', 101) })));
        Assert.Equal(
            "400 too_long",
            await CodeAsync(world["alice"].PostAsync("/api/v1/groups", new { name = "x", description = new string('x', 501) })));
        var first = await world.CreateGroupAsync("alice", "bob");
        await world.CreateGroupAsync("alice");
        Assert.Equal("409 limit_reached", await CodeAsync(world["alice"].PostAsync("/api/v1/groups", new { name = "third" })));
        var other = await world.CreateGroupAsync("carol");
        Assert.Equal("409 limit_reached", await world.AddAsync("carol", other, "alice"));
        Assert.Equal("409 limit_reached", await world.AddAsync("alice", first, "carol", "dave"));
        Assert.Equal("alice:owner bob:member", await world.MembersAsync("alice", first));
        Assert.Equal("ok", await world.AddAsync("alice", first, "carol"));
        Assert.Equal("409 limit_reached", await world.AddAsync("alice", first, "dave"));
        Assert.Equal("409 limit_reached", await world.AddAsync("alice", first, "a", "b", "c", "d"));
        Assert.Equal("404 group_not_found", await world.SendAsync("alice", "g0123456789abcdefABCDEF", "x"));
        Assert.Equal("404 group_not_found", await world.LeaveAsync("alice", "g0123456789abcdefABCDEF"));
        Assert.Equal("404 group_not_found", await world.LeaveAsync("alice", "nonsense"));
        Assert.Equal("404 not_found", await CodeAsync(world["alice"].GetAsync("/api/v1/messages?conversation=g0123456789abcdefABCDEF")));
    }

    [Fact]
    public async Task TwoAdmins_RemovingEachOtherAtOnce_ExactlyOneStays()
    {
        var world = await WorldAsync("alice", "bob", "carol");
        for (var round = 0; round < 5; round++)
        {
            var group = await world.CreateGroupAsync("alice", "bob", "carol");
            await world.PromoteAsync("alice", group, "bob", "carol");

            var codes = await Task.WhenAll(world.RemoveAsync("bob", group, "carol"), world.RemoveAsync("carol", group, "bob"));

            Assert.Equal(["403 not_a_member", "ok"], codes.Order());
            var left = codes[0] == "ok" ? "bob" : "carol";
            Assert.Equal($"alice:owner {left}:admin", await world.MembersAsync("alice", group));
            Assert.Equal(
                (left == "bob", left == "carol"), (await world.IsJoinedAsync("bob", group), await world.IsJoinedAsync("carol", group)));
        }
    }

    [Fact]
    public async Task AddAndRemove_OfTheSameUserAtOnce_TableListAndLiveGroupAgree()
    {
        var world = await WorldAsync("alice", "bob", "carol");
        var group = await world.CreateGroupAsync("alice", "bob");
        await world.PromoteAsync("alice", group, "bob");
        for (var round = 0; round < 15; round++)
        {
            var codes = await Task.WhenAll(
                world.AddAsync("alice", group, "carol"), world.RemoveAsync("bob", group, "carol"), world.AddAsync("bob", group, "carol"));

            Assert.All(codes, code => Assert.Equal("ok", code));
            var isMember = (await world.MembersAsync("alice", group)).Contains("carol");
            Assert.Equal(isMember, await world.IsJoinedAsync("carol", group));
            Assert.Equal(isMember ? 1 : 0, (await world["carol"].GetJsonAsync("/api/v1/groups")).GetProperty("total").GetInt32());
        }
    }

    [Fact]
    public async Task DeleteGroup_WhileMessagesAreBeingSent_EachIsStoredOrRefused()
    {
        var world = await WorldAsync("alice", "bob");
        var group = await world.CreateGroupAsync("alice", "bob");
        await using var live = await world["alice"].ConnectAsync();
        var codes = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var sending = Task.WhenAll(Enumerable.Range(0, 8).Select(async sender =>
        {
            for (var code = "ok"; code == "ok";)
            {
                codes.Enqueue(code = await world.SendAsync("bob", group, "text"));
            }
        }));
        while (codes.Count < 20)
        {
            await Task.Delay(1);
        }

        Assert.Equal("ok", await world.DeleteAsync("alice", group));
        await sending;

        Assert.Equal("404 group_not_found", await world.SendAsync("bob", group, "late"));
        Assert.Equal(8, codes.Count(code => code != "ok"));
        Assert.All(codes, code => Assert.True(code is "ok" or "404 group_not_found", code));
        await world.Project.App.SettleAsync(world.Project.Id);
        Assert.Equal(codes.Count(code => code == "ok"), (await world.Project.HistoryAsync(size: 1_000)).Count);
        TestContext.Current.TestOutputHelper?.WriteLine($"{codes.Count} sends until the group was gone");
        Assert.Equal("404 group_not_found", await world.DeleteAsync("alice", group));
        await world.AgreeAsync(group, "alice", "bob");
    }

    [Fact]
    public async Task Add_1001stMember_LimitReachedAndTheGroupIsAsItWas()
    {
        var world = await WorldAsync("alice", "bob");
        var others = await GroupCostTests.CreateUsersAsync(world.Project, 999);
        var group = await world.CreateGroupAsync("alice", others[..900]);
        Assert.Equal("409 limit_reached", await world.AddAsync("alice", group, [.. others[900..], "bob"]));
        Assert.Equal("ok", await world.AddAsync("alice", group, others[900..]));
        var before = await world["alice"].GetJsonAsync($"/api/v1/groups/{group}");
        Assert.Equal(1_000, before.GetProperty("members").GetArrayLength());

        Assert.Equal("409 limit_reached", await world.AddAsync("alice", group, "bob"));
        Assert.Equal("ok", await world.AddAsync("alice", group, others[0]));
        Assert.Equal(
            "409 limit_reached",
            await CodeAsync(world["alice"].PostAsync("/api/v1/groups", new { name = "All", members = others.Append("bob").ToArray() })));

        Assert.Equal(before.GetRawText(), (await world["alice"].GetJsonAsync($"/api/v1/groups/{group}")).GetRawText());
        Assert.Equal("403 not_a_member", await world.SendAsync("bob", group, "hi"));
        Assert.Equal("ok", await world.RemoveAsync("alice", group, others[0]));
        Assert.Equal("ok", await world.AddAsync("alice", group, "bob"));
    }

    [Fact]
    public async Task Add_TwoAdminsForTheLastPlaceAtOnce_OneGetsIt()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Groups:MaxMembers=3"]);
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob", "carol", "dave");
        for (var round = 0; round < 5; round++)
        {
            var group = await world.CreateGroupAsync("alice", "bob");
            await world.PromoteAsync("alice", group, "bob");

            var codes = await Task.WhenAll(world.AddAsync("alice", group, "carol"), world.AddAsync("bob", group, "dave"));

            Assert.Equal(["409 limit_reached", "ok"], codes.Order());
            Assert.Equal($"alice:owner bob:admin {(codes[0] == "ok" ? "carol" : "dave")}:member", await world.MembersAsync("alice", group));
            await world.AgreeAsync(group, "alice", "bob", "carol", "dave");
        }
    }

    [Fact]
    public async Task Stranger_FilesTypingAndSync_NothingOfTheGroup()
    {
        var world = await WorldAsync("alice", "bob", "eve");
        var group = await world.CreateGroupAsync("alice", "bob");
        await world["alice"].SendMessageAsync(group, "secret");
        await using var bob = await world["bob"].ConnectAsync();
        await using var eve = await world["eve"].ConnectAsync();

        var upload = await world["eve"].BeginUploadAsync("note.txt", 5);
        await upload.PutAsync("hello"u8.ToArray());
        Assert.Equal("403 not_a_member", await CodeAsync(world["eve"].PostCompleteAsync(upload.Id, new { to = group, type = 7 })));
        var sync = await world["eve"].PostJsonAsync("/api/v1/sync", new { conversations = new Dictionary<string, long> { [group] = 0 } });
        Assert.Empty(sync.GetProperty("conversations").EnumerateArray());
        Assert.Empty((await world["eve"].GetJsonAsync("/api/v1/conversations")).GetProperty("conversations").EnumerateArray());
        await eve.Connection.SendCoreAsync("typing", [new { group }]);
        await eve.Connection.SendCoreAsync("typing", [new { to = "bob" }]);
        var typing = await bob.NextAsync("typing");
        Assert.False(typing.TryGetProperty("group", out _), "A stranger was heard in the group.");
        await world["alice"].SendMessageAsync(group, "more");
        await bob.NextMessageAsync();
        Assert.False(eve.Has("message"));
    }

    private Task<GroupWorld> WorldAsync(params string[] users) => GroupWorld.CreateAsync(backends, backends.App, users);
}
