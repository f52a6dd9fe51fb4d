using Vox.Tests.Fixture;

namespace Vox.Tests.CallbackApi;

/// <summary>Two people in two browsers. One sends, and the tests check what the sender is told.</summary>
public sealed class ConversationTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task SendMessage_BothOnline_SentDeliveredReadInOrder()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        var (a, b) = (couple.Alice, couple.Bob);

        var answer = await a.CallAsync("chat.sendMessage", "bob", "Hello Bob", 1, true, ChatPage.Callback, true);

        Assert.Equal((200, "OK", false, true), (answer.Code, answer.Phrase, answer.Inside, answer.IsCodeNumber));
        var id = answer.Returned.GetProperty("id").GetString()!;
        Assert.Matches("^[A-Za-z0-9]{16}$", id);
        var message = await b.WaitForEventAsync("NEW-MESSAGE");
        Assert.Equal("alice", message.GetProperty("remoteUser").GetString());
        Assert.Equal("Hello Bob", message.GetProperty("data").GetString());
        Assert.Equal(id, message.GetProperty("id").GetString());
        Assert.Equal("Text", message.GetProperty("chattype").GetString());
        Assert.Equal(9, message.GetProperty("size").GetInt32());
        Assert.Equal(answer.Returned.GetProperty("sentTime").GetInt64(), message.GetProperty("timestamp").GetInt64(), 50d);
        Assert.False(message.TryGetProperty("thumbnail", out _));
        Assert.False(message.TryGetProperty("chatInitiator", out _));
        var delivered = await a.WaitForEventAsync("DELIVERED");
        Assert.Equal((id, "bob"), (delivered.GetProperty("id").GetString(), delivered.GetProperty("remoteUser").GetString()));

        Assert.Equal(200, (await b.CallAsync("chat.sendReadReceipt", "alice", id, ChatPage.Callback, true, "")).Code);

        var read = await a.WaitForEventAsync("READ");
        Assert.Equal((id, "bob"), (read.GetProperty("id").GetString(), read.GetProperty("remoteUser").GetString()));
        Assert.True(read.GetProperty("time").GetInt64() > 1_600_000_000_000);
        var events = (await a.EventsAsync()).EnumerateArray().ToList();
        Assert.Equal(["SENT", "ACCEPTED", "DELIVERED", "READ"], events.Select(e => e.GetProperty("type").GetString()));
        Assert.All(events, e => Assert.True(e.GetProperty("bound").GetBoolean(), "this is CS.chat"));
        var sent = events[0].GetProperty("payload");
        Assert.Equal(
            (id, 200, "bob"),
            (sent.GetProperty("id").GetString(), sent.GetProperty("status").GetInt32(), sent.GetProperty("remoteUser").GetString()));
        Assert.Equal(sent.ToString(), events[1].GetProperty("payload").ToString());
    }

    [Fact]
    public async Task SendRead_NameOfTheGuide_IsTheSame()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        // Five arguments, as in the guide: reports is true, and there is no flag.
        var sent = await couple.Alice.CallAsync("chat.sendMessage", "bob", "Hi", 1, true, ChatPage.Callback);
        var message = await couple.Bob.WaitForEventAsync("NEW-MESSAGE");

        Assert.Equal(200, (await couple.Bob.CallAsync("chat.sendRead", "alice", message.GetProperty("id").GetString())).Code);

        var read = await couple.Alice.WaitForEventAsync("READ");
        Assert.Equal(sent.Returned.GetProperty("id").GetString(), read.GetProperty("id").GetString());
    }

    [Fact]
    public async Task SendMessage_CallbacksThrow_EventsComeAllTheSame()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);

        await couple.Alice.EvaluateAsync("""
            const seen = window.seen = [];
            CS.chat.onMessage((type, payload) => { seen.push(type); throw new TypeError("of the app"); });
            CS.chat.sendMessage("bob", "one", 1, true, () => { seen.push("callback"); throw new Error("of the app"); }, true);
            seen.push("returned");
            """);

        await couple.Alice.WaitForAsync("seen.includes('DELIVERED')");
        Assert.Equal(["returned", "callback", "SENT", "ACCEPTED", "DELIVERED"], await couple.Alice.EvaluateAsync<string[]>("seen"));
        Assert.Empty(couple.Alice.Errors);
    }

    [Fact]
    public async Task SendMessage_ManyBackToBack_ArriveInOrderEachOnce()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);

        await couple.Alice.EvaluateAsync(
            "for (let i = 1; i <= 60; i++) CS.chat.sendMessage('bob', `text ${i}`, CS.chat.ChatType.TEXT_PLAIN, true, () => {})");

        await couple.Bob.WaitForAsync("events.filter(e => e.type === 'NEW-MESSAGE').length >= 60", 40);
        var texts = (await couple.Bob.SettledAsync("NEW-MESSAGE")).Select(p => p.GetProperty("data").GetString());
        Assert.Equal(Enumerable.Range(1, 60).Select(i => $"text {i}"), texts);
        await couple.Alice.WaitForAsync("new Set(events.filter(e => e.type === 'DELIVERED').map(e => e.payload.id)).size === 60");
        Assert.Equal(60, (await couple.Alice.SettledAsync("DELIVERED")).Count);
    }

    [Fact]
    public async Task SendMessage_LongText_IsCutTo4000()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);

        Assert.Equal(
            200,
            (await couple.Alice.CallAsync(
                "chat.sendMessage", "bob", new string('x', 3_999) + "😀😀", 1, true, ChatPage.Callback, true)).Code);

        // A character is never cut in half.
        var message = await couple.Bob.WaitForEventAsync("NEW-MESSAGE");
        Assert.Equal(new string('x', 3_999), message.GetProperty("data").GetString());
    }

    [Fact]
    public async Task SendMessage_EveryType_HasItsName()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);

        await couple.Alice.EvaluateAsync("""
            const data = { 3: '{"lat":52.5,"lon":13.4,"address":"Berlin"}', 6: '{"name":"Carol","numbers":["1"],"labels":["home"]}' };
            for (const type of Object.values(CS.chat.ChatType)) CS.chat.sendMessage('bob', data[type] ?? 'x', type, true, () => {}, true);
            """);

        await couple.Bob.WaitForAsync("events.filter(e => e.type === 'NEW-MESSAGE').length === 7");
        Assert.Equal(
            ["Text", "html", "location", "image", "video", "contact", "document"],
            (await couple.Bob.SettledAsync("NEW-MESSAGE")).Select(p => p.GetProperty("chattype").GetString()));
    }

    [Theory]
    [InlineData("42", "42")]
    [InlineData("true", "true")]
    [InlineData("'<img src=x onerror=alert(1)>'", "<img src=x onerror=alert(1)>")]
    [InlineData("'half \\uD83D'", "half ")]
    public async Task SendMessage_OddText_ArrivesAsText(string script, string expected)
    {
        await using var couple = await Couple.MeetAsync(backends, browser);

        await couple.Alice.EvaluateAsync($"CS.chat.sendMessage('bob', {script}, 1, true, () => {{}}, true)");

        Assert.Equal(expected, (await couple.Bob.WaitForEventAsync("NEW-MESSAGE")).GetProperty("data").GetString());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("undefined")]
    [InlineData("{}")]
    [InlineData("() => 1")]
    public async Task SendMessage_NoText_400AndSentWithTheStatus(string script)
    {
        await using var couple = await Couple.MeetAsync(backends, browser);

        await couple.Alice.EvaluateAsync($"CS.chat.sendMessage('bob', {script}, 1, true, code => window.code = code, true)");

        Assert.Equal(400, (await couple.Alice.WaitForEventAsync("SENT")).GetProperty("status").GetInt32());
        Assert.Equal(400, await couple.Alice.EvaluateAsync<int>("code"));
        Assert.Empty(await couple.Alice.SettledAsync("ACCEPTED"));
    }

    [Fact]
    public async Task SendMessage_UnknownRecipient_404ThenSentWithTheStatus()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);

        var answer = await couple.Alice.CallAsync("chat.sendMessage", "nobody", "Hello?", 1, true, ChatPage.Callback, true);

        Assert.Equal((404, "Not Found"), (answer.Code, answer.Phrase));
        var sent = await couple.Alice.WaitForEventAsync("SENT");
        Assert.Equal((404, "nobody"), (sent.GetProperty("status").GetInt32(), sent.GetProperty("remoteUser").GetString()));
    }

    [Fact]
    public async Task SendMessage_Blocked_403()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        Assert.Equal(200, (await couple.Bob.CallAsync("contacts.blockUser", "alice")).Code);

        Assert.Equal(403, (await couple.Alice.CallAsync("chat.sendMessage", "bob", "Hello?", 1, true, ChatPage.Callback, true)).Code);
        Assert.Equal(200, (await couple.Bob.CallAsync("contacts.unblockUser", "alice")).Code);
        Assert.Equal(200, (await couple.Alice.CallAsync("chat.sendMessage", "bob", "Hello again", 1, true, ChatPage.Callback, true)).Code);
    }

    [Fact]
    public async Task SendMessage_ToOneself_IsNoOwnMessageOfAnotherDevice()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);

        var answer = await couple.Alice.CallAsync("chat.sendMessage", "alice", "Note", 1, true, ChatPage.Callback, true);

        // Whatever the server answers, the app gets one answer and nothing else.
        Assert.Single(await couple.Alice.SettledAsync("SENT"));
        Assert.Empty(await couple.Alice.SettledAsync("OWN-MESSAGE"));
        Assert.True(answer.Code >= 200);
    }

    [Fact]
    public async Task SendIsTyping_OtherOnline_IsComposing()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);

        // Apps do this with every key that is pressed.
        await couple.Alice.EvaluateAsync("for (let i = 0; i < 20; i++) CS.chat.sendIsTyping('bob', '')");

        var typing = await couple.Bob.WaitForEventAsync("IS-COMPOSING");
        Assert.Equal(("alice", ""), (typing.GetProperty("remoteUser").GetString(), typing.GetProperty("groupId").GetString()));
        Assert.Single(await couple.Bob.SettledAsync("IS-COMPOSING"));
    }

    [Fact]
    public async Task SendDelivered_KnownAndUnknownMessage_200And404()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Alice.CallAsync("chat.sendMessage", "bob", "Hi", 1, true, ChatPage.Callback, true);
        var id = (await couple.Bob.WaitForEventAsync("NEW-MESSAGE")).GetProperty("id").GetString();

        Assert.Equal(200, (await couple.Bob.CallAsync("chat.sendDelivered", "alice", id, 0)).Code);
        Assert.Equal(404, (await couple.Bob.CallAsync("chat.sendDelivered", "alice", "no-such-message", 0)).Code);
        Assert.Equal(
            404, (await couple.Bob.CallAsync("chat.sendReadReceipt", "alice", "no-such-message", ChatPage.Callback, true, "")).Code);
        Assert.True((await couple.Bob.CallAsync("chat.sendGroupDelivered", "alice", id, "alice", 0)).IsCodeNumber);
    }

    [Fact]
    public async Task SendReadReceipt_AfterAReload_FindsTheMessage()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Alice.CallAsync("chat.sendMessage", "bob", "Hi", 1, true, ChatPage.Callback, true);
        var id = (await couple.Bob.WaitForEventAsync("NEW-MESSAGE")).GetProperty("id").GetString();
        await couple.Alice.WaitForEventAsync("DELIVERED");
        await couple.Bob.ReloadAsync();
        await couple.Bob.LogInAsync(new TestUser(couple.Project, "bob", "secret"));

        Assert.Equal(200, (await couple.Bob.CallAsync("chat.sendReadReceipt", "alice", id, ChatPage.Callback, true, "")).Code);

        await couple.Alice.WaitForEventAsync("READ");
        Assert.Empty(await couple.Bob.SettledAsync("NEW-MESSAGE"));
    }

    [Fact]
    public async Task Receipts_AuthorWasAway_ComeWhenTheyAreBack()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Bob.Page.Context.SetOfflineAsync(true);
        await couple.Bob.Page.GotoAsync("about:blank");
        await couple.Alice.CallAsync("chat.sendMessage", "bob", "Hi", 1, true, ChatPage.Callback, true);
        // Alice's connection is cut while Bob receives.
        await couple.Alice.Page.Context.SetOfflineAsync(true);
        await couple.Bob.Page.Context.SetOfflineAsync(false);
        await couple.Bob.Page.GotoAsync(new Uri(couple.Bob.App, "/sdk-test.html").ToString());
        await couple.Bob.LogInAsync(new TestUser(couple.Project, "bob", "secret"));
        var id = (await couple.Bob.WaitForEventAsync("NEW-MESSAGE")).GetProperty("id").GetString();
        Assert.Equal(200, (await couple.Bob.CallAsync("chat.sendRead", "alice", id)).Code);

        await couple.Alice.Page.Context.SetOfflineAsync(false);

        await couple.Alice.WaitForEventAsync("DELIVERED", seconds: 60);
        await couple.Alice.WaitForEventAsync("READ");
    }
}
