using Vox.Tests.Fixture;
using static Vox.Tests.Groups.GroupWorld;

namespace Vox.Tests.Groups;

/// <summary>What members hear of changes of a group, live.</summary>
public sealed class GroupEventTests(Backends backends)
{
    [Fact]
    public async Task Events_EveryChange_MembersHearAndTheClientIsNamed()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob", "carol");
        var group = await world.CreateGroupAsync("alice", "bob");
        await using var bob = await world["bob"].ConnectAsync();
        await using var carol = await world["carol"].ConnectAsync();

        using (await world.CallAsync(
            "alice", HttpMethod.Post, $"/api/v1/groups/{group}/members", new { ids = new[] { "carol" } }, client: "tab-1"))
        {
        }

        await ExpectAsync(bob, "USER-ADDED", "carol");
        var joined = await ExpectAsync(carol, "USER-ADDED", "carol");
        Assert.Equal(("alice", "tab-1"), (Text(joined, "by"), Text(joined, "client")));

        await world.PromoteAsync("alice", group, "bob");
        var promoted = await ExpectAsync(bob, "USER-ASSIGNED-AS-ADMIN", "bob");
        Assert.Equal(["alice", "bob"], Texts(promoted, "admins"));
        await ExpectAsync(carol, "USER-ASSIGNED-AS-ADMIN", "bob");

        await world.DismissAsync("alice", group, "bob");
        Assert.Equal(["alice"], Texts(await ExpectAsync(bob, "DISMISSED-AS-ADMIN-FROM-GROUP", "bob"), "admins"));

        await world.UpdateAsync("alice", group, new { name = "Renamed", photo = "key.png" });
        var updated = await ExpectAsync(bob, "UPDATED-GROUP-INFO");
        Assert.Equal(("Renamed", "of old", "key.png"), (Text(updated, "name"), Text(updated, "description"), Text(updated, "photo")));

        await world.LeaveAsync("carol", group);
        await ExpectAsync(bob, "USER-LEFT", "carol");

        await world.RemoveAsync("alice", group, "bob");
        await ExpectAsync(bob, "USER-DELETED", "bob");

        await world.AddAsync("alice", group, "bob");
        await ExpectAsync(bob, "USER-ADDED", "bob");
        await world.DeleteAsync("alice", group);
        var deleted = await ExpectAsync(bob, "GROUP-DELETED");
        Assert.Equal("Renamed", Text(deleted, "name"));
        Assert.Equal("404 group_not_found", await world.SendAsync("bob", group, "hello?"));
        Assert.Equal("404 group_not_found", await CodeAsync(world["bob"].GetAsync($"/api/v1/groups/{group}")));
        Assert.Empty((await world["bob"].GetJsonAsync("/api/v1/conversations")).GetProperty("conversations").EnumerateArray());
        Assert.False(await world.IsJoinedAsync("bob", group));

        static async Task<System.Text.Json.JsonElement> ExpectAsync(LiveClient client, string type, params string[] members)
        {
            var next = await client.NextAsync("group", e => Text(e, "type") == type);
            Assert.Equal(members, Texts(next, "members"));
            return next;
        }
    }

    [Fact]
    public async Task Events_OfManyQuickChanges_ComeInTheirOrderAndShowTheGroupAsEachLeftIt()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob", "carol");
        var group = await world.CreateGroupAsync("alice", "bob", "carol");
        await using var bob = await world["bob"].ConnectAsync();

        for (var n = 0; n < 20; n++)
        {
            Assert.Equal("ok", await world.PromoteAsync("alice", group, "carol"));
            Assert.Equal("ok", await world.DismissAsync("alice", group, "carol"));
        }

        long version = 1;
        for (var n = 0; n < 20; n++)
        {
            foreach (var (type, admins)
                in new[] { ("USER-ASSIGNED-AS-ADMIN", (string[])["alice", "carol"]), ("DISMISSED-AS-ADMIN-FROM-GROUP", ["alice"]) })
            {
                var next = await bob.NextAsync("group");
                Assert.Equal((type, ++version), (Text(next, "type"), Number(next, "version")));
                Assert.Equal(admins, Texts(next, "admins"));
            }
        }
    }

    [Fact]
    public async Task Add_JustAfterAMessage_NewMemberHearsOfTheGroupAsItIsByThen()
    {
        await using var signalR = await OwnSignalR.StartAsync();
        await using var app = await VoxApp.StartAsync(backends, ["Realtime:PushMilliseconds=500", signalR.Setting]);
        signalR.ReportTo(app);
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        var group = await world.CreateGroupAsync("alice");
        await using var bob = await world["bob"].ConnectAsync();
        await world["alice"].SendMessageAsync(group, "before");

        Assert.Equal("ok", await world.AddAsync("alice", group, "bob"));
        Assert.Equal("ok", await world.PromoteAsync("alice", group, "bob"));
        await world["alice"].SendMessageAsync(group, "after");

        Assert.Equal(("USER-ADDED", 2), Version(await bob.NextAsync("group")));
        var heard = await bob.NextAsync("group");
        Assert.Equal(("USER-ADDED", 3), Version(heard));
        Assert.Equal(["alice", "bob"], Texts(heard, "admins"));
        Assert.Equal(["after"], await world.TextsAsync("bob", group));
        await world["alice"].SendMessageAsync(group, "live");
        Assert.Equal("live", Text(await bob.NextMessageAsync(), "data"));

        static (string, long) Version(System.Text.Json.JsonElement told) => (Text(told, "type"), Number(told, "version"));
    }
}
