using Vox.Tests.Fixture;
using static Vox.Tests.Groups.GroupWorld;

namespace Vox.Tests.Groups;

public sealed class GroupLeaveTests(Backends backends)
{
    [Fact]
    public async Task Leave_TheLastOne_FormerMembersKeepTheHistory()
    {
        var world = await WorldAsync("alice", "bob", "carol");
        var group = await world.CreateGroupAsync("alice", "bob", "carol");
        await world["alice"].SendMessageAsync(group, "one");
        await world.LeaveAsync("bob", group);
        await world["alice"].SendMessageAsync(group, "two");
        await world.LeaveAsync("carol", group);
        await world.LeaveAsync("alice", group);

        Assert.Equal(["one"], await world.TextsAsync("bob", group));
        Assert.Equal(["one", "two"], await world.TextsAsync("carol", group));
        Assert.Equal(["one", "two"], await world.TextsAsync("alice", group));
        foreach (var user in world.Sessions.Keys)
        {
            var listed = (await world[user].GetJsonAsync("/api/v1/conversations")).GetProperty("conversations");
            Assert.True(Assert.Single(listed.EnumerateArray()).GetProperty("closed").GetBoolean());
            Assert.Empty((await world[user].GetJsonAsync("/api/v1/groups")).GetProperty("groups").EnumerateArray());
        }

        Assert.Equal("404 group_not_found", await world.SendAsync("alice", group, "three"));
    }

    [Fact]
    public async Task Leave_Owner_OldestAdminThenOldestMemberThenEnd()
    {
        var world = await WorldAsync("alice", "bob", "carol", "dave");
        var group = await world.CreateGroupAsync("alice", "bob");
        await world.AddAsync("alice", group, "carol");
        await world.AddAsync("alice", group, "dave");
        await world.PromoteAsync("alice", group, "dave");
        await world.PromoteAsync("alice", group, "carol");

        await world.LeaveAsync("alice", group);
        Assert.Equal("bob:member carol:owner dave:admin", await world.MembersAsync("bob", group));
        await world.DismissAsync("carol", group, "dave");
        await world.LeaveAsync("carol", group);
        Assert.Equal("bob:owner dave:member", await world.MembersAsync("bob", group));
        await world.LeaveAsync("bob", group);
        Assert.Equal("ok", await world.LeaveAsync("bob", group));
        await world.LeaveAsync("dave", group);
        Assert.Equal("404 group_not_found", await CodeAsync(world["dave"].GetAsync($"/api/v1/groups/{group}")));
    }

    [Fact]
    public async Task DeleteUser_OwnerOfAGroup_LeavesItAndANewUserOfTheNameInheritsNothing()
    {
        var world = await WorldAsync("alice", "bob", "carol");
        var group = await world.CreateGroupAsync("alice", "bob", "carol");
        await world["alice"].SendMessageAsync(group, "mine");

        using var deleted = await world.Project.DeleteUserAsync("alice");
        var reborn = await (await world.Project.CreateUserAsync("alice")).LogInAsync();

        Assert.Equal("bob:owner carol:member", await world.MembersAsync("bob", group));
        Assert.False(await world.IsJoinedAsync("alice", group));
        Assert.Equal("403 not_a_member", await CodeAsync(reborn.GetAsync($"/api/v1/groups/{group}")));
        Assert.Equal("403 not_a_member", await CodeAsync(reborn.PostAsync("/api/v1/messages", new { to = group, data = "?" })));
        Assert.Equal("ok", await world.SendAsync("bob", group, "goes on"));
        Assert.Equal(["mine", "goes on"], await world.TextsAsync("bob", group));
        Assert.Equal("ok", await world.AddAsync("bob", group, "alice"));
        Assert.Equal(0, (await reborn.GetJsonAsync($"/api/v1/messages?conversation={group}")).GetProperty("messages").GetArrayLength());
    }

    private Task<GroupWorld> WorldAsync(params string[] users) => GroupWorld.CreateAsync(backends, backends.App, users);
}
