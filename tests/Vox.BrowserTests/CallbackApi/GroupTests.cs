using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.CallbackApi;

/// <summary>Groups in three browsers, through the callback API.</summary>
public sealed class GroupTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task EveryMethod_OneAfterTheOther_AnswersInTheShapeThatAppsExpect()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;

        var created = await a.CallAsync("chat.createGroup", "Friends", "", null);
        Assert.Equal((200, "OK", false), (created.Code, created.Phrase, created.Inside));
        var list = await a.CallAsync("chat.pullMyGroupsList");
        Assert.Equal(200, list.Code);
        var id = Assert.Single(list.Resp.EnumerateArray()).GetString()!;

        var added = await a.CallAsync("chat.addUsersToGroup", id, new[] { "bob", "carol" }, 2);
        Assert.Equal(200, added.Code);
        Assert.Equal($$"""{"groupid":"{{id}}","groupcontacts":["alice","bob","carol"],"groupusercount":3}""", added.Resp.GetRawText());
        var admins = await a.CallAsync("chat.addAdminsToGroup", id, new[] { "bob" });
        Assert.Equal($$"""{"groupid":"{{id}}","groupAdmins":["alice","bob"]}""", admins.Resp.GetRawText());
        var details = await c.CallAsync("chat.pullMyGroupDetails", id);
        Assert.Equal(
            $$"""{"groupid":"{{id}}","groupname":"Friends","groupdescription":"","groupprofilepic":"","groupcontacts":["alice","bob","carol"],"admins":["alice","bob"],"groupcreator":"alice"}""",
            details.Resp.GetRawText());

        Assert.Equal((200, "OK"), Phrase(await b.CallAsync("chat.updateGroupInfo", "Renamed", id, "about us", "")));
        details = await c.CallAsync("chat.pullMyGroupDetails", id);
        Assert.Equal(("Renamed", "about us"), (Text(details.Resp, "groupname"), Text(details.Resp, "groupdescription")));

        Assert.Equal((200, id), Phrase(await a.CallAsync("chat.delAdminsToGroup", id, "bob")));
        Assert.Equal((200, id), Phrase(await a.CallAsync("chat.delUsersToGroupReq", id, "bob")));
        var gone = await b.CallAsync("chat.pullMyGroupDetails", id);
        Assert.Equal((403, 0), (gone.Code, gone.Resp.GetProperty("groupcontacts").GetArrayLength()));
        var blocked = await c.CallAsync("chat.blockGroup", id, "carol");
        Assert.Equal((200, $$"""{"groupid":"{{id}}","mobileNumber":"carol"}"""), (blocked.Code, blocked.Resp.GetRawText()));
        Assert.Empty((await c.CallAsync("chat.pullMyGroupsList")).Resp.EnumerateArray());
        Assert.Equal(200, (await c.CallAsync("groupManagemt.unblockGroup", id, "carol")).Code);
        Assert.Single((await c.CallAsync("groupManagemt.pullMyGroupsList")).Resp.EnumerateArray());
        Assert.Equal((403, id), Phrase(await c.CallAsync("chat.deleteGroup", id)));
        Assert.Equal((200, id), Phrase(await c.CallAsync("chat.exitFromGroup", id, "carol")));
        Assert.Equal((200, id), Phrase(await a.CallAsync("chat.deleteGroup", id)));
        Assert.Equal(
            (404, 0),
            ((await a.CallAsync("chat.pullMyGroupDetails", id)).Code, (await a.CallAsync("chat.pullMyGroupsList")).Resp.GetArrayLength()));
    }

    [Fact]
    public async Task GroupMethods_NotLoggedIn_400AsTextAtOnce()
    {
        await using var page = await browser.OpenAsync(backends.App.Address);
        await page.CallAsync("initialize", new { appId = "pid_x" }, ChatPage.Callback);

        foreach (var method in new[]
        {
            "createGroup", "pullMyGroupsList", "pullMyGroupDetails", "deleteGroup", "exitFromGroup", "blockGroup"
        })
        {
            var answer = await page.EvaluateAsync<string>(
                $"(() => {{ let got = 'nothing'; const cb = (...a) => got = JSON.stringify(a); CS.chat.{method}(...Array("
                + $"{(method is "createGroup" ? 3 : method is "pullMyGroupsList" ? 0 : method is "exitFromGroup" or "blockGroup" ? 2 : 1)}"
                + ").fill('x'), cb); return got; })()");
            Assert.Equal("""["400","User not logged in!"]""", answer);
        }
    }

    [Fact]
    public async Task Events_OfEveryChange_OthersHearThemAndTheActorDoesNot()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        await using var other = await browser.LogInAsync(trio.Users["alice"]);
        await other.WaitUntilLiveAsync();
        await Trio.ListenAsync(other);

        var id = await trio.CreateAsync("bob");
        await a.CallAsync("chat.addUsersToGroup", id, new[] { "carol" }, 1);
        await a.CallAsync("chat.addAdminsToGroup", id, new[] { "bob" });
        await a.CallAsync("chat.delAdminsToGroup", id, "bob");
        await a.CallAsync("chat.updateGroupInfo", "Renamed", id, "about", "pic.png");
        await c.CallAsync("chat.exitFromGroup", id, "carol");
        await a.CallAsync("chat.delUsersToGroupReq", id, "bob");
        await a.CallAsync("chat.deleteGroup", id);

        await Trio.HearsAsync(other, "GROUP-DELETED");
        await Trio.HearsAsync(b, "USER-DELETED");
        await Trio.HearsAsync(a, "USER-LEFT");
        await Trio.HearsAsync(c, "UPDATED-GROUP-INFO");
        string[] shared =
        [
            "USER-ADDED", "USER-ADDED", "USER-ASSIGNED-AS-ADMIN", "DISMISSED-AS-ADMIN-FROM-GROUP", "UPDATED-GROUP-INFO", "USER-LEFT",
            "USER-DELETED"
        ];
        Assert.Equal(["GROUP-CREATED", .. shared, "GROUP-DELETED"], await Trio.HeardAsync(other));
        Assert.Equal(shared, await Trio.HeardAsync(b));
        Assert.Equal(["USER-LEFT"], await Trio.HeardAsync(a));
        Assert.Equal(shared[1..5], await Trio.HeardAsync(c));

        var events = (await b.JsonAsync("group")).EnumerateArray().ToList();
        Assert.All(events, e => Assert.True(e.GetProperty("bound").GetBoolean()));
        Assert.Equal(
            $$"""{"description":"","profilePic":"","groupName":"Friends","groupID":"{{id}}","sGroupContacts":["carol"],"groupAdmins":["alice"]}""",
            events[1].GetProperty("payload").GetRawText());
        Assert.Equal(
            ["alice", "bob"], events[2].GetProperty("payload").GetProperty("groupAdmins").EnumerateArray().Select(x => x.GetString()));
        Assert.Equal(
            $$"""{"description":"about","profilePic":"pic.png","groupName":"Renamed","groupID":"{{id}}"}""",
            events[4].GetProperty("payload").GetRawText());
        Assert.Equal("carol", Assert.Single(events[5].GetProperty("payload").GetProperty("userWhoLeft").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task SendMessage_ToTheGroup_MembersGetItAndTheAuthorHearsOfThem()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        var id = await trio.CreateAsync("bob", "carol");

        var answer = await a.CallAsync("chat.sendMessage", id, "Hello all", 1, true, ChatPage.Callback, false);

        Assert.Equal((200, "OK"), (answer.Code, answer.Phrase));
        var sent = await a.WaitForEventAsync("SENT");
        var message = Text(answer.Returned, "id");
        Assert.Equal((message, id, id), (Text(sent, "id"), Text(sent, "remoteUser"), Text(sent, "groupid")));
        foreach (var page in new[] { b, c })
        {
            var heard = await page.WaitForEventAsync("NEW-MESSAGE");
            Assert.Equal(
                (id, "alice", "Hello all", message),
                (Text(heard, "remoteUser"), Text(heard, "chatInitiator"), Text(heard, "data"), Text(heard, "id")));
        }

        var delivered = await a.WaitForEventAsync("DELIVERED", "p.by === 'carol'");
        Assert.Equal((message, id, id), (Text(delivered, "id"), Text(delivered, "remoteUser"), Text(delivered, "groupid")));
        Assert.Equal(200, (await b.CallAsync("chat.sendReadReceipt", id, message, ChatPage.Callback, false, "alice")).Code);
        var read = await a.WaitForEventAsync("READ");
        Assert.Equal((message, id, "bob"), (Text(read, "id"), Text(read, "remoteUser"), Text(read, "by")));

        await c.CallAsync("chat.sendGroupMessage", id, "Hi", 1, 0);
        await a.WaitForEventAsync("NEW-MESSAGE", "p.chatInitiator === 'carol'");
        Assert.Single(await a.SettledAsync("NEW-MESSAGE"));
        Assert.Single(await a.SettledAsync("READ"));
        Assert.Empty(await a.SettledAsync("OWN-MESSAGE"));
    }

    [Fact]
    public async Task HistoryAndRecents_OfAGroup_HaveTheShapeOfTheDemo()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, _) = trio;
        var id = await trio.CreateAsync("bob", "carol");
        await a.CallAsync("chat.sendMessage", id, "mine", 1, true, ChatPage.Callback, false);
        await b.WaitForEventAsync("NEW-MESSAGE");
        await b.CallAsync("chat.sendMessage", id, "theirs", 1, true, ChatPage.Callback);
        await a.WaitForEventAsync("NEW-MESSAGE");
        await a.WaitForEventAsync("DELIVERED", "p.by === 'bob'");

        var page = await a.CallAsync("chat.getHistory", id, 100, 1);
        var history = page.Resp.GetProperty("history").EnumerateArray().ToList();
        Assert.Equal((200, 2, 2), (page.Code, page.Resp.GetProperty("totalMessages").GetInt32(), history.Count));
        Assert.Equal((id, "alice", "theirs"), (Text(history[0], "src"), Text(history[0], "dst"), Text(history[0], "data")));
        Assert.Equal(
            ("alice", id, "mine", "DELIVERED"),
            (Text(history[1], "src"), Text(history[1], "dst"), Text(history[1], "data"), Text(history[1], "messageStatus")));
        var recent = Assert.Single((await a.CallAsync("contacts.getRecentContacts", 20, 1)).Resp.GetProperty("list").EnumerateArray());
        Assert.Equal(
            ("GROUP-CHAT", id, "alice"),
            (Text(recent, "messageType"), Text(recent.GetProperty("chat"), "src"), Text(recent.GetProperty("chat"), "dst")));
        Assert.Equal(200, (await a.CallAsync("contacts.getPresence", (object)new[] { id, "bob" })).Code);
    }

    [Fact]
    public async Task SendIsTyping_InAGroup_OthersHearWhoAndWhere()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, _) = trio;
        var id = await trio.CreateAsync("bob", "carol");

        // The demo does this too: the group takes the place of the user.
        await a.EvaluateAsync($"CS.chat.sendIsTyping('{id}', '')");

        var typing = await b.WaitForEventAsync("IS-COMPOSING");
        Assert.Equal(("alice", id), (Text(typing, "remoteUser"), Text(typing, "groupId")));
        Assert.Empty(await a.SettledAsync("IS-COMPOSING"));
    }

    [Fact]
    public async Task AddedLater_WhileMessagesCome_SeesEverythingFromThenOnAndNothingBefore()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        var id = await trio.CreateAsync("bob");
        for (var i = 0; i < 5; i++)
        {
            await a.CallAsync("chat.sendMessage", id, $"before {i}", 1, true, ChatPage.Callback, false);
        }

        await a.CallAsync("chat.addUsersToGroup", id, new[] { "carol" }, 1);
        for (var i = 0; i < 5; i++)
        {
            await b.CallAsync("chat.sendMessage", id, $"after {i}", 1, true, ChatPage.Callback, false);
        }

        await c.WaitForEventAsync("NEW-MESSAGE", "p.data === 'after 4'");
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"after {i}"), (await c.SettledAsync("NEW-MESSAGE")).Select(m => Text(m, "data")));

        await a.CallAsync("chat.delUsersToGroupReq", id, "carol");
        await a.CallAsync("chat.sendMessage", id, "without carol", 1, true, ChatPage.Callback, false);
        await b.WaitForEventAsync("NEW-MESSAGE", "p.data === 'without carol'");
        Assert.Equal(5, (await c.SettledAsync("NEW-MESSAGE")).Count);
        var refused = await c.CallAsync("chat.sendMessage", id, "still here?", 1, true, ChatPage.Callback, false);
        Assert.Equal((403, "Forbiddon"), (refused.Code, refused.Phrase));
    }

    [Fact]
    public async Task Refusals_NumbersOfTheOriginal()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, _) = trio;
        var id = await trio.CreateAsync("bob");

        Assert.Equal((403, id), Phrase(await b.CallAsync("chat.delUsersToGroupReq", id, "alice")));
        Assert.Equal(404, (await a.CallAsync("chat.addUsersToGroup", id, new[] { "nobody" }, 1)).Code);
        Assert.Equal((400, "Bad Request"), Phrase(await a.CallAsync("chat.createGroup", "", "", null)));
        Assert.Equal(404, (await a.CallAsync("chat.sendMessage", "nogroup", "x", 1, true, ChatPage.Callback, false)).Code);
        var many = Enumerable.Range(0, 1_000).Select(n => $"u{n}").ToArray();
        Assert.Equal(703, (await a.CallAsync("chat.addUsersToGroup", id, many, many.Length)).Code);
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static (int Code, string Phrase) Phrase(CallbackAnswer answer) => (answer.Code, answer.Phrase);

}
