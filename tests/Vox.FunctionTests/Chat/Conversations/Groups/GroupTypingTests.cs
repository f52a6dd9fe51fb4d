using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;
using Vox.Tests.Fixture;
using static Vox.Tests.Groups.GroupWorld;

namespace Vox.Tests.Groups;

public sealed class GroupTypingTests(Backends backends)
{
    [Fact]
    public async Task Typing_InAGroup_MembersHearAndStrangersAreNotHeard()
    {
        var world = await WorldAsync("alice", "bob", "eve");
        var group = await world.CreateGroupAsync("alice", "bob");
        await using var alice = await world["alice"].ConnectAsync();
        await using var bob = await world["bob"].ConnectAsync();
        await using var eve = await world["eve"].ConnectAsync();

        await eve.Connection.SendCoreAsync("typing", [new { group }]);
        await alice.Connection.SendCoreAsync("typing", [new { group }]);

        var typing = await bob.NextAsync("typing");
        Assert.Equal(("alice", group), (Text(typing, "from"), Text(typing, "group")));
    }

    [Fact]
    public async Task Typing_OfSomebodyWhoWasBlocked_TheOthersHearItAndTheBlockerDoesNot()
    {
        var world = await WorldAsync("alice", "bob", "carol");
        var group = await world.CreateGroupAsync("alice", "bob", "carol");
        await world["bob"].PostAsync("/api/v1/blocks", new { id = "alice" });
        await using var alice = await world["alice"].ConnectAsync();
        await using var bob = await world["bob"].ConnectAsync();
        await using var carol = await world["carol"].ConnectAsync();

        await alice.Connection.SendCoreAsync("typing", [new { group }]);
        Assert.Equal("alice", Text(await carol.NextAsync("typing"), "from"));
        await alice.NextAsync("typing");
        await carol.Connection.SendCoreAsync("typing", [new { group }]);

        // Carol typed after alice, and bob hears her.
        Assert.Equal("carol", Text(await bob.NextAsync("typing"), "from"));
        Assert.False(bob.Has("typing"));
    }

    [Fact]
    public async Task Typing_OfSomebodyWhoWasBlockedBeforeItWasNotedOnBothSides_IsNotHeardOnceTheClientHasStarted()
    {
        var world = await WorldAsync("alice", "bob", "carol");
        var group = await world.CreateGroupAsync("alice", "bob", "carol");
        var table = await world.Project.App.Get<StorageClients>().ProjectTable("contacts")
            .ReadyAsync(world.Project.Id, CancellationToken.None);
        await table.AddEntityAsync(
            new TableEntity(world["bob"].Identity.Partition, ChatKeys.Block("alice")), CancellationToken.None);
        Assert.Equal(["alice"], Texts(await world["bob"].GetJsonAsync("/api/v1/blocks"), "ids"));
        await using var alice = await world["alice"].ConnectAsync();
        await using var bob = await world["bob"].ConnectAsync();

        await alice.Connection.SendCoreAsync("typing", [new { group }]);
        await alice.NextAsync("typing");
        await alice.Connection.SendCoreAsync("typing", [new { to = "carol" }]);

        Assert.False(bob.Has("typing"));
    }

    private Task<GroupWorld> WorldAsync(params string[] users) => GroupWorld.CreateAsync(backends, backends.App, users);
}
