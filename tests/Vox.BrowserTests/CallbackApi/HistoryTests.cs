using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.CallbackApi;

/// <summary>Histories, recent conversations and pending messages.</summary>
public sealed class HistoryTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task GetHistory_EntriesOfBoth_HaveTheDocumentedShape()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Alice.CallAsync("chat.sendMessage", "bob", "from alice", 1, true, ChatPage.Callback, true);
        await couple.Bob.WaitForEventAsync("NEW-MESSAGE");
        await couple.Bob.CallAsync("chat.sendMessage", "alice", "from bob", 2, true, ChatPage.Callback, true);
        var id = (await couple.Alice.WaitForEventAsync("NEW-MESSAGE")).GetProperty("id").GetString()!;
        await couple.Alice.CallAsync("chat.sendReadReceipt", "bob", id, ChatPage.Callback, true, "");
        await couple.Bob.WaitForEventAsync("READ");

        var answer = await couple.Bob.CallAsync("chat.getHistory", "alice", 100, 1);

        Assert.Equal(200, answer.Code);
        Assert.Equal((2, 100), (answer.Resp.GetProperty("totalMessages").GetInt32(), answer.Resp.GetProperty("pageSize").GetInt32()));
        var newest = answer.Resp.GetProperty("history")[0];
        Assert.Equal(
            ["id", "src", "dst", "sequenceNo", "sentTimestamp", "chatType", "reportsRequested", "data", "contentType", "thumbUrl",
                "messageStatus", "deliveredTimestamp", "readTimestamp"],
            newest.EnumerateObject().Select(p => p.Name));
        Assert.Equal((id, "bob", "alice", "html", "from bob", "READ"), (
            Text(newest, "id"), Text(newest, "src"), Text(newest, "dst"), Text(newest, "chatType"), Text(newest, "data"),
            Text(newest, "messageStatus")));
        Assert.True(newest.GetProperty("deliveredTimestamp").GetInt64() > 0 && newest.GetProperty("readTimestamp").GetInt64() > 0);
        var oldest = answer.Resp.GetProperty("history")[1];
        Assert.Equal(
            ("alice", "bob", "Text", "from alice"),
            (Text(oldest, "src"), Text(oldest, "dst"), Text(oldest, "chatType"), Text(oldest, "data")));
    }

    [Fact]
    public async Task GetHistory_Pages_CountFromOneAndZeroIsTheFirst()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await project.CreateUserAsync("bob");
        for (var i = 1; i <= 7; i++)
        {
            await alice.SendChatAsync("bob", $"text {i}");
        }

        await using var page = await browser.LogInAsync(bob);

        Assert.Equal("text 7,text 6,text 5", await TextsAsync(page, 3, 1));
        Assert.Equal("text 7,text 6,text 5", await TextsAsync(page, 3, 0));
        Assert.Equal("text 4,text 3,text 2", await TextsAsync(page, 3, 2));
        Assert.Equal("text 1", await TextsAsync(page, 3, 3));
        Assert.Equal("", await TextsAsync(page, 3, 4));
    }

    [Fact]
    public async Task GetHistory_NothingSaidOrNobodyThere_EmptyList()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");
        await using var page = await browser.LogInAsync(alice);

        var nothing = await page.CallAsync("chat.getHistory", "bob", 100, 1);
        var nobody = await page.CallAsync("chat.getHistory", "nobody", 100, 1);

        Assert.Equal((200, 404), (nothing.Code, nobody.Code));
        Assert.All([nothing, nobody], a => Assert.Equal("""{"totalMessages":0,"pageSize":100,"history":[]}""", a.Resp.GetRawText()));
    }

    [Fact]
    public async Task GetHistory_WithoutARecipient_IsOfTheWholeAccount()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await project.CreateUserAsync("bob");
        await project.CreateUserAsync("carol");
        await alice.SendChatAsync("bob", "one");
        await alice.SendChatAsync("carol", "two");
        await bob.SendChatAsync("alice", "three");
        await using var page = await browser.LogInAsync(alice);

        var answer = await page.CallAsync("chat.getHistory", "", 2, 1);

        Assert.Equal(3, answer.Resp.GetProperty("totalMessages").GetInt32());
        Assert.Equal(["three", "two"], answer.Resp.GetProperty("history").EnumerateArray().Select(m => Text(m, "data")));
    }

    [Theory]
    [InlineData("contacts.getRecentContacts")]
    [InlineData("chat.getRecentContacts")]
    public async Task GetRecentContacts_OnePerConversation_NewestFirst(string method)
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await project.CreateUserAsync("bob");
        await project.CreateUserAsync("carol");
        await alice.SendChatAsync("bob", "one");
        await alice.SendChatAsync("carol", "two");
        await bob.SendChatAsync("alice", "three");
        await using var page = await browser.LogInAsync(alice);

        var answer = await page.CallAsync(method, 20, 1);

        Assert.Equal(
            (200, 2, 20),
            (answer.Code, answer.Resp.GetProperty("totalMessages").GetInt32(), answer.Resp.GetProperty("pageSize").GetInt32()));
        var list = answer.Resp.GetProperty("list").EnumerateArray().ToList();
        Assert.All(list, e => Assert.Equal("CHAT", Text(e, "messageType")));
        Assert.Equal([("bob", "alice", "three"), ("alice", "carol", "two")],
            list.Select(e => e.GetProperty("chat")).Select(c => (Text(c, "src"), Text(c, "dst"), Text(c, "data"))));
        Assert.Equal(
            ["id", "src", "dst", "sequenceNo", "sentTimestamp", "chatType", "reportsRequested", "data", "contentType", "thumbUrl",
                "messageStatus", "deliveredTimestamp", "readTimestamp"],
            list[0].GetProperty("chat").EnumerateObject().Select(p => p.Name));
        var second = await page.CallAsync(method, 1, 2);
        Assert.Equal("two", Text(Assert.Single(second.Resp.GetProperty("list").EnumerateArray()).GetProperty("chat"), "data"));
    }

    [Fact]
    public async Task GetRecentContacts_AfterALiveMessage_HasIt()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        Assert.Empty((await couple.Bob.CallAsync("contacts.getRecentContacts", 20, 1)).Resp.GetProperty("list").EnumerateArray());

        await couple.Alice.CallAsync("chat.sendMessage", "bob", "new", 1, true, ChatPage.Callback, true);
        await couple.Bob.WaitForEventAsync("NEW-MESSAGE");

        foreach (var page in (ChatPage[])[couple.Alice, couple.Bob])
        {
            var list = (await page.CallAsync("contacts.getRecentContacts", 20, 1)).Resp.GetProperty("list");
            Assert.Equal("new", Text(Assert.Single(list.EnumerateArray()).GetProperty("chat"), "data"));
        }
    }

    [Fact]
    public async Task Pending_RecipientWasOffline_ComesAtLogInOnceAndInOrder()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await project.CreateUserAsync("bob");
        for (var i = 1; i <= 25; i++)
        {
            await alice.SendChatAsync("bob", $"text {i}");
        }

        await using var page = await browser.LogInAsync(bob);
        Assert.Equal((200, "OK"), await page.CallAsync("chat.getPendingChat") is { } a ? (a.Code, a.Phrase) : default);

        await page.WaitForAsync("events.length >= 25");
        Assert.Equal(
            Enumerable.Range(1, 25).Select(i => $"text {i}"),
            (await page.SettledAsync("NEW-MESSAGE")).Select(p => Text(p, "data")));

        // Messages count as delivered as soon as the server knows. Another log-in does not bring them again.
        await UntilDeliveredAsync(alice, 25);
        await page.ReloadAsync();
        await page.LogInAsync(bob);
        await page.CallAsync("chat.getPendingChat");
        Assert.Empty(await page.SettledAsync("NEW-MESSAGE"));
    }

    private static async Task UntilDeliveredAsync(TestUser author, int sequence)
    {
        var session = await author.LogInAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        for (var delivered = 0; delivered < sequence; await Task.Delay(50, limit.Token))
        {
            var conversations = await session.GetJsonAsync("/api/v1/conversations");
            delivered = conversations.GetProperty("conversations")[0].GetProperty("other").GetProperty("delivered").GetInt32();
        }
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static async Task<string> TextsAsync(ChatPage page, int size, int offset)
    {
        var answer = await page.CallAsync("chat.getHistory", "alice", size, offset);
        Assert.Equal(7, answer.Resp.GetProperty("totalMessages").GetInt32());
        return string.Join(',', answer.Resp.GetProperty("history").EnumerateArray().Select(m => Text(m, "data")));
    }
}
