using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.Changes;

/// <summary>Edits that change whom a message mentions.</summary>
public sealed class EditMentionTests(Backends backends)
{
    [Fact]
    public async Task Edit_MentionsAMemberAnew_IsCountedOnceAndLive()
    {
        var (_, group, alice, bob, carl) = await NewAsync();
        var message = ChangeWorld.PathOf(await SendAsync(alice, new { to = group, data = "hi", mentions = new[] { "bob" } }));
        await using var live = await carl.ConnectAsync();

        await alice.CallAsync(HttpMethod.Patch, message, new { data = "hi all", mentions = new[] { "bob", "carl" } }).JsonAsync();

        var told = (await live.NextAsync("change")).GetProperty("message");
        Assert.Equal(["bob", "carl"], Mentions(told));
        Assert.Equal((1, 1), (await UnreadAsync(bob), await UnreadAsync(carl)));
        Assert.Equal(0, await UnreadAsync(alice));
        await SendAsync(alice, new { to = group, data = "again", mentions = new[] { "carl" } });
        Assert.Equal((1, 2), (await UnreadAsync(bob), await UnreadAsync(carl)));
        await carl.PostJsonAsync("/api/v1/receipts", new { receipts = new[] { new { conversation = group, read = 1 } } });
        Assert.Equal(1, await UnreadAsync(carl));
    }

    [Fact]
    public async Task Edit_WithoutMentions_LeavesThemAndAnEmptyListTakesThemAway()
    {
        var (_, group, alice, bob, _) = await NewAsync();
        var message = ChangeWorld.PathOf(await SendAsync(alice, new { to = group, data = "hi", mentions = new[] { "bob" } }));

        var edited = await alice.EditAsync(message, "hello").JsonAsync();
        Assert.Equal(["bob"], Mentions(edited.GetProperty("message")));
        var same = await alice.CallAsync(HttpMethod.Patch, message, new { data = "hello", mentions = new[] { "bob" } }).JsonAsync();
        Assert.True(same.GetProperty("duplicate").GetBoolean());

        // The same text with other mentions is a change.
        var without = await alice.CallAsync(HttpMethod.Patch, message, new { data = "hello", mentions = Array.Empty<string>() })
            .JsonAsync();

        Assert.False(without.GetProperty("duplicate").GetBoolean());
        Assert.False(without.GetProperty("message").TryGetProperty("mentions", out _));
        // They were mentioned when it was new.
        Assert.Equal(1, await UnreadAsync(bob));
    }

    [Fact]
    public async Task Edit_MentionsEverybody_OnlyByWhoMay()
    {
        var (_, group, alice, bob, carl) = await NewAsync();
        var byBob = ChangeWorld.PathOf(await SendAsync(bob, new { to = group, data = "of bob" }));
        var byAlice = ChangeWorld.PathOf(await SendAsync(alice, new { to = group, data = "of alice" }));
        await SendAsync(alice, new { to = group, data = "later", mentionsAll = true });

        await bob.CallAsync(HttpMethod.Patch, byBob, new { data = "x", mentionsAll = true }).ProblemAsync("not_allowed", "mentionsAll");
        await alice.CallAsync(HttpMethod.Patch, byAlice, new { data = "of alice", mentionsAll = true }).JsonAsync();

        Assert.Equal("of bob", (await bob.SeeAsync(byBob)).GetProperty("data").GetString());
        Assert.True((await bob.SeeAsync(byAlice)).GetProperty("mentionsAll").GetBoolean());
        Assert.Equal((2, 2), (await UnreadAsync(bob), await UnreadAsync(carl)));
        await carl.PostJsonAsync("/api/v1/receipts", new { receipts = new[] { new { conversation = group, read = 2 } } });
        Assert.Equal(1, await UnreadAsync(carl));
    }

    [Fact]
    public async Task Edit_BadMentions_AreRefusedAndChangeNothing()
    {
        var (project, group, alice, _, _) = await NewAsync();
        await project.CreateUserAsync("dora");
        var message = ChangeWorld.PathOf(await SendAsync(alice, new { to = group, data = "hi" }));
        var direct = await alice.SayAsync("bob", "hi");

        await alice.CallAsync(HttpMethod.Patch, message, new { data = "x", mentions = new[] { "bob", "dora" } })
            .ProblemAsync("member_not_found", "mentions");
        await alice.CallAsync(HttpMethod.Patch, message, new { data = "x", mentions = Enumerable.Range(0, 51).Select(n => $"u{n}") })
            .ProblemAsync("too_long", "mentions");
        await alice.CallAsync(HttpMethod.Patch, message, new { data = "x", mentions = new[] { "" } })
            .ProblemAsync("invalid_field", "mentions");
        await alice.CallAsync(HttpMethod.Patch, direct, new { data = "x", mentions = new[] { "bob" } })
            .ProblemAsync("invalid_field", "mentions");
        await alice.CallAsync(HttpMethod.Patch, direct, new { data = "x", mentionsAll = true })
            .ProblemAsync("invalid_field", "mentionsAll");

        Assert.Equal("hi", (await alice.SeeAsync(message)).GetProperty("data").GetString());
        Assert.False((await alice.SeeAsync(message)).TryGetProperty("change", out _));
    }

    [Fact]
    public async Task Edit_TogetherWithSendsThatMentionTheSameMember_AllAreCounted()
    {
        var (_, group, alice, bob, carl) = await NewAsync();
        var messages = new List<string>();
        for (var n = 0; n < 5; n++)
        {
            messages.Add(ChangeWorld.PathOf(await SendAsync(alice, new { to = group, data = $"message {n}" })));
        }

        // They gather in the same transactions, which write carl's row once.
        await Task.WhenAll(
        [
            .. messages.Select(message => alice.CallAsync(HttpMethod.Patch, message, new { data = "edited", mentions = new[] { "carl" } })
                .JsonAsync()),
            .. Enumerable.Range(0, 5).Select(n => SendAsync(bob, new { to = group, data = $"x {n}", mentions = new[] { "carl" } })),
        ]);

        Assert.Equal(10, await UnreadAsync(carl));
    }

    [Fact]
    public async Task EditByServer_WithMentions_IsCounted()
    {
        var (project, group, alice, bob, _) = await NewAsync();
        var message = ChangeWorld.PathOf(await SendAsync(alice, new { to = group, data = "hi" }));
        var server = await project.CreateServerAsync();

        var edit = new { data = "hi", mentions = new[] { "bob" }, mentionsAll = true };
        var edited = await server.SendAsync(HttpMethod.Patch, message["/api/v1/".Length..], edit).JsonAsync();

        Assert.True(edited.GetProperty("changed").GetBoolean());
        Assert.Equal(1, await UnreadAsync(bob));
    }

    private static IEnumerable<string?> Mentions(JsonElement message) =>
        message.GetProperty("mentions").EnumerateArray().Select(name => name.GetString());

    private static async Task<int> UnreadAsync(TestSession session)
    {
        var listed = (await session.GetJsonAsync("/api/v1/conversations")).GetProperty("conversations").EnumerateArray()
            .Single(conversation => conversation.GetProperty("group").GetBoolean());
        return listed.TryGetProperty("unreadMentions", out var count) ? count.GetInt32() : 0;
    }

    private static Task<JsonElement> SendAsync(TestSession session, object body) =>
        session.PostJsonAsync("/api/v1/messages", body);

    private async Task<(TestProject Project, string Group, TestSession Alice, TestSession Bob, TestSession Carl)> NewAsync()
    {
        var (project, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var carl = await (await project.CreateUserAsync("carl")).LogInAsync();
        var group = await alice.PostJsonAsync("/api/v1/groups", new { name = "Team", members = new[] { "bob", "carl" } });
        return (project, group.GetProperty("id").GetString()!, alice, bob, carl);
    }
}
