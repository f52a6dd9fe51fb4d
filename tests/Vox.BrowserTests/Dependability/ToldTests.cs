using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.Dependability;

/// <summary>An app hears of its user's own messages and their receipts once, and of nothing from before its first log-in.</summary>
public sealed class ToldTests(Backends backends, Browser browser)
{
    private static readonly string[] Types = ["OWN-MESSAGE", "DELIVERED", "READ"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LogInAgain_ManyOwnMessagesInARow_NothingIsToldAgain(bool reload)
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        var alice = new TestUser(couple.Project, "alice", "secret");
        await SendAsync(couple.Alice, 25);
        await couple.Alice.WaitForEventsAsync("DELIVERED", 25, 120);
        await couple.Bob.WaitForEventsAsync("NEW-MESSAGE", 25);
        await couple.Bob.EvaluateAsync("CS.chat.sendRead('alice', events.findLast(e => e.type === 'NEW-MESSAGE').payload.id, () => {})");
        await couple.Alice.WaitForEventsAsync("READ", 25, 120);

        if (reload)
        {
            await couple.Alice.ReloadAsync();
        }
        else
        {
            await couple.Alice.CallAsync("logout");
            await couple.Alice.EvaluateAsync("() => { events.length = 0; }");
        }

        await couple.Alice.LogInAsync(alice);
        await CatchUpAsync(couple.Alice);

        await ToldAsync(couple.Alice, 0, 0, 0);
    }

    [Fact]
    public async Task LogIn_OnANewDevice_NothingFromBeforeIsToldAndNothingIsUnread()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Bob.CallAsync("chat.sendMessage", "alice", "Hello", 1, true, ChatPage.Callback, true);
        await couple.Alice.WaitForEventAsync("NEW-MESSAGE");
        await SendAsync(couple.Alice, 25);
        await couple.Alice.WaitForEventsAsync("DELIVERED", 25, 120);

        await using var second = await browser.LogInAsync(new TestUser(couple.Project, "alice", "secret"));
        await CatchUpAsync(second);

        await ToldAsync(second, 0, 0, 0);
        // What happens from now on is told.
        await SendAsync(couple.Alice, 1);
        await second.WaitForEventAsync("OWN-MESSAGE");
        await second.WaitForEventAsync("DELIVERED");
        await ToldAsync(second, 1, 1, 0);
    }

    [Fact]
    public async Task LogInAgain_ReceiptsAndOwnMessagesOfMeanwhile_AreToldOnce()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await project.CreateUserAsync("bob");
        await using var page = await browser.LogInAsync(alice);
        await page.WaitUntilLiveAsync();
        await CatchUpAsync(page);
        await SendAsync(page, 15);
        await page.Page.GotoAsync("about:blank");
        // Another program of the same user, and Bob, who receives everything.
        var other = await alice.LogInAsync();
        for (var i = 1; i <= 12; i++)
        {
            await other.SendMessageAsync("bob", $"elsewhere {i}");
        }

        await using (var receiver = await browser.LogInAsync(bob))
        {
            await receiver.WaitForEventsAsync("NEW-MESSAGE", 27);
            await receiver.EvaluateAsync(
                "CS.chat.sendRead('alice', events.findLast(e => e.type === 'NEW-MESSAGE').payload.id, () => {})");
            await DeliveredAsync(alice, 27);
        }

        for (var (time, own, receipts) = (0, 12, 27); time < 2; time++)
        {
            await page.Page.GotoAsync(new Uri(page.App, "/sdk-test.html").ToString());
            await page.LogInAsync(alice);
            await CatchUpAsync(page);
            await ToldAsync(page, own, receipts, receipts);
            (own, receipts) = (0, 0);
            await page.Page.GotoAsync("about:blank");
        }
    }

    [Fact]
    public async Task Unread_AfterAnOwnAnswer_IsTheServersNumber()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await project.CreateUserAsync("bob");
        for (var i = 0; i < 3; i++)
        {
            await bob.SendChatAsync("alice", $"question {i}");
        }

        // Without a mark: she has answered from a device that reports nothing.
        for (var i = 0; i < 12; i++)
        {
            await alice.SendChatAsync("bob", $"answer {i}");
        }

        await bob.SendChatAsync("alice", "one more");
        await using var page = await browser.OpenAsync(backends.App.Address);

        var unread = await page.JsonAsync("""
            (async ([projectId]) => {
              const { ChatClient } = await import("/js/calmsdk.mjs");
              const client = new ChatClient({ server: location.origin, projectId });
              const synchronized = new Promise(resolve => client.on("synchronized", resolve));
              await client.logIn("alice", "secret");
              await synchronized;
              const before = client.conversations[0].unread;
              const page = await client.listConversations();
              await client.send({ to: "bob", data: "That was all" }).accepted;
              return [before, page.conversations[0].unread, client.conversations[0].unread, (await client.listConversations()).conversations[0].unread];
            })(argument)
            """, new[] { project.Id });

        Assert.Equal("[1,1,0,0]", unread.GetRawText());
    }

    [Theory]
    [InlineData(3_600_000)]
    [InlineData(-86_400_000)]
    public async Task SendMessage_ClockOfTheDeviceIsSetDuringTheSession_SentTimeStaysRight(long change)
    {
        await using var couple = await Couple.MeetAsync(backends, browser);

        await couple.Alice.EvaluateAsync("change => { const now = Date.now; Date.now = () => now.call(Date) + change; }", change);
        var answer = await couple.Alice.CallAsync("chat.sendMessage", "bob", "Hi", 1, true, ChatPage.Callback, true);

        var sent = answer.Returned.GetProperty("sentTime").GetDouble();
        Assert.InRange(sent - TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), -120_000, 120_000);
    }

    private static async Task SendAsync(ChatPage page, int count)
    {
        await page.EvaluateAsync(
            "count => { window.accepted = 0; for (let i = 1; i <= count; i++) "
            + "CS.chat.sendMessage('bob', `text ${i}`, 1, true, code => { accepted += code === 200; }, true); }",
            count);
        await page.WaitForAsync($"window.accepted === {count}", 180);
    }

    /// <summary>
    /// Everything that the log-in brings has come: the connection is there, and what is pending was asked for after that.
    /// </summary>
    private static async Task CatchUpAsync(ChatPage page)
    {
        await page.WaitUntilLiveAsync();
        Assert.Equal(200, (await page.CallAsync("chat.getPendingChat")).Code);
        Assert.Equal(200, (await page.CallAsync("chat.getPendingChat")).Code);
    }

    private static async Task ToldAsync(ChatPage page, params int[] counts)
    {
        await page.WaitForAsync(
            string.Join(" && ", Types.Zip(counts, (type, count) => $"events.filter(e => e.type === '{type}').length >= {count}")));
        await page.SettledAsync("");
        var counted = await page.JsonAsync("argument.map(type => events.filter(e => e.type === type).length)", Types);
        Assert.Equal(JsonSerializer.Serialize(counts), counted.GetRawText());
    }

    private static async Task DeliveredAsync(TestUser author, int sequence)
    {
        var session = await author.LogInAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        for (var read = 0; read < sequence; await Task.Delay(50, limit.Token))
        {
            var conversations = await session.GetJsonAsync("/api/v1/conversations");
            read = conversations.GetProperty("conversations")[0].GetProperty("other").GetProperty("read").GetInt32();
        }
    }
}
