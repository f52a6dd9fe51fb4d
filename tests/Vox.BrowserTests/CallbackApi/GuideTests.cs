using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.CallbackApi;

/// <summary>What the vendor's guide prints, as it prints it.</summary>
public sealed class GuideTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task SendIsTyping_WithTheIdOfAGroupsMessage_ReachesTheGroup()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, _) = trio;
        var id = await trio.CreateAsync("bob");
        await Trio.SendAsync(a, id, "Hello");
        var message = (await b.WaitForEventAsync("NEW-MESSAGE")).GetProperty("id").GetString();

        await b.EvaluateAsync("message => CS.chat.sendIsTyping('alice', message)", message);
        await a.WaitForEventAsync("IS-COMPOSING", $"p.remoteUser === 'bob' && p.groupId === '{id}'");
        await a.EvaluateAsync("([group, message]) => CS.chat.sendIsTyping(group, message)", new[] { id, message });
        await b.WaitForEventAsync("IS-COMPOSING", $"p.remoteUser === 'alice' && p.groupId === '{id}'");
    }

    [Fact]
    public async Task SendIsTyping_WithTheIdOfAnotherMessage_ReachesTheUser()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);

        await couple.Alice.EvaluateAsync("CS.chat.sendIsTyping('bob', 'y1BKjkZdcuIqqt7A')");

        await couple.Bob.WaitForEventAsync("IS-COMPOSING", "p.remoteUser === 'alice' && p.groupId === ''");
    }

    [Fact]
    public async Task Contacts_ListOfIds_EachIsAddedAndRemoved()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        foreach (var name in (string[])["hugo", "carol"])
        {
            await project.CreateUserAsync(name);
        }

        await using var page = await browser.LogInAsync(alice);

        Assert.Equal(200, (await page.CallAsync("contacts.addContact", (object)new[] { "hugo", "carol" })).Code);
        Assert.Equal(204, (await page.CallAsync("contacts.addContact", (object)new[] { "hugo", "dora" })).Code);
        Assert.Equal(["carol", "dora", "hugo"], await ContactsAsync());
        Assert.Equal(200, (await page.CallAsync("contacts.removeContact", (object)new[] { "hugo", "dora" })).Code);
        Assert.Equal(["carol"], await ContactsAsync());
        Assert.Equal(400, (await page.CallAsync("contacts.addContact", (object)Array.Empty<string>())).Code);
        Assert.Equal(200, (await page.CallAsync("contacts.blockUser", (object)new[] { "hugo", "carol" })).Code);
        // A message has one recipient.
        Assert.Equal(
            400, (await page.CallAsync("chat.sendMessage", new[] { "hugo", "carol" }, "Hi", 1, true, ChatPage.Callback, true)).Code);

        async Task<IEnumerable<string?>> ContactsAsync() =>
            (await page.CallAsync("contacts.getContacts")).Resp.GetProperty("contacts").EnumerateArray().Select(c => c.GetString())
                .Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task SendMessage_WithoutReports_NoDeliveredNoReadAndHistoryTells()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        var (alice, bob) = couple;
        foreach (var (text, reports) in ((string, object)[])[("silent", 0), ("silent too", false)])
        {
            Assert.Equal(
                200, (await alice.CallAsync("chat.sendMessage", "bob", text, 1, reports, ChatPage.Callback, true)).Code);
        }

        await alice.EvaluateAsync(
            "new Promise(done => CS.chat.sendFile('bob', 7, 'text/plain', undefined, new File(['a'], 'note.txt'), 0, CS.appId, done))");

        var wanted = await alice.CallAsync("chat.sendMessage", "bob", "wanted", 1, true, ChatPage.Callback, true);
        await bob.WaitForEventAsync("NEW-MESSAGE", "p.data === 'wanted'");
        await bob.EvaluateAsync("CS.chat.sendRead('alice', events.findLast(e => e.type === 'NEW-MESSAGE').payload.id, () => {})");

        await alice.WaitForEventAsync("READ");
        var id = wanted.Returned.GetProperty("id").GetString();
        Assert.Equal(id, Assert.Single(await alice.SettledAsync("DELIVERED")).GetProperty("id").GetString());
        Assert.Equal(id, Assert.Single(await alice.SettledAsync("READ")).GetProperty("id").GetString());
        await alice.ReloadAsync();
        await alice.LogInAsync(new TestUser(couple.Project, "alice", "secret"));
        var history = (await alice.CallAsync("chat.getHistory", "bob", 10, 1)).Resp.GetProperty("history");
        Assert.Equal(
            [(1, "READ", true), (0, "SENT", false), (0, "SENT", false), (0, "SENT", false)],
            history.EnumerateArray().Select(m => (
                m.GetProperty("reportsRequested").GetInt32(), m.GetProperty("messageStatus").GetString(),
                m.GetProperty("readTimestamp").GetInt64() > 0)));
    }

    [Fact]
    public async Task Names_OfTheGuide_ExistBesideCS()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);

        Assert.Equal(
            """[4,5,7,true]""",
            (await couple.Alice.JsonAsync(
                "[...['IMAGE', 'VIDEO', 'DOCUMENT'].map(n => Chat.prototype.ChatFileType[n]), CS.chat instanceof Chat]")).GetRawText());
        await couple.Alice.CallAsync("contacts.addContact", "bob");
        await couple.Bob.EvaluateAsync("Contacts.setProfile('Bob', 'Here', '', code => { window.code = code; })");
        await couple.Bob.WaitForAsync("window.code === 200");

        var changed = await couple.Alice.WaitForEventAsync("ProfileChanged");
        Assert.Equal("""{"mobilenumber":"bob","name":"Bob","message":"Here","profilePicUrl":""}""", changed.GetRawText());
    }

    [Fact]
    public async Task Lookups_UserIsOnline_PresenceAndTimeOfTheLastLogIn()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Project.CreateUserAsync("carol");

        var people = (await couple.Alice.CallAsync("contacts.isAppContacts", (object)new[] { "bob", "carol" })).Resp;
        var presence = (await couple.Alice.CallAsync("contacts.getPresence", (object)new[] { "bob", "carol" })).Resp;

        Assert.Equal([true, false], people.EnumerateArray().Select(p => p.GetProperty("isOnline").GetBoolean()));
        Assert.InRange(
            presence[0].GetProperty("lastLoginTime").GetInt64() - TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
            -300_000, 60_000);
        Assert.Equal(0, presence[1].GetProperty("lastLoginTime").GetInt64());
    }

    [Fact]
    public async Task Recents_InBothSpellings_AreTheSame()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Alice.CallAsync("chat.sendMessage", "bob", "Hi", 1, true, ChatPage.Callback, true);

        var entry = (await couple.Alice.CallAsync("chat.getRecentContacts", 20, 1)).Resp.GetProperty("list")[0];

        Assert.Equal("Hi", entry.GetProperty("Chat").GetProperty("data").GetString());
        Assert.Equal(entry.GetProperty("chat").GetRawText(), entry.GetProperty("Chat").GetRawText());
    }

    /// <summary>Pages of public apps touch these, whether there is a call or not.</summary>
    [Fact]
    public async Task Calls_WhatPagesTouchWithoutACall_DoesNotThrow()
    {
        await using var page = await browser.OpenAsync(backends.App.Address);

        await page.EvaluateAsync("""
            () => {
              CS.call.mediaAck({ mediaFlag: true }, code => { window.acknowledged = code; });
              window.muted = CS.call.callObj["no-such-call"].isMuted;
              CS.call.callObj.mine = { isMuted: true };
              window.own = CS.call.callObj.mine.isMuted;
              window.senders = CS.call.peerConnection.getSenders().length;
              CS.call.peerConnection.close();
              window.texts = [CS.call.activeCallId, CS.call.remoteUser].join("|");
              CS.call.mute("id", true, CS.call.callObj["id"].isVideoMuted, () => {});
              for (const id in CS.call.callObj) CS.call.callObj[id].type;
            }
            """);

        await page.WaitForAsync("window.acknowledged");
        Assert.Equal(
            """[501,false,true,0,"|"]""", (await page.JsonAsync("[acknowledged, muted, own, senders, texts]")).GetRawText());
        Assert.Empty(page.Errors);
    }
}
