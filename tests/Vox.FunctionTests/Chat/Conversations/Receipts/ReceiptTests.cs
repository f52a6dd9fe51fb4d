using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.Receipts;

public sealed class ReceiptTests(Backends backends)
{
    [Fact]
    public async Task SendReceipts_Delivered_AuthorHearsAndHistoryShowsTheTime()
    {
        var (alice, bob) = await PairAsync();
        await using var live = await alice.ConnectAsync();
        var sent = await alice.SendMessageAsync("bob", "one");
        var conversation = sent.GetProperty("conversation").GetString()!;

        var result = await bob.PostJsonAsync("/api/v1/receipts", new { receipts = new[] { new { conversation, delivered = 1 } } });

        var heard = await live.NextAsync("receipt");
        Assert.Equal(("bob", "bob", 1, 0), (Text(heard, "by"), Text(heard, "with"), Number(heard, "delivered"), Number(heard, "read")));
        Assert.Equal(1, Number(result.GetProperty("results")[0].GetProperty("own"), "delivered"));
        var message = (await alice.GetJsonAsync("/api/v1/messages?with=bob")).GetProperty("messages")[0];
        Assert.Equal(heard.GetProperty("deliveredAt").GetInt64(), message.GetProperty("deliveredAt").GetInt64());
        Assert.False(message.TryGetProperty("readAt", out _));
    }

    [Fact]
    public async Task SendReceipts_Read_ImpliesDeliveredAndEmptiesUnread()
    {
        var (alice, bob) = await PairAsync();
        var conversation = "";
        for (var i = 0; i < 3; i++)
        {
            conversation = (await alice.SendMessageAsync("bob", $"m{i}")).GetProperty("conversation").GetString()!;
        }

        Assert.Equal(3, Number(await ConversationAsync(bob), "unread"));
        Assert.Equal(0, Number(await ConversationAsync(alice), "unread"));

        await bob.PostJsonAsync("/api/v1/receipts", new { receipts = new[] { new { conversation, read = 2 } } });

        var seen = await ConversationAsync(bob);
        Assert.Equal(1, Number(seen, "unread"));
        Assert.Equal((2, 2), (Number(seen.GetProperty("own"), "delivered"), Number(seen.GetProperty("own"), "read")));
        Assert.Equal(2, Number((await ConversationAsync(alice)).GetProperty("other"), "read"));
    }

    [Fact]
    public async Task SendReceipts_BackwardsAndBeyondTheEnd_NeverGoesBackNorPastTheLast()
    {
        var (alice, bob) = await PairAsync();
        var conversation = (await alice.SendMessageAsync("bob", "one")).GetProperty("conversation").GetString()!;

        var far = await bob.PostJsonAsync(
            "/api/v1/receipts", new { receipts = new[] { new { conversation, delivered = 99L, read = long.MaxValue } } });
        var back = await bob.PostJsonAsync(
            "/api/v1/receipts", new { receipts = new[] { new { conversation, delivered = 0L, read = 0L } } });

        foreach (var own in new[] { far, back }.Select(r => r.GetProperty("results")[0].GetProperty("own")))
        {
            Assert.Equal((1, 1), (Number(own, "delivered"), Number(own, "read")));
        }
    }

    [Fact]
    public async Task SendReceipts_LongStretch_EveryMessageShowsAsRead()
    {
        var (alice, bob) = await PairAsync();
        var conversation = "";
        for (var i = 0; i < 250; i += 50)
        {
            var sends = await Task.WhenAll(Enumerable.Range(i, 50).Select(n => alice.SendMessageAsync("bob", $"m{n}")));
            conversation = sends[0].GetProperty("conversation").GetString()!;
        }

        await bob.PostJsonAsync("/api/v1/receipts", new { receipts = new[] { new { conversation, delivered = 120L, read = 0L } } });
        await bob.PostJsonAsync("/api/v1/receipts", new { receipts = new[] { new { conversation, delivered = 250L, read = 250L } } });

        var page = await alice.GetJsonAsync("/api/v1/messages?with=bob&size=250");
        Assert.All(page.GetProperty("messages").EnumerateArray(), message =>
        {
            Assert.True(message.GetProperty("readAt").GetInt64() > 0);
            Assert.True(message.GetProperty("deliveredAt").GetInt64() <= message.GetProperty("readAt").GetInt64());
        });
    }

    [Fact]
    public async Task SendReceipts_SomebodyElsesConversation_IsNotFoundAndOthersStillCount()
    {
        var (alice, bob) = await PairAsync();
        var conversation = (await alice.SendMessageAsync("bob", "one")).GetProperty("conversation").GetString()!;
        var project = await backends.App.CreateProjectAsync();
        var eve = await (await project.CreateUserAsync("eve")).LogInAsync();

        var refused = await eve.PostJsonAsync("/api/v1/receipts", new { receipts = new[] { new { conversation, read = 1 } } });
        var mixed = await bob.PostJsonAsync(
            "/api/v1/receipts", new { receipts = new[] { new { conversation = "dnothing", read = 1 }, new { conversation, read = 1 } } });

        Assert.Equal("not_found", Text(refused.GetProperty("results")[0], "error"));
        Assert.Equal("not_found", Text(mixed.GetProperty("results")[0], "error"));
        Assert.Equal(1, Number(mixed.GetProperty("results")[1].GetProperty("own"), "read"));
    }

    [Fact]
    public async Task SendReceipts_SteadyState_CostsOneStorageRequest()
    {
        await using var app = await VoxApp.StartAsync(backends);
        var project = await app.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        var conversation = (await alice.SendMessageAsync("bob", "one")).GetProperty("conversation").GetString()!;
        await bob.PostJsonAsync("/api/v1/receipts", new { receipts = new[] { new { conversation, delivered = 1 } } });
        await alice.SendMessageAsync("bob", "two");
        await app.SettleAsync(project.Id);
        var before = app.Storage.Count;

        await bob.PostJsonAsync("/api/v1/receipts", new { receipts = new[] { new { conversation, delivered = 2 } } });

        Assert.Equal(1, app.Storage.Count - before);
    }

    [Fact]
    public async Task Sync_AfterDelivery_PendingAreOnlyThoseNotAcknowledged()
    {
        var (alice, bob) = await PairAsync();
        var conversation = (await alice.SendMessageAsync("bob", "one")).GetProperty("conversation").GetString()!;
        await alice.SendMessageAsync("bob", "two");
        await bob.PostJsonAsync("/api/v1/receipts", new { receipts = new[] { new { conversation, delivered = 1 } } });

        var pending = await bob.PostJsonAsync("/api/v1/sync", new { });
        var named = await bob.PostJsonAsync("/api/v1/sync", new { conversations = new Dictionary<string, long> { [conversation] = 0 } });

        Assert.Equal("two", Text(Assert.Single(Messages(pending)), "data"));
        Assert.Equal(["one", "two"], Messages(named).Select(m => Text(m, "data")));
    }

    private static IEnumerable<JsonElement> Messages(JsonElement sync) =>
        sync.GetProperty("conversations").EnumerateArray().SelectMany(c => c.GetProperty("messages").EnumerateArray());

    private async Task<(TestSession Alice, TestSession Bob)> PairAsync()
    {
        var project = await backends.App.CreateProjectAsync();
        return (await (await project.CreateUserAsync("alice")).LogInAsync(), await (await project.CreateUserAsync("bob")).LogInAsync());
    }

    private static async Task<JsonElement> ConversationAsync(TestSession session) =>
        (await session.GetJsonAsync("/api/v1/conversations")).GetProperty("conversations")[0];

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
