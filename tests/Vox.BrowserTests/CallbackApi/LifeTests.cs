using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.CallbackApi;

/// <summary>What happens to messages after they were sent, by the methods and events of <c>CS.chat</c>.</summary>
public sealed class LifeTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task EditMessage_OwnAndOthers_BothSidesHearOfItAndStrangersAreRefused()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        var (a, b) = (couple.Alice, couple.Bob);
        var id = await SendAsync(a, "bob", "Helo");
        await b.WaitForEventAsync("NEW-MESSAGE");

        var answer = await a.CallAsync("chat.editMessage", "bob", id, "Hello");

        Assert.Equal((200, "OK", false), (answer.Code, answer.Phrase, answer.Inside));
        var there = await b.WaitForEventAsync("MESSAGE-CHANGED");
        Assert.Equal(
            (id, "Hello", "edited", "alice", "alice"),
            (Text(there, "id"), Text(there, "data"), Text(there, "change"), Text(there, "by"), Text(there, "remoteUser")));
        Assert.True(there.GetProperty("editedAt").GetInt64() > 1_600_000_000_000);
        var here = await a.WaitForEventAsync("MESSAGE-CHANGED");
        Assert.Equal((id, "Hello", "bob"), (Text(here, "id"), Text(here, "data"), Text(here, "remoteUser")));
        Assert.Equal(403, (await b.CallAsync("chat.editMessage", "alice", id, "Not mine")).Code);
        Assert.Equal(400, (await a.CallAsync("chat.editMessage", "bob", id, "")).Code);
        Assert.Equal(404, (await a.CallAsync("chat.editMessage", "bob", "nosuchmessage123", "x")).Code);
        Assert.Equal("Hello", Text((await HistoryAsync(b, "alice"))[0], "data"));
        Assert.Single(await b.SettledAsync("MESSAGE-CHANGED"));
        Assert.Single(await a.SettledAsync("MESSAGE-CHANGED"));
    }

    [Fact]
    public async Task DeleteMessage_ForEveryoneAndForMe_GoesWhereItShould()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        var (a, b) = (couple.Alice, couple.Bob);
        var first = await SendAsync(a, "bob", "one");
        var (second, third) = (await SendAsync(a, "bob", "two"), await SendAsync(a, "bob", "three"));
        await b.WaitForEventsAsync("NEW-MESSAGE", 3);

        Assert.Equal(200, (await a.CallAsync("chat.deleteMessage", "bob", first)).Code);
        Assert.Equal(200, (await b.CallAsync("chat.deleteMessageForMe", "alice", second)).Code);

        var deleted = await b.WaitForEventAsync("MESSAGE-CHANGED");
        Assert.Equal(
            (first, "", "deleted", "alice"),
            (Text(deleted, "id"), Text(deleted, "data"), Text(deleted, "change"), Text(deleted, "deletedBy")));
        Assert.True(deleted.GetProperty("deletedAt").GetInt64() > 1_600_000_000_000);
        var hidden = await b.WaitForEventAsync("CONVERSATION-SETTINGS", "p.hidden");
        Assert.Equal((second, "alice"), (hidden.GetProperty("hidden")[0].GetString(), Text(hidden, "remoteUser")));
        Assert.Equal([third], (await HistoryAsync(b, "alice")).Select(m => Text(m, "id")));
        Assert.Equal([third, second], (await HistoryAsync(a, "bob")).Select(m => Text(m, "id")));
        Assert.Empty(await a.SettledAsync("CONVERSATION-SETTINGS"));
        // Deleted once more: it is so already.
        Assert.Equal(200, (await a.CallAsync("chat.deleteMessage", "bob", first)).Code);
        Assert.NotEqual(200, (await a.CallAsync("chat.editMessage", "bob", first, "back")).Code);
    }

    [Fact]
    public async Task AddReaction_TwoUsers_AreCountedAndOnesOwnIsKnown()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        var (a, b) = (couple.Alice, couple.Bob);
        var id = await SendAsync(a, "bob", "Good news");
        await b.WaitForEventAsync("NEW-MESSAGE");

        Assert.Equal(200, (await b.CallAsync("chat.addReaction", "alice", id, "👍")).Code);
        await a.WaitForEventAsync("MESSAGE-CHANGED", "p.reactions?.[0].count === 1 && !p.reactions[0].mine && p.change === 'reaction'");
        await b.WaitForEventAsync("MESSAGE-CHANGED", "p.reactions?.[0].count === 1 && p.reactions[0].mine");
        Assert.Equal(200, (await a.CallAsync("chat.addReaction", "bob", id, "👍")).Code);
        var both = await b.WaitForEventAsync("MESSAGE-CHANGED", "p.reactions?.[0].count === 2 && p.reactions[0].mine");
        Assert.Equal(["bob", "alice"], both.GetProperty("reactions")[0].GetProperty("users").EnumerateArray().Select(u => u.GetString()));
        Assert.Equal(200, (await b.CallAsync("chat.removeReaction", "alice", id, "👍")).Code);
        await b.WaitForEventAsync("MESSAGE-CHANGED", "p.reactions?.[0].count === 1 && !p.reactions[0].mine");

        Assert.Equal(400, (await b.CallAsync("chat.addReaction", "alice", id, "no emoji")).Code);
        Assert.Equal(404, (await b.CallAsync("chat.addReaction", "alice", "nosuchmessage123", "👍")).Code);
        Assert.Equal(1, (await HistoryAsync(a, "bob"))[0].GetProperty("reactions")[0].GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task PinMessage_ByEitherSide_IsInTheListUntilUnpinned()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        var (a, b) = (couple.Alice, couple.Bob);
        var (first, second) = (await SendAsync(a, "bob", "one"), await SendAsync(a, "bob", "two"));
        await b.WaitForEventsAsync("NEW-MESSAGE", 2);

        Assert.Equal(200, (await a.CallAsync("chat.pinMessage", "bob", first)).Code);
        Assert.Equal(200, (await b.CallAsync("chat.pinMessage", "alice", second)).Code);

        await a.WaitForEventAsync("MESSAGE-CHANGED", "p.change === 'pinned' && p.by === 'bob' && p.pinnedBy === 'bob'");
        var pins = await a.CallAsync("chat.getPinnedMessages", "bob");
        Assert.Equal([second, first], pins.Resp.EnumerateArray().Select(m => Text(m, "id")));
        Assert.Equal(
            ("two", "Text", "bob"),
            (Text(pins.Resp[0], "data"), Text(pins.Resp[0], "chattype"), Text(pins.Resp[0], "remoteUser")));
        Assert.Equal(200, (await a.CallAsync("chat.unpinMessage", "bob", second)).Code);
        await b.WaitForEventAsync("MESSAGE-CHANGED", "p.change === 'unpinned' && !('pinnedAt' in p)");
        Assert.Single((await b.CallAsync("chat.getPinnedMessages", "alice")).Resp.EnumerateArray());
        // Nobody: the same shape, empty.
        var none = await a.CallAsync("chat.getPinnedMessages", "nobody");
        Assert.Equal((404, 0), (none.Code, none.Resp.GetArrayLength()));
    }

    [Fact]
    public async Task SetConversation_OnOneDevice_IsToldOnTheOtherAndNotToTheOtherSide()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        var (a, b) = (couple.Alice, couple.Bob);
        await using var tablet = await browser.LogInAsync(new TestUser(couple.Project, "alice", "secret"));
        await tablet.WaitUntilLiveAsync();
        var id = await SendAsync(b, "alice", "Hi");
        await tablet.WaitForEventAsync("NEW-MESSAGE");

        var wanted = new { mutedUntil = -1, favourite = true, unreadFrom = id };
        Assert.Equal(200, (await a.CallAsync("chat.setConversation", "bob", wanted)).Code);

        foreach (var page in (ChatPage[])[a, tablet])
        {
            var settings = await page.WaitForEventAsync("CONVERSATION-SETTINGS");
            Assert.Equal(
                ("bob", -1, true, 1),
                (Text(settings, "remoteUser"), settings.GetProperty("mutedUntil").GetInt64(),
                    settings.GetProperty("favourite").GetBoolean(), settings.GetProperty("unreadFrom").GetInt64()));
        }

        Assert.Equal(400, (await a.CallAsync("chat.setConversation", "bob", new { mutedUntil = "soon" })).Code);
        Assert.Equal(200, (await a.CallAsync("chat.clearConversation", "bob")).Code);
        await tablet.WaitForEventAsync("CONVERSATION-SETTINGS", "p.clearedThrough === 1");
        Assert.Empty(await HistoryAsync(tablet, "bob"));
        Assert.Single(await HistoryAsync(b, "alice"));
        Assert.Empty(await b.SettledAsync("CONVERSATION-SETTINGS"));
    }

    [Fact]
    public async Task SendMessageWith_EveryOption_ComesWithTheMessageAndIsForwarded()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        var group = await trio.CreateAsync("bob", "carol");
        var first = await Trio.SendAsync(a, group, "Who comes?");
        await b.WaitForEventAsync("NEW-MESSAGE");

        var answer = await b.CallAsync(
            "chat.sendMessageWith", group, "@carol and I",
            new { flag = false, replyTo = first, mentions = (string[])["carol"], custom = new { seats = 2 }, silent = true });

        Assert.Equal(200, answer.Code);
        var message = await c.WaitForEventAsync("NEW-MESSAGE", "p.data === '@carol and I'");
        var quote = message.GetProperty("replyTo");
        Assert.Equal(("Who comes?", "alice"), (Text(quote, "data"), Text(quote, "from")));
        Assert.Equal(
            ("carol", 2, true),
            (message.GetProperty("mentions")[0].GetString(), message.GetProperty("custom").GetProperty("seats").GetInt32(),
                message.GetProperty("silent").GetBoolean()));
        Assert.Equal(200, (await c.CallAsync("chat.forwardMessage", "alice", group, Text(message, "id"))).Code);
        var forwarded = await a.WaitForEventAsync("NEW-MESSAGE", "p.forwarded");
        Assert.Equal(("carol", "@carol and I"), (Text(forwarded, "remoteUser"), Text(forwarded, "data")));
        Assert.False(forwarded.TryGetProperty("mentions", out _));
    }

    [Fact]
    public async Task ScheduleMessage_ChangedAndCancelled_IsNotSentBefore()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        var (a, b) = (couple.Alice, couple.Bob);
        var at = await a.EvaluateAsync<long>("Math.round(Date.now() + CS.timeOffset) + 7200000");

        var made = await a.CallAsync("chat.scheduleMessage", "bob", "Good morning", at, new { silent = true });

        Assert.Equal((200, false), (made.Code, made.Inside));
        var id = Text(made.Resp, "id");
        var change = new { data = "Good evening", sendAt = at + 3_600_000 };
        Assert.Equal(200, (await a.CallAsync("chat.updateScheduledMessage", id, change)).Code);
        var waiting = Assert.Single((await a.CallAsync("chat.getScheduledMessages")).Resp.EnumerateArray());
        Assert.Equal(
            (id, "Good evening", at + 3_600_000, "waiting", true),
            (Text(waiting, "id"), Text(waiting, "data"), waiting.GetProperty("sendAt").GetInt64(), Text(waiting, "state"),
                waiting.GetProperty("silent").GetBoolean()));
        Assert.Equal(200, (await a.CallAsync("chat.cancelScheduledMessage", id)).Code);
        Assert.Empty((await a.CallAsync("chat.getScheduledMessages")).Resp.EnumerateArray());
        Assert.Equal(404, (await a.CallAsync("chat.cancelScheduledMessage", id)).Code);
        var past = await a.CallAsync("chat.scheduleMessage", "bob", "Too late", 1);
        Assert.Equal((400, JsonValueKind.Object), (past.Code, past.Resp.ValueKind));
        Assert.Empty(await b.SettledAsync("NEW-MESSAGE"));
    }

    [Fact]
    public async Task Changes_WhileOffline_AreMadeInOrderWhenTheNetworkIsBack()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        var (a, b) = (couple.Alice, couple.Bob);
        var id = await SendAsync(a, "bob", "before");
        await b.WaitForEventAsync("NEW-MESSAGE");
        await a.Page.Context.SetOfflineAsync(true);

        await a.EvaluateAsync(
            """
            id => {
              CS.chat.editMessage("bob", id, "after", code => window.edited = code);
              CS.chat.addReaction("bob", id, "🎉", code => window.reacted = code);
              window.next = CS.chat.sendMessage("bob", "the next one", 1, true, () => {}, true).id;
              CS.chat.deleteMessage("bob", next, () => {});
            }
            """,
            id);
        await a.Page.Context.SetOfflineAsync(false);

        await a.WaitForAsync("window.edited === 200 && window.reacted === 200", 60);
        await b.WaitForEventAsync("MESSAGE-CHANGED", "p.data === 'after' && p.reactions?.length === 1", 60);
        Assert.Equal(
            ["edited", "reaction"],
            (await b.SettledAsync("MESSAGE-CHANGED")).Select(p => Text(p, "change")).Where(kind => kind != "deleted").Distinct());
        // The message that was deleted before it left has left no text anywhere.
        Assert.Equal([id], (await HistoryAsync(b, "alice")).Select(m => Text(m, "id")));
        Assert.DoesNotContain(await b.SettledAsync("NEW-MESSAGE"), p => Text(p, "data") == "the next one");
    }

    [Fact]
    public async Task AppThatKnowsNothingOfChanges_SeesOnlyWhatItKnew()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        var (a, b) = (couple.Alice, couple.Bob);
        // As such apps are written: any other event would end in a TypeError.
        await b.EvaluateAsync("""
            window.told = [];
            window.unknown = [];
            const handlers = {
              "NEW-MESSAGE": m => told.push(`${m.remoteUser}: ${m.data.trim()}`),
              SENT: () => {}, ACCEPTED: () => {}, DELIVERED: () => {}, READ: () => {},
            };
            CS.chat.onMessage((type, message) => { if (!handlers[type]) unknown.push(type); handlers[type](message); });
            """);
        var (first, second) = (await SendAsync(a, "bob", "one"), await SendAsync(a, "bob", "two"));
        await b.WaitForAsync("told.length === 2");
        foreach (var (method, values) in new (string, object?[])[]
        {
            ("chat.editMessage", ["bob", first, "one, edited"]), ("chat.addReaction", ["bob", first, "👍"]),
            ("chat.pinMessage", ["bob", first]), ("chat.deleteMessage", ["bob", second]),
        })
        {
            Assert.Equal(200, (await a.CallAsync(method, values)).Code);
        }

        Assert.Equal(200, (await b.CallAsync("chat.setConversation", "alice", new { archived = true })).Code);
        await b.WaitForAsync("unknown.length >= 5");
        await SendAsync(a, "bob", "three");

        await b.WaitForAsync("told.length === 3");
        Assert.Equal("alice: one|alice: two|alice: three", await b.EvaluateAsync<string>("told.join('|')"));
        Assert.Equal(
            "CONVERSATION-SETTINGS MESSAGE-CHANGED", await b.EvaluateAsync<string>("[...new Set(unknown)].sort().join(' ')"));
        Assert.Empty(b.Errors);
        var history = await HistoryAsync(b, "alice");
        Assert.Equal(["three", "one, edited"], history.Select(m => Text(m, "data")));
        await b.ReloadAsync();
        await b.LogInAsync(new TestUser(couple.Project, "bob", "secret"));
        Assert.Equal(["three", "one, edited"], (await HistoryAsync(b, "alice")).Select(m => Text(m, "data")));
        var recent = (await b.CallAsync("contacts.getRecentContacts", 10, 1)).Resp;
        Assert.Contains("three", recent.ToString(), StringComparison.Ordinal);
    }

    private static async Task<string> SendAsync(ChatPage page, string to, string text)
    {
        var answer = await page.CallAsync("chat.sendMessage", to, text, 1, true, ChatPage.Callback, true);
        Assert.Equal(200, answer.Code);
        return Text(answer.Returned, "id");
    }

    private static async Task<List<JsonElement>> HistoryAsync(ChatPage page, string with) =>
        [.. (await page.CallAsync("chat.getHistory", with, 20, 1)).Resp.GetProperty("history").EnumerateArray()];

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
