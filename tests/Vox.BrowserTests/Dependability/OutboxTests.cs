using Microsoft.Playwright;
using Vox.Tests.Fixture;

namespace Vox.Tests.Dependability;

/// <summary>No message that was sent is lost or sent twice.</summary>
public sealed class OutboxTests(Backends backends, Browser browser)
{
    private const string Send = "**/api/v1/messages";

    [Fact]
    [Promise("VOX-D3")]
    public async Task SendMessage_Offline_SentInOrderWhenBack()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Alice.Page.Context.SetOfflineAsync(true);
        await SendManyAsync(couple.Alice, 5);
        Assert.Empty(await couple.Alice.SettledAsync("SENT"));

        await couple.Alice.Page.Context.SetOfflineAsync(false);

        await couple.Alice.WaitForAsync("events.filter(e => e.type === 'SENT' && e.payload.status === 200).length === 5");
        Assert.Equal("1,2,3,4,5", await TextsAsync(couple.Bob, 5));
    }

    [Fact]
    public async Task SendMessage_ReloadBeforeItIsSent_SentAfterTheNextLogIn()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Alice.Page.RouteAsync(Send, route => route.AbortAsync());
        await SendManyAsync(couple.Alice, 3);
        var ids = await couple.Alice.EvaluateAsync<string[]>("ids");
        await couple.Alice.ReloadAsync();
        await couple.Alice.Page.UnrouteAsync(Send);

        await couple.Alice.LogInAsync(new TestUser(couple.Project, "alice", "secret"));

        Assert.Equal("1,2,3", await TextsAsync(couple.Bob, 3));
        await couple.Alice.WaitForEventsAsync("SENT", 3);
        var sent = (await couple.Alice.SettledAsync("SENT")).Select(p => p.GetProperty("id").GetString());
        Assert.Equal(ids, sent);
        Assert.Equal(0, await couple.Alice.EvaluateAsync<int>("Object.keys(localStorage).filter(k => k.startsWith('vox.outbox')).length"));
    }

    [Fact]
    [Promise("VOX-D3")]
    public async Task SendMessage_AnswerLost_RepeatedAndNotDoubled()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        var lost = 0;
        await couple.Alice.Page.RouteAsync(Send, async route =>
        {
            // The server has the message, but the client does not know.
            if (Interlocked.Increment(ref lost) <= 2)
            {
                await route.FetchAsync();
                await route.AbortAsync();
            }
            else
            {
                await route.ContinueAsync();
            }
        });

        var answer = await couple.Alice.CallAsync("chat.sendMessage", "bob", "1", 1, true, ChatPage.Callback, true);

        Assert.Equal(200, answer.Code);
        Assert.Equal("1", await TextsAsync(couple.Bob, 1));
        Assert.Single(await couple.Alice.SettledAsync("SENT"));
    }

    [Fact]
    public async Task SendMessage_ServerBusy_TriedAgain()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        var busy = 0;
        await couple.Alice.Page.RouteAsync(Send, route => Interlocked.Increment(ref busy) <= 2
            ? route.FulfillAsync(
                new() { Status = 503, ContentType = "application/problem+json", Body = """{"code":"busy","retryable":true}""" })
            : route.ContinueAsync());

        Assert.Equal(200, (await couple.Alice.CallAsync("chat.sendMessage", "bob", "1", 1, true, ChatPage.Callback, true)).Code);
        Assert.Equal("1", await TextsAsync(couple.Bob, 1));
    }

    [Fact]
    [Promise("VOX-D3")]
    public async Task SendMessage_StorageFull_SentAllTheSame()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Alice.EvaluateAsync("""
            let size = 1 << 22;
            for (let i = 0; size > 0; ) {
              try { localStorage.setItem("fill" + i, "x".repeat(size)); i++; } catch { size >>= 1; }
            }
            """);

        Assert.Equal(200, (await couple.Alice.CallAsync("chat.sendMessage", "bob", "1", 1, true, ChatPage.Callback, true)).Code);
        Assert.Equal("1", await TextsAsync(couple.Bob, 1));
        Assert.Empty(couple.Alice.Errors);
    }

    [Fact]
    public async Task SendMessage_TwoThousandInALoop_NoneIsRefusedAndTheyArriveInOrder()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Alice.Page.RouteAsync(Send, route => route.AbortAsync());

        await couple.Alice.EvaluateAsync(
            "() => { window.codes = []; for (let i = 0; i < 2000; i++) "
            + "CS.chat.sendMessage('bob', `${i}`, 1, true, code => codes.push(code), true); }");
        Assert.Empty(await couple.Alice.SettledAsync("SENT"));
        Assert.Equal(0, await couple.Alice.EvaluateAsync<int>("codes.length"));
        await couple.Alice.Page.UnrouteAsync(Send);

        // Two thousand calls would take their time. The first of them show that the queue moves on.
        await couple.Bob.WaitForEventsAsync("NEW-MESSAGE", 20, 120);
        Assert.True(await couple.Bob.EvaluateAsync<bool>(
            "events.filter(e => e.type === 'NEW-MESSAGE').every((e, i) => e.payload.data === `${i}`)"));
        Assert.True(await couple.Alice.EvaluateAsync<bool>("codes.every(code => code === 200)"));
    }

    [Fact]
    public async Task SendMessage_MoreThanTheOutboxHolds_703()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Alice.Page.RouteAsync(Send, route => route.AbortAsync());

        await couple.Alice.EvaluateAsync("for (let i = 0; i < 10000; i++) CS.chat.sendMessage('bob', 'x', 1, true, () => {}, true)");
        var answer = await couple.Alice.CallAsync("chat.sendMessage", "bob", "one too many", 1, true, ChatPage.Callback, true);

        Assert.Equal((703, "Limit exceeded"), (answer.Code, answer.Phrase));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SecondTab_LeavesTheFirstOnesMessagesAlone_AndTakesThemWhenItIsClosed(bool writtenBefore)
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        var alice = new TestUser(couple.Project, "alice", "secret");
        // Locks need a secure context. The loopback address is one.
        Assert.True(await couple.Alice.EvaluateAsync<bool>("isSecureContext"));
        await couple.Alice.Page.RouteAsync(Send, route => route.AbortAsync());
        if (writtenBefore)
        {
            await SendManyAsync(couple.Alice, 2);
        }

        var second = await browser.OpenAsync(backends.App.Address, couple.Alice.Page.Context);
        await second.LogInAsync(alice);
        await second.WaitUntilLiveAsync();
        if (!writtenBefore)
        {
            await SendManyAsync(couple.Alice, 2);
        }

        await second.WaitForAsync("Object.keys(localStorage).filter(k => k.startsWith('vox.outbox')).length === 2");
        await second.SettledAsync("SENT");
        Assert.DoesNotContain("POST /api/v1/messages", second.Requests);

        await couple.Alice.Page.CloseAsync();

        Assert.Equal("1,2", await TextsAsync(couple.Bob, 2));
        await second.WaitForAsync("!Object.keys(localStorage).some(k => k.startsWith('vox.outbox'))");
    }

    [Fact]
    public async Task Logout_UnsentMessages_AreReportedAndForgotten()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Alice.Page.RouteAsync(Send, route => route.AbortAsync());
        await SendManyAsync(couple.Alice, 1);
        await couple.Alice.WaitForAsync("Object.keys(localStorage).some(k => k.startsWith('vox.outbox'))");

        await couple.Alice.CallAsync("logout");

        Assert.Equal(401, (await couple.Alice.WaitForEventAsync("SENT")).GetProperty("status").GetInt32());
        Assert.False(await couple.Alice.EvaluateAsync<bool>("Object.keys(localStorage).some(k => k.startsWith('vox.outbox'))"));
    }

    [Fact]
    public async Task Calls_NetworkLostInTheMiddle_EveryCallbackGetsANumber()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Alice.Page.RouteAsync("**/api/v1/**", route => route.AbortAsync());

        foreach (var (method, values) in new (string, object?[])[]
        {
            ("contacts.getContacts", []), ("contacts.addContact", ["bob"]), ("contacts.getPresence", ["bob"]),
            ("contacts.getProfile", ["bob"]),
            ("contacts.blockUser", ["bob"]), ("chat.getHistory", ["bob", 10, 1]), ("chat.getPendingChat", []),
        })
        {
            _ = couple.Alice.EvaluateAsync(
                "([m, v]) => { window.codes ??= {}; call(m, v).then(a => codes[m] = a.code); }", new object[] { method, values });
        }

        await couple.Alice.WaitForAsync("window.codes && Object.keys(codes).length === 7", 45);
        // The synchronization that getPendingChat joins may have ended already.
        await couple.Alice.EvaluateAsync("delete codes['chat.getPendingChat']");
        Assert.Equal(
            6,
            await couple.Alice.EvaluateAsync<int>("Object.values(codes).filter(code => typeof code === 'number' && code >= 400).length"));
    }

    private static Task SendManyAsync(ChatPage page, int count) => page.EvaluateAsync(
        "count => { window.ids = []; for (let i = 1; i <= count; i++) "
        + "ids.push(CS.chat.sendMessage('bob', `${i}`, 1, true, () => {}, true).id); }",
        count);

    private static async Task<string> TextsAsync(ChatPage page, int count)
    {
        await page.WaitForEventsAsync("NEW-MESSAGE", count, 40);
        return string.Join(',', (await page.SettledAsync("NEW-MESSAGE")).Select(p => p.GetProperty("data").GetString()));
    }
}
