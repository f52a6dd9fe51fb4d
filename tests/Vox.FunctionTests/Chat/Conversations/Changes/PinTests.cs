using Vox.Tests.Fixture;

namespace Vox.Tests.Changes;

public sealed class PinTests(Backends backends)
{
    [Fact]
    public async Task Pin_BetweenTwoUsers_EitherMayAndTheNewestComesFirst()
    {
        var (_, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var (one, two) = (await alice.SayAsync("bob", "one"), await alice.SayAsync("bob", "two"));
        await using var live = await alice.ConnectAsync();

        await bob.PinAsync(one).JsonAsync();
        await alice.PinAsync(two).JsonAsync();

        var pins = $"/api/v1/conversations/{ChangeWorld.ConversationOf(one)}/pins";
        Assert.Equal(
            ["two alice", "one bob"],
            (await bob.GetJsonAsync(pins)).GetProperty("messages").EnumerateArray().Select(m => $"{m.Text("data")} {m.Text("pinnedBy")}"));
        Assert.Equal("pinned", (await live.NextAsync("change")).Text("kind"));
        Assert.True((await alice.PinAsync(one).JsonAsync()).GetProperty("duplicate").GetBoolean());

        await alice.PinAsync(one, pinned: false).JsonAsync();
        Assert.Equal("two", Assert.Single((await bob.GetJsonAsync(pins)).GetProperty("messages").EnumerateArray()).Text("data"));
        Assert.False((await bob.SeeAsync(one)).TryGetProperty("pinnedAt", out _));
    }

    [Fact]
    public async Task Pin_FiftyOne_IsRefused()
    {
        var (_, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var messages = new List<string>();
        for (var n = 1; n <= 51; n++)
        {
            messages.Add(await alice.SayAsync("bob", $"m{n}"));
        }

        await Task.WhenAll(messages.Take(50).Select(message => bob.PinAsync(message).JsonAsync()));
        await bob.PinAsync(messages[50]).ProblemAsync("too_many_pins", "sequence");
        await alice.DeleteAsync(messages[7]).JsonAsync();
        await bob.PinAsync(messages[50]).JsonAsync();

        var pins = await bob.GetJsonAsync($"/api/v1/conversations/{ChangeWorld.ConversationOf(messages[0])}/pins");
        Assert.Equal(50, pins.GetProperty("messages").GetArrayLength());
        Assert.Equal("m51", pins.GetProperty("messages")[0].Text("data"));
    }

    [Fact]
    public async Task Pin_InAGroup_IsForAdminsAndTheOwner()
    {
        var (project, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var carol = await (await project.CreateUserAsync("carol")).LogInAsync();
        var group = (await alice.PostJsonAsync("/api/v1/groups", new { name = "g", members = new[] { "bob" } })).Text("id")!;
        var message = await bob.SayAsync(group, "text");

        await bob.PinAsync(message).ProblemAsync("not_allowed");
        await carol.PinAsync(message).ProblemAsync("not_a_member");
        await alice.PinAsync(message).JsonAsync();
        await alice.CallAsync(HttpMethod.Put, $"/api/v1/groups/{group}/admins", new { ids = new[] { "bob" } }).JsonAsync();
        await bob.PinAsync(message, pinned: false).JsonAsync();
        await carol.GetAsync($"/api/v1/conversations/{group}/pins").ProblemAsync("not_a_member");
    }
}
