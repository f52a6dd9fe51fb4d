using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.ServerApi;

public sealed class ServerMessageTests(Backends backends)
{
    [Fact]
    public async Task Send_AsAUser_ArrivesLiveAndIsInBothHistories()
    {
        var server = await NewAsync("shop");
        var alice = await (await server.Project.CreateUserAsync("alice")).LogInAsync();
        await using var live = await alice.ConnectAsync();

        var sent = await server.PostJsonAsync("messages", new { from = "shop", to = "alice", data = "On its way" });

        var told = await live.NextAsync("message");
        Assert.Equal(("shop", "On its way"), (Text(told, "from"), Text(told, "data")));
        Assert.Equal(Text(sent, "id"), Text(told, "id"));
        foreach (var path in (string[])["users/alice/messages?with=shop", "users/shop/messages?conversation=" + Text(sent, "conversation")])
        {
            var page = await server.GetJsonAsync(path);
            Assert.Equal(Text(sent, "id"), Text(Assert.Single(page.GetProperty("messages").EnumerateArray()), "id"));
            Assert.False(page.TryGetProperty("next", out _));
        }
    }

    [Fact]
    public async Task Send_RepeatedWithTheSameKey_IsStoredOnce()
    {
        var server = await NewAsync("shop", "alice");
        var body = new { from = "shop", to = "alice", data = "Once" };

        var first = await server.PostJsonAsync("messages", body, "order-1");
        var second = await server.PostJsonAsync("messages", body, "order-1");
        await server.PostAsync("messages", new { from = "shop", to = "alice", data = "Other" }, "order-1")
            .ProblemAsync("idempotency_key_reused");

        Assert.Equal(first.GetRawText(), second.GetRawText());
        Assert.Equal(1, (await server.GetJsonAsync("users/alice/messages?with=shop")).GetProperty("lastSequence").GetInt32());
    }

    [Fact]
    public async Task Send_NotAllowedOrNotGood_IsRefusedAsForTheUser()
    {
        var server = await NewAsync("shop", "bob");
        var alice = await (await server.Project.CreateUserAsync("alice")).LogInAsync();
        await alice.PostAsync("/api/v1/blocks", new { id = "shop" });
        await server.PostJsonAsync("users/bob/disable");

        await Send(new { from = "shop", to = "alice", data = "x" }).ProblemAsync("blocked");
        await Send(new { from = "bob", to = "alice", data = "x" }).ProblemAsync("user_disabled", "from");
        await Send(new { from = "nobody", to = "alice", data = "x" }).ProblemAsync("user_not_found", "from");
        await Send(new { to = "alice", data = "x" }).ProblemAsync("missing_field", "from");
        await Send(new { from = "shop", to = "nobody", data = "x" }).ProblemAsync("recipient_not_found");
        await Send(new { from = "shop", to = "alice", data = "" }).ProblemAsync("missing_field", "data");
        await Send(new { from = "shop", to = "gAAAAAAAAAAAAAAAAAAAAAA", data = "x" }).ProblemAsync("group_not_found");

        Task<HttpResponseMessage> Send(object body) => server.PostAsync("messages", body);
    }

    [Fact]
    public async Task Read_InPages_HasEachMessageOnceAndChangesNoReceipts()
    {
        var server = await NewAsync("shop", "alice");
        for (var i = 1; i <= 7; i++)
        {
            await server.PostJsonAsync("messages", new { from = "shop", to = "alice", data = $"{i}" });
        }

        var found = new List<string?>();
        var cursor = "";
        do
        {
            var page = await server.GetJsonAsync("users/alice/messages?with=shop&limit=3" + cursor);
            found.AddRange(page.GetProperty("messages").EnumerateArray().Select(message => Text(message, "data")));
            cursor = page.TryGetProperty("next", out var next) ? "&cursor=" + next.GetString() : "";
        }
        while (cursor.Length > 0);

        Assert.Equal(["7", "6", "5", "4", "3", "2", "1"], found);
        var conversation = (await server.GetJsonAsync("users/alice/conversations")).GetProperty("conversations")[0];
        Assert.Equal(7, conversation.GetProperty("unread").GetInt32());
        await server.GetAsync("users/alice/messages?with=shop&cursor=x").ProblemAsync("invalid_field", "cursor");
        await server.GetAsync("users/alice/messages").ProblemAsync("missing_field", "with");
        await server.GetAsync("users/nobody/messages?with=shop").ProblemAsync("user_not_found", "id");
    }

    [Fact]
    public async Task Read_AConversationOfOthers_IsNotThere()
    {
        var server = await NewAsync("shop", "alice", "eve");
        var sent = await server.PostJsonAsync("messages", new { from = "shop", to = "alice", data = "x" });

        await server.GetAsync("users/eve/messages?conversation=" + Text(sent, "conversation")).ProblemAsync("not_found");
    }

    [Fact]
    public async Task List_Conversations_InPagesMostRecentFirst()
    {
        var server = await NewAsync("shop", "a", "b", "c");
        foreach (var to in (string[])["a", "b", "c"])
        {
            await server.PostJsonAsync("messages", new { from = "shop", to, data = "x" });
        }

        var first = await server.GetJsonAsync("users/shop/conversations?limit=2");
        var second = await server.GetJsonAsync("users/shop/conversations?limit=2&cursor=" + Text(first, "next"));

        Assert.Equal(
            ["c", "b", "a"],
            first.GetProperty("conversations").EnumerateArray().Concat(second.GetProperty("conversations").EnumerateArray())
                .Select(conversation => Text(conversation, "with")));
        Assert.False(second.TryGetProperty("next", out _));
    }

    private async Task<TestServer> NewAsync(params string[] users)
    {
        var server = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        await server.UpsertAsync(users);
        return server;
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
