using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.CallbackApi;

/// <summary>Who has received and read the messages of groups.</summary>
public sealed class GroupReceiptTests(Backends backends, Browser browser)
{
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
    public async Task Receipts_AuthorWasAway_ComeWhenTheyAreBack()
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

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
