using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Model;
using Vox.Platform.Limits;
using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.Contacts;

public sealed class ContactTests(Backends backends)
{
    [Fact]
    public async Task AddContact_UserAndStranger_ListShowsWhoIsRegistered()
    {
        var (_, alice, _) = await PairAsync();

        var bob = await alice.PostJsonAsync("/api/v1/contacts", new { id = "bob" });
        var again = await alice.PostJsonAsync("/api/v1/contacts", new { id = "bob" });
        var stranger = await alice.PostJsonAsync("/api/v1/contacts", new { id = "+49 170/1" });

        Assert.True(bob.GetProperty("registered").GetBoolean() && bob.GetProperty("added").GetBoolean());
        Assert.False(again.GetProperty("added").GetBoolean());
        Assert.False(stranger.GetProperty("registered").GetBoolean());
        var list = (await alice.GetJsonAsync("/api/v1/contacts")).GetProperty("contacts").EnumerateArray()
            .ToDictionary(c => c.GetProperty("id").GetString()!, c => c.GetProperty("registered").GetBoolean());
        Assert.Equal(new Dictionary<string, bool> { ["bob"] = true, ["+49 170/1"] = false }, list);
    }

    [Fact]
    public async Task CreateUser_WhoWasAContactBefore_ContactHearsJoined()
    {
        var (project, alice, _) = await PairAsync();
        await alice.PostJsonAsync("/api/v1/contacts", new { id = "carol" });
        await using var live = await alice.ConnectAsync();

        await project.CreateUserAsync("carol");

        Assert.Equal("carol", (await live.NextAsync("joined")).GetProperty("user").GetString());
    }

    [Fact]
    public async Task RemoveContact_TwiceAndUnknown_IsNoError()
    {
        var (_, alice, _) = await PairAsync();
        await alice.PostJsonAsync("/api/v1/contacts", new { id = "bob" });

        foreach (var id in new[] { "bob", "bob", "nobody" })
        {
            using var response = await alice.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/contacts?id={id}"));
            Assert.Equal(204, (int)response.StatusCode);
        }

        Assert.Empty((await alice.GetJsonAsync("/api/v1/contacts")).GetProperty("contacts").EnumerateArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BlockUser_BeforeOrAfterTheFirstMessage_SendIsRefusedUntilUnblocked(bool talkedBefore)
    {
        var (_, alice, bob) = await PairAsync();
        if (talkedBefore)
        {
            await alice.SendMessageAsync("bob", "hello");
        }

        using var block = await bob.PostAsync("/api/v1/blocks", new { id = "alice" });
        using var refused = await alice.PostAsync("/api/v1/messages", new { to = "bob", data = "anybody there?" });
        await bob.SendMessageAsync("alice", "I can still write");
        using var unblock = await bob.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/v1/blocks?id=alice"));
        var sent = await alice.SendMessageAsync("bob", "again");

        Assert.Equal(204, (int)block.StatusCode);
        Assert.Equal(403, (int)refused.StatusCode);
        Assert.Equal(
            "blocked", JsonSerializer.Deserialize<JsonElement>(await refused.Content.ReadAsStringAsync()).GetProperty("code").GetString());
        Assert.Equal(204, (int)unblock.StatusCode);
        Assert.Equal(talkedBefore ? 3 : 2, sent.GetProperty("sequence").GetInt64());
        Assert.Single((await bob.GetJsonAsync("/api/v1/conversations")).GetProperty("conversations").EnumerateArray());
    }

    [Fact]
    public async Task BlockUser_DeletedAndCreatedAgain_TheNameIsStillBlocked()
    {
        var (project, alice, bob) = await PairAsync();
        await alice.SendMessageAsync("bob", "hello");
        using var block = await bob.PostAsync("/api/v1/blocks", new { id = "alice" });
        using (await project.DeleteUserAsync("alice"))
        {
        }

        var again = await (await project.CreateUserAsync("alice")).LogInAsync();

        await again.PostAsync("/api/v1/messages", new { to = "bob", data = "it is me again" }).ProblemAsync("blocked");
        Assert.Equal(1, (await bob.SendMessageAsync("alice", "I can still write")).GetProperty("sequence").GetInt32());
        await again.PostAsync("/api/v1/messages", new { to = "bob", data = "and now?" }).ProblemAsync("blocked");
        using var unblock = await bob.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/v1/blocks?id=alice"));
        await again.SendMessageAsync("bob", "at last");
    }

    [Fact]
    public async Task BlockUser_ByTheNewUserOfABlockedName_DoesNotUndoTheOthersBlock()
    {
        var (project, _, bob) = await PairAsync();
        using var block = await bob.PostAsync("/api/v1/blocks", new { id = "alice" });
        using (await project.DeleteUserAsync("alice"))
        {
        }

        var again = await (await project.CreateUserAsync("alice")).LogInAsync();
        using var back = await again.PostAsync("/api/v1/blocks", new { id = "bob" });

        await again.PostAsync("/api/v1/messages", new { to = "bob", data = "it is me again" }).ProblemAsync("blocked");
    }

    [Fact]
    public async Task UpdateProfile_WithAContactOnline_ContactHearsAndEmptyFieldsStay()
    {
        var (_, alice, bob) = await PairAsync();
        await bob.PostJsonAsync("/api/v1/contacts", new { id = "alice" });
        await using var live = await bob.ConnectAsync();

        await PutProfileAsync(alice, new { displayName = "Alice A.", status = "busy" });
        var heard = await live.NextAsync("profile");
        var after = await PutProfileAsync(alice, new { status = "" });

        Assert.Equal(("alice", "Alice A.", "busy"), (Text(heard, "user"), Text(heard, "displayName"), Text(heard, "status")));
        Assert.Equal(("Alice A.", ""), (Text(after, "displayName"), Text(after, "status")));
    }

    [Fact]
    public async Task Typing_OverTheOpenConnection_ReachesTheOtherUnlessBlocked()
    {
        var (_, alice, bob) = await PairAsync();
        await using var from = await alice.ConnectAsync();
        await using var to = await bob.ConnectAsync();

        await from.Connection.SendCoreAsync("typing", [new { to = "bob" }]);

        var typing = await to.NextAsync("typing");
        Assert.Equal(("alice", "bob"), (Text(typing, "from"), Text(typing, "to")));
    }

    [Fact]
    public async Task Typing_ManyTimesAtOnce_IsPassedOnOnce()
    {
        var (project, alice, bob) = await PairAsync();
        var carol = await (await project.CreateUserAsync("carol")).LogInAsync();
        await using var from = await alice.ConnectAsync();
        await using var other = await carol.ConnectAsync();
        await using var to = await bob.ConnectAsync();

        for (var i = 0; i < 200; i++)
        {
            await from.Connection.SendCoreAsync("typing", [new { to = "bob" }]);
        }

        await from.Connection.SendCoreAsync("typing", [new { to = "carol" }]);
        await other.NextAsync("typing");
        var heard = 0;
        while (to.Has("typing"))
        {
            await to.NextAsync("typing");
            heard++;
        }

        Assert.InRange(heard, 1, 20);
    }

    [Fact]
    public void Typing_ToManyStrangers_IsLimitedForTheUser()
    {
        var limits = new TypingLimits(
            new RateLimits(Options.Create(new LimitOptions { TypingPerSecond = 1, TypingBurst = 5 })),
            Options.Create(new MessageOptions()), new FakeTimeProvider());
        var alice = new UserKey("pid_1", "alice");

        var passedOn = Enumerable.Range(0, 1_500).Count(i => limits.TryTake(alice, "stranger" + i));

        Assert.InRange(passedOn, 5, 20);
        Assert.True(limits.TryTake(new UserKey("pid_1", "bob"), "alice"));
    }

    private static async Task<JsonElement> PutProfileAsync(TestSession session, object profile)
    {
        using var response = await session.SendAsync(new HttpRequestMessage(HttpMethod.Put, "/api/v1/profile")
        {
            Content = System.Net.Http.Json.JsonContent.Create(profile),
        });
        Assert.Equal(200, (int)response.StatusCode);
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private async Task<(TestProject Project, TestSession Alice, TestSession Bob)> PairAsync()
    {
        var project = await backends.App.CreateProjectAsync();
        return (
            project,
            await (await project.CreateUserAsync("alice")).LogInAsync(),
            await (await project.CreateUserAsync("bob")).LogInAsync());
    }
}
