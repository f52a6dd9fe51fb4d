using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.Messages;

/// <summary>What a sender may ask for: no reports, and that an automatic answer reads nothing. And unread counts, by one rule.</summary>
public sealed class MessageOptionTests(Backends backends)
{
    [Fact]
    public async Task SendChat_AutomaticAnswer_LeavesUnreadWhatTheUserHasNotSeen()
    {
        var (project, alice, bob) = await PairAsync();
        await bob.SendMessageAsync("alice", "one");
        await bob.SendMessageAsync("alice", "two");
        Assert.Equal(2, await UnreadAsync(alice));

        await SendChatAsync(project, "bob", "alice is away", "0").TextAsync();
        await SendChatAsync(project, "bob", "alice is still away", "0").TextAsync();
        Assert.Equal(2, await UnreadAsync(alice));
        await bob.SendMessageAsync("alice", "three");
        Assert.Equal(3, await UnreadAsync(alice));
        await SendChatAsync(project, "bob", "alice herself", "1").TextAsync();
        Assert.Equal(0, await UnreadAsync(alice));
        await SendChatAsync(project, "bob", "?", "2").VendorStatusErrorAsync(400);
    }

    [Fact]
    public async Task SendChat_WithoutTheParameter_AnswersAndSoHasRead()
    {
        var (project, alice, bob) = await PairAsync();
        await bob.SendMessageAsync("alice", "one");

        await SendChatAsync(project, "bob", "an answer", null).TextAsync();

        Assert.Equal(0, await UnreadAsync(alice));
    }

    [Fact]
    public async Task SendChat_AutomaticAnswerToAGroup_LeavesUnreadWhatTheUserHasNotSeen()
    {
        var (project, alice, bob) = await PairAsync();
        var group = (await bob.PostJsonAsync("/api/v1/groups", new { name = "Two", members = new[] { "alice" } })).GetProperty("id")
            .GetString()!;
        await bob.SendMessageAsync(group, "one");

        await SendChatAsync(project, group, "alice is away", "0").TextAsync();

        Assert.Equal(1, await UnreadAsync(alice));
        await SendChatAsync(project, group, "alice herself", null).TextAsync();
        Assert.Equal(0, await UnreadAsync(alice));
    }

    [Fact]
    public async Task Sync_FreshLogInAfterManyOwnMessages_CountsUnreadLikeTheListOfConversations()
    {
        var (_, alice, bob) = await PairAsync();
        for (var i = 0; i < 12; i++)
        {
            await alice.SendMessageAsync("bob", "own " + i);
        }

        foreach (var (expected, send) in new (int, Func<Task>)[]
        {
            (0, () => Task.CompletedTask),
            (1, () => bob.SendMessageAsync("alice", "hello")),
            (0, () => alice.SendMessageAsync("bob", "an answer")),
        })
        {
            await send();
            var changes = (await alice.PostJsonAsync("/api/v1/sync", new { newest = 5 })).GetProperty("conversations");
            Assert.Equal(expected, Assert.Single(changes.EnumerateArray()).GetProperty("unread").GetInt32());
            Assert.Equal(expected, await UnreadAsync(alice));
        }
    }

    [Fact]
    public async Task SendMessage_WithoutReports_HistoryTellsSoAndHasNoTimesOfDelivery()
    {
        var (_, alice, bob) = await PairAsync();
        await using var live = await bob.ConnectAsync();
        await alice.PostJsonAsync("/api/v1/messages", new { to = "bob", data = "quiet", reports = false });
        var sent = await alice.SendMessageAsync("bob", "loud");
        await bob.PostJsonAsync(
            "/api/v1/receipts",
            new { receipts = new[] { new { conversation = sent.GetProperty("conversation").GetString(), delivered = 2, read = 2 } } });

        var messages = (await alice.GetJsonAsync("/api/v1/messages?with=bob")).GetProperty("messages");

        var (loud, quiet) = (messages[0], messages[1]);
        Assert.True(loud.GetProperty("readAt").GetInt64() > 0);
        Assert.False(loud.TryGetProperty("reports", out _));
        Assert.False(quiet.GetProperty("reports").GetBoolean());
        Assert.False(quiet.TryGetProperty("readAt", out _));
        Assert.False(quiet.TryGetProperty("deliveredAt", out _));
        Assert.False((await live.NextMessageAsync()).GetProperty("reports").GetBoolean());
    }

    private static async Task<long> UnreadAsync(TestSession session) =>
        Assert.Single((await session.GetJsonAsync("/api/v1/conversations")).GetProperty("conversations").EnumerateArray())
            .GetProperty("unread").GetInt64();

    private Task<HttpResponseMessage> SendChatAsync(TestProject project, string to, string text, string? markRead) =>
        backends.App.CallAsync(HttpMethod.Post, "/sendchat", Carrier.Form, new Dictionary<string, string?>
        {
            ["projectid"] = project.Id,
            ["username"] = "alice",
            ["password"] = "secret",
            ["recipient"] = to,
            ["message"] = text,
            ["msgType"] = "1",
            ["ct"] = "text/plain",
            ["markRead"] = markRead,
        });

    private async Task<(TestProject Project, TestSession Alice, TestSession Bob)> PairAsync()
    {
        var project = await backends.App.CreateProjectAsync();
        return (
            project,
            await (await project.CreateUserAsync("alice")).LogInAsync(),
            await (await project.CreateUserAsync("bob")).LogInAsync());
    }
}
