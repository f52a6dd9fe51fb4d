using System.Text.Json;
using Vox.Tests.Files;
using Vox.Tests.Fixture;

namespace Vox.Tests.CallbackApi;

/// <summary>What is said in groups, in three browsers and more.</summary>
public sealed class GroupMessageTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task SendMessage_SixthArgument_DecidesBetweenUserAndGroup()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        var id = await trio.CreateAsync("bob", "carol");

        // false: a group, and a user is none; left out, or true: what the recipient is.
        foreach (var (text, to, flag, code) in new (string, string, object?[], int)[]
        {
            ("false, group", id, [false], 200), ("false, user", "bob", [false], 404), ("none, group", id, [], 200), ("none, user", "bob", [], 200),
            ("true, user", "bob", [true], 200), ("1, user", "bob", [1], 200), ("null, group", id, [null], 200), ("true, group", id, [true], 200),
        })
        {
            var answer = await a.CallAsync("chat.sendMessage", [to, text, 1, 0, ChatPage.Callback, .. flag]);
            Assert.Equal((text, code), (text, answer.Code));
            var sent = await a.WaitForEventAsync("SENT", $"p.id === '{Text(answer.Returned, "id")}'");
            Assert.Equal((to, code), (Text(sent, "remoteUser"), sent.GetProperty("status").GetInt32()));
            Assert.Equal(to == id || flag is [false], sent.TryGetProperty("groupid", out _));
        }

        await b.WaitForEventAsync("NEW-MESSAGE", "p.data === '1, user'");
        await c.WaitForEventAsync("NEW-MESSAGE", "p.data === 'true, group'");
        var heard = (await b.SettledAsync("NEW-MESSAGE")).ToDictionary(m => Text(m, "data"), m => (Text(m, "remoteUser"), m.TryGetProperty("chatInitiator", out _)));
        Assert.All(heard, m => Assert.Equal(m.Key.EndsWith("group", StringComparison.Ordinal) ? (id, true) : ("alice", false), m.Value));
        Assert.Equal(7, heard.Count);
        Assert.Equal(4, (await c.SettledAsync("NEW-MESSAGE")).Count);
    }

    [Fact]
    public async Task NewMessage_OfAGroup_HasTheKeysOfTheOriginal()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, _) = trio;
        var id = await trio.CreateAsync("bob", "carol");

        var answer = await a.CallAsync("chat.sendMessage", id, "<b>Hello</b>", 2, 0, ChatPage.Callback, false);

        var heard = await b.WaitForEventAsync("NEW-MESSAGE");
        Assert.Equal(
            ["remoteUser", "chatInitiator", "data", "timestamp", "id", "sequence", "size", "chattype", "contenttype"],
            heard.EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            (id, "alice", "<b>Hello</b>", "html", 12), (Text(heard, "remoteUser"), Text(heard, "chatInitiator"), Text(heard, "data"), Text(heard, "chattype"), heard.GetProperty("size").GetInt32()));
        Assert.Equal(answer.Returned.GetProperty("sentTime").GetInt64(), heard.GetProperty("timestamp").GetInt64(), 1_000d);
        Assert.True(await b.EvaluateAsync<bool>("events.filter(e => e.source === 'chat').every(e => e.bound)"));
    }

    [Fact]
    public async Task SendFile_ToAGroup_AllMembersSeeThePicture()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        var id = await trio.CreateAsync("bob", "carol");
        foreach (var page in trio.Pages)
        {
            await page.EvaluateAsync(FileTests.MakePicture);
        }

        await a.EvaluateAsync($$"""
            async () => {
              const file = await picture(800, 400);
              window.returned = CS.chat.sendFile('{{id}}', CS.chat.ChatFileType.IMAGE, file.type, undefined, file, 0, CS.appId, (code, resp) => window.answer = { code, resp });
            }
            """);

        await a.WaitForAsync("window.answer", 30);
        var answer = await a.JsonAsync("({ ...answer, returned })");
        var key = Text(answer.GetProperty("returned"), "url");
        Assert.Equal((200, key), (answer.GetProperty("code").GetInt32(), Text(answer.GetProperty("resp"), "url")));
        var sent = await a.WaitForEventAsync("SENT");
        Assert.Equal((id, id), (Text(sent, "remoteUser"), Text(sent, "groupid")));
        foreach (var page in new[] { b, c })
        {
            var heard = await page.WaitForEventAsync("NEW-MESSAGE");
            Assert.Equal(
                (id, "alice", key, "thumb_" + key, "image"),
                (Text(heard, "remoteUser"), Text(heard, "chatInitiator"), Text(heard, "data"), Text(heard, "thumbnail"), Text(heard, "chattype")));
            Assert.Equal("200,100", await page.EvaluateAsync<string>($"show(CS.chat.getMediaURLPrefix() + 'thumb_{key}').then(String)"));
            Assert.Equal("800,400", await page.EvaluateAsync<string>(
                $"new Promise(resolve => CS.chat.getMediaURLPrefix('{key}', CS.appId, (code, url) => resolve(url))).then(show).then(String)"));
        }

        await c.EvaluateAsync($"async () => CS.chat.sendPhoto('{id}', await picture(60, 40), code => window.code = code)");
        await c.WaitForAsync("window.code === 200", 30);
        Assert.Equal("carol", Text(await b.WaitForEventAsync("NEW-MESSAGE", "p.chatInitiator === 'carol'"), "chatInitiator"));
        var history = (await b.CallAsync("chat.getHistory", id, 10, 1)).Resp.GetProperty("history");
        Assert.Equal([("carol", "image"), ("alice", "image")], history.EnumerateArray().Select(m => (Text(m, "chatInitiator"), Text(m, "chatType"))));
        Assert.Equal("thumb_" + key, Text(history[1], "thumbnail"));
    }

    [Fact]
    public async Task GroupPhoto_AsAFileOrItsKey_OthersSeeASquarePicture()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, _) = trio;
        await a.EvaluateAsync(FileTests.MakePicture);
        await b.EvaluateAsync(FileTests.MakePicture);

        await a.EvaluateAsync("async () => CS.chat.createGroup('Painters', 'in oil', await picture(900, 500), code => window.created = code)");
        await a.WaitForAsync("window.created === 200", 30);
        var id = Assert.Single(await Trio.GroupsAsync(a));
        Assert.Equal(200, (await a.CallAsync("chat.addUsersToGroup", id, new[] { "bob" }, 1)).Code);

        var first = Text(await Trio.DetailsAsync(b, id), "groupprofilepic");
        Assert.Equal("500,500", await ShowAsync(first));
        Assert.Equal("200,200", await ShowAsync("thumb_" + first));
        Assert.Equal(first, Text(await JoinedAsync(b), "profilePic"));

        // By a key, as the original has it.
        var second = await a.EvaluateAsync<string>("picture(300, 640).then(file => new Promise(resolve => CS.chat.uploadPhoto(file, (code, key) => resolve(key))))");
        Assert.Equal(200, (await a.CallAsync("chat.updateGroupInfo", "Painters", id, "in oil", second)).Code);
        await Trio.HearsAsync(b, "UPDATED-GROUP-INFO");
        Assert.Equal(second, await b.EvaluateAsync<string>("group.find(e => e.type === 'UPDATED-GROUP-INFO').payload.profilePic"));
        Assert.Equal("300,300", await ShowAsync(second));

        // An empty one leaves it; what is no picture is refused, and nothing has changed.
        Assert.Equal(200, (await a.CallAsync("chat.updateGroupInfo", "Sculptors", id, "in stone", "")).Code);
        await a.EvaluateAsync($"CS.chat.updateGroupInfo('Writers', '{id}', 'in ink', new File(['no picture'], 'text.png', {{ type: 'image/png' }}), code => window.refused = code)");
        await a.WaitForAsync("window.refused", 30);
        Assert.Equal(422, await a.EvaluateAsync<int>("window.refused"));
        var details = await Trio.DetailsAsync(b, id);
        Assert.Equal(("Sculptors", "in stone", second), (Text(details, "groupname"), Text(details, "groupdescription"), Text(details, "groupprofilepic")));

        Task<string> ShowAsync(string key) => b.EvaluateAsync<string>($"show(CS.chat.getMediaURLPrefix() + '{key}?' + Date.now()).then(String)");

        async Task<JsonElement> JoinedAsync(ChatPage page)
        {
            await Trio.HearsAsync(page, "USER-ADDED");
            return (await page.JsonAsync("group.find(e => e.type === 'USER-ADDED')")).GetProperty("payload");
        }
    }

    [Fact]
    public async Task Receipts_OfEveryMember_OnceEachToTheAuthorAlone()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        var id = await trio.CreateAsync("bob", "carol");
        var first = await Trio.SendAsync(a, id, "one");
        var second = await Trio.SendAsync(a, id, "two");
        await b.WaitForEventAsync("NEW-MESSAGE", "p.data === 'two'");
        await c.WaitForEventAsync("NEW-MESSAGE", "p.data === 'two'");

        Assert.Equal(200, (await b.CallAsync("chat.sendGroupDelivered", "alice", second, id, 0)).Code);
        Assert.Equal(404, (await b.CallAsync("chat.sendGroupDelivered", "alice", "no-such-message", id, 0)).Code);
        Assert.Equal(200, (await b.CallAsync("chat.sendReadReceipt", id, first, ChatPage.Callback, false, "alice")).Code);
        Assert.Equal(200, (await b.CallAsync("chat.sendReadReceipt", id, second)).Code);
        Assert.Equal(200, (await b.CallAsync("chat.sendReadReceipt", id, second, ChatPage.Callback, false, "")).Code);
        Assert.Equal(200, (await c.CallAsync("chat.sendRead", id, second)).Code);

        foreach (var type in new[] { "DELIVERED", "READ" })
        {
            foreach (var (message, by) in new[] { (first, "bob"), (second, "bob"), (first, "carol"), (second, "carol") })
            {
                var receipt = await a.WaitForEventAsync(type, $"p.id === '{message}' && p.by === '{by}'");
                Assert.Equal(["id", "time", "remoteUser", "groupid", "by"], receipt.EnumerateObject().Select(p => p.Name));
                Assert.Equal((id, id), (Text(receipt, "remoteUser"), Text(receipt, "groupid")));
                Assert.True(receipt.GetProperty("time").GetInt64() > 0);
            }

            Assert.Equal(4, (await a.SettledAsync(type)).Count);
            Assert.Empty(await b.SettledAsync(type));
        }
    }

    [Fact]
    public async Task Receipts_AuthorWasAway_ComeWhenHeIsBack()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        var id = await trio.CreateAsync("bob", "carol");
        await b.Page.GotoAsync("about:blank");
        await c.Page.GotoAsync("about:blank");
        var message = await Trio.SendAsync(a, id, "Who is there?");
        await a.Page.Context.SetOfflineAsync(true);
        await a.WaitForAsync("CS.connectionState !== 1", 60);
        foreach (var (page, user) in new[] { (b, "bob"), (c, "carol") })
        {
            await page.Page.GotoAsync(new Uri(page.App, "/sdk-test.html").ToString());
            await page.LogInAsync(trio.Users[user]);
            await page.WaitForEventAsync("NEW-MESSAGE", seconds: 30);
        }

        Assert.Equal(200, (await b.CallAsync("chat.sendReadReceipt", id, message, ChatPage.Callback, false, "alice")).Code);
        Assert.Equal(200, (await c.CallAsync("chat.sendDelivered", id, message, 0)).Code);
        await a.Page.Context.SetOfflineAsync(false);

        await a.WaitForEventAsync("DELIVERED", $"p.id === '{message}' && p.by === 'carol'", 60);
        await a.WaitForEventAsync("READ", $"p.id === '{message}' && p.by === 'bob'", 60);
        Assert.Single(await a.SettledAsync("READ"));
        Assert.Equal(2, (await a.SettledAsync("DELIVERED")).Count);
    }

    [Fact]
    public async Task Pending_MemberWasAway_EverythingComesOnceInOrder()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        var id = await trio.CreateAsync("bob", "carol");
        await Trio.SendAsync(a, id, "before");
        await c.WaitForEventAsync("NEW-MESSAGE");
        await c.Page.GotoAsync("about:blank");
        for (var i = 0; i < 12; i++)
        {
            await Trio.SendAsync(i % 2 == 0 ? a : b, id, $"text {i}");
        }

        await c.Page.GotoAsync(new Uri(c.App, "/sdk-test.html").ToString());
        await c.LogInAsync(trio.Users["carol"]);
        await c.WaitForEventAsync("NEW-MESSAGE", "p.data === 'text 11'", 30);
        Assert.Equal(200, (await c.CallAsync("chat.getPendingChat")).Code);

        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"text {i}"), (await c.SettledAsync("NEW-MESSAGE")).Select(m => Text(m, "data")));
    }

    [Fact]
    public async Task SecondDevice_OfTheAuthor_SeesWhatTheFirstSends()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, _) = trio;
        var id = await trio.CreateAsync("bob", "carol");
        await using var second = await browser.LogInAsync(trio.Users["alice"]);
        await second.WaitUntilLiveAsync();

        var message = await Trio.SendAsync(a, id, "from the first");
        var own = await second.WaitForEventAsync("OWN-MESSAGE");
        Assert.Equal((id, "alice", message), (Text(own, "remoteUser"), Text(own, "chatInitiator"), Text(own, "id")));
        await b.WaitForEventAsync("NEW-MESSAGE");
        Assert.Equal(200, (await b.CallAsync("chat.sendReadReceipt", id, message, ChatPage.Callback, false, "alice")).Code);

        // The author's devices all hear who has read.
        await a.WaitForEventAsync("READ", $"p.id === '{message}'");
        await second.WaitForEventAsync("READ", $"p.id === '{message}'");
        await Trio.SendAsync(second, id, "from the second");
        await a.WaitForEventAsync("OWN-MESSAGE", "p.data === 'from the second'");
        Assert.Single(await second.SettledAsync("OWN-MESSAGE"));
        Assert.Single(await a.SettledAsync("OWN-MESSAGE"));
        Assert.Empty(await a.SettledAsync("NEW-MESSAGE"));
    }

    [Fact]
    public async Task Left_Member_KeepsWhatHeSawAndSeesNothingMore()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        var id = await trio.CreateAsync("bob", "carol");
        await Trio.SendAsync(a, id, "with carol");
        await c.WaitForEventAsync("NEW-MESSAGE");

        var left = await c.CallAsync("chat.exitFromGroup", id, "carol");
        Assert.Equal((200, id), (left.Code, left.Resp.GetString()));
        await Trio.SendAsync(b, id, "without carol");
        await a.WaitForEventAsync("NEW-MESSAGE", "p.data === 'without carol'");

        Assert.Single(await c.SettledAsync("NEW-MESSAGE"));
        var history = (await c.CallAsync("chat.getHistory", id, 100, 1)).Resp;
        Assert.Equal((1, "with carol"), (history.GetProperty("totalMessages").GetInt32(), Text(Assert.Single(history.GetProperty("history").EnumerateArray()), "data")));
        var recent = Assert.Single((await c.CallAsync("contacts.getRecentContacts", 20, 1)).Resp.GetProperty("list").EnumerateArray());
        Assert.Equal(("GROUP-CHAT", "with carol"), (Text(recent, "messageType"), Text(recent.GetProperty("chat"), "data")));

        // What known apps do next must not harm.
        var details = await c.CallAsync("chat.pullMyGroupDetails", id);
        Assert.Equal((403, id, 0), (details.Code, Text(details.Resp, "groupid"), details.Resp.GetProperty("admins").GetArrayLength()));
        Assert.Empty(await Trio.GroupsAsync(c));
        Assert.Equal(200, (await c.CallAsync("chat.exitFromGroup", id, "carol")).Code);
        Assert.Equal(200, (await b.CallAsync("chat.blockGroup", id, "bob")).Code);
        Assert.Contains((await b.CallAsync("chat.pullMyGroupDetails", id)).Code, (int[])[200, 403]);
        await Trio.SendAsync(a, id, "without both");
        Assert.DoesNotContain(await b.SettledAsync("NEW-MESSAGE"), m => Text(m, "data") == "without both");
    }

    [Fact]
    public async Task Typing_InEveryForm_MembersHearStrangersDoNot()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        var id = await trio.CreateAsync("bob");

        await a.EvaluateAsync($"CS.chat.sendIsTyping('', '{id}')");
        Assert.Equal(("alice", id), Typing(await b.WaitForEventAsync("IS-COMPOSING")));
        await b.EvaluateAsync($"CS.chat.sendIsTyping('alice', '{id}')");
        Assert.Equal(("bob", id), Typing(await a.WaitForEventAsync("IS-COMPOSING")));
        await c.EvaluateAsync($"CS.chat.sendIsTyping('{id}', '')");
        await c.EvaluateAsync("CS.chat.sendIsTyping('alice', '')");
        Assert.Equal(("carol", ""), Typing(await a.WaitForEventAsync("IS-COMPOSING", "p.remoteUser === 'carol'")));

        Assert.DoesNotContain(await b.SettledAsync("IS-COMPOSING"), p => Text(p, "remoteUser") == "carol");
        Assert.Empty(await c.SettledAsync("IS-COMPOSING"));

        static (string, string) Typing(JsonElement payload) => (Text(payload, "remoteUser"), Text(payload, "groupId"));
    }

    /// <summary>The order of a known app's first calls, inside the callback of the log-in, and with its habit of throwing there.</summary>
    [Fact]
    public async Task LogIn_AsAKnownAppDoes_GroupsDetailsRecentsAndHistory()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, _) = trio;
        var id = await trio.CreateAsync("bob", "carol");
        await Trio.SendAsync(a, id, "Hello");
        await b.WaitForEventAsync("NEW-MESSAGE");
        await b.ReloadAsync();

        await b.EvaluateAsync("""
            project => CS.initialize({ appId: project }, () => CS.login("bob", "secret", () => {
              window.seen = {};
              CS.chat.pullMyGroupsList((code, list) => list.forEach(id => CS.chat.pullMyGroupDetails(id, (code, group) => {
                seen.group = group;
                throw new TypeError("not yet among the recents");
              })));
              CS.contacts.getRecentContacts(20, 1, (code, recents) => {
                const { src, dst } = recents.list[0].chat;
                const key = src === "bob" ? dst : src;
                CS.contacts.isAppContacts([key], (code, known) => seen.known = known);
                CS.contacts.getPresence([key], (code, presence) => seen.presence = presence);
                CS.chat.getHistory(key, 100, 1, (code, page) => CS.call.getHistory(key, 100, 1, () => seen.history = page.history));
              });
              CS.chat.getPendingChat(code => seen.pending = code);
            }))
            """, trio.Project.Id);

        await b.WaitForAsync("window.seen && seen.group && seen.known && seen.presence && seen.history && seen.pending", 30);
        var seen = await b.JsonAsync("seen");
        Assert.Equal((id, "Friends", "alice"), (Text(seen.GetProperty("group"), "groupid"), Text(seen.GetProperty("group"), "groupname"), Text(seen.GetProperty("group"), "groupcreator")));
        Assert.Equal((0, 0, 200), (seen.GetProperty("known").GetArrayLength(), seen.GetProperty("presence").GetArrayLength(), seen.GetProperty("pending").GetInt32()));
        var message = Assert.Single(seen.GetProperty("history").EnumerateArray());
        Assert.Equal((id, "bob", "Hello"), (Text(message, "src"), Text(message, "dst"), Text(message, "data")));
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
