using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.CallbackApi;

/// <summary>Messages in groups, in three browsers and more.</summary>
public sealed class GroupMessageTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task SendMessage_SixthArgument_DecidesBetweenUserAndGroup()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        var id = await trio.CreateAsync("bob", "carol");

        // With false, the recipient must be a group, and a user is not found. Without the flag, or with true, the id decides.
        foreach (var (text, to, flag, code) in new (string, string, object?[], int)[]
        {
            ("false, group", id, [false], 200), ("false, user", "bob", [false], 404), ("none, group", id, [], 200),
            ("none, user", "bob", [], 200),
            ("true, user", "bob", [true], 200), ("1, user", "bob", [1], 200), ("null, group", id, [null], 200),
            ("true, group", id, [true], 200),
        })
        {
            var answer = await a.CallAsync("chat.sendMessage", [to, text, 1, true, ChatPage.Callback, .. flag]);
            Assert.Equal((text, code), (text, answer.Code));
            var sent = await a.WaitForEventAsync("SENT", $"p.id === '{Text(answer.Returned, "id")}'");
            Assert.Equal((to, code), (Text(sent, "remoteUser"), sent.GetProperty("status").GetInt32()));
            Assert.Equal(to == id || flag is [false], sent.TryGetProperty("groupid", out _));
        }

        // There is no order between the conversation with a user and the one with a group.
        await b.WaitForEventAsync("NEW-MESSAGE", "p.data === '1, user'");
        await b.WaitForEventAsync("NEW-MESSAGE", "p.data === 'true, group'");
        await c.WaitForEventAsync("NEW-MESSAGE", "p.data === 'true, group'");
        var heard = (await b.SettledAsync("NEW-MESSAGE")).ToDictionary(
            m => Text(m, "data"), m => (Text(m, "remoteUser"), m.TryGetProperty("chatInitiator", out _)));
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

        var answer = await a.CallAsync("chat.sendMessage", id, "<b>Hello</b>", 2, true, ChatPage.Callback, false);

        var heard = await b.WaitForEventAsync("NEW-MESSAGE");
        Assert.Equal(
            ["remoteUser", "chatInitiator", "data", "timestamp", "id", "sequence", "size", "chattype", "contenttype"],
            heard.EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            (id, "alice", "<b>Hello</b>", "html", 12),
            (
                Text(heard, "remoteUser"),
                Text(heard, "chatInitiator"),
                Text(heard, "data"),
                Text(heard, "chattype"),
                heard.GetProperty("size").GetInt32()));
        Assert.Equal(answer.Returned.GetProperty("sentTime").GetInt64(), heard.GetProperty("timestamp").GetInt64(), 1_000d);
        Assert.True(await b.EvaluateAsync<bool>("events.filter(e => e.source === 'chat').every(e => e.bound)"));
    }

    [Fact]
    public async Task Pending_MemberWasAway_EverythingComesOnceInOrder()
    {
        await using var trio = await Trio.MeetAsync(backends, browser);
        var (a, b, c) = trio;
        var id = await trio.CreateAsync("bob", "carol");
        await Trio.SendAsync(a, id, "before");
        // Messages that are not known to be delivered would come once more.
        await a.WaitForEventAsync("DELIVERED", "p.by === 'carol'");
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
        Assert.Equal(
            (1, "with carol"),
            (
                history.GetProperty("totalMessages").GetInt32(),
                Text(Assert.Single(history.GetProperty("history").EnumerateArray()), "data")));
        var recent = Assert.Single((await c.CallAsync("contacts.getRecentContacts", 20, 1)).Resp.GetProperty("list").EnumerateArray());
        Assert.Equal(("GROUP-CHAT", "with carol"), (Text(recent, "messageType"), Text(recent.GetProperty("chat"), "data")));

        // What known apps do next must do no harm.
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
        Assert.Equal(
            (id, "Friends", "alice"),
            (
                Text(seen.GetProperty("group"), "groupid"),
                Text(seen.GetProperty("group"), "groupname"),
                Text(seen.GetProperty("group"), "groupcreator")));
        Assert.Equal(
            (0, 0, 200),
            (
                seen.GetProperty("known").GetArrayLength(),
                seen.GetProperty("presence").GetArrayLength(),
                seen.GetProperty("pending").GetInt32()));
        var message = Assert.Single(seen.GetProperty("history").EnumerateArray());
        Assert.Equal((id, "bob", "Hello"), (Text(message, "src"), Text(message, "dst"), Text(message, "data")));
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
