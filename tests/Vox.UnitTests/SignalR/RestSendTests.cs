using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;

namespace Vox.Tests.SignalR;

public sealed class RestSendTests
{
    [Theory]
    [InlineData(false, HttpTransportType.WebSockets)]
    [InlineData(true, HttpTransportType.WebSockets)]
    [InlineData(false, HttpTransportType.ServerSentEvents)]
    [InlineData(false, HttpTransportType.LongPolling)]
    [InlineData(true, HttpTransportType.LongPolling)]
    public async Task SendToUser_EveryProtocolAndTransport_Arrives(bool messagePack, HttpTransportType transport)
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var alice = await harness.ConnectAsync("alice", messagePack, transport);
        var bob = await harness.ConnectAsync("bob", messagePack, transport);

        await harness.SendToAsync("/users/alice", "message", "Grüße 👋");
        await harness.SendToAsync("", "message", "to all");

        Assert.Equal("Grüße 👋", await alice.ReceiveAsync());
        Assert.Equal("to all", await alice.ReceiveAsync());
        Assert.Equal("to all", await bob.ReceiveAsync());
        Assert.True(bob.HasNothing);
    }

    [Fact]
    public async Task Send_ObjectArgument_KeepsNamesAndNumbers()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var client = await harness.ConnectAsync();

        using var response = await harness.RestAsync(
            HttpMethod.Post, "/:send", rawBody: """{"Target":"message","Arguments":[{"Text":"x","price":1.10,"list":[1,null,true]}]}""");

        Assert.Equal(202, (int)response.StatusCode);
        Assert.Equal("""{"Text":"x","price":1.10,"list":[1,null,true]}""", await client.ReceiveAsync());
    }

    [Fact]
    public async Task Send_ObjectArgumentToMessagePack_ArrivesAsMap()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var client = await harness.ConnectAsync(messagePack: true);
        var received = new TaskCompletionSource<Dictionary<string, object>>();
        client.Connection.Remove("message");
        using var handler = client.Connection.On<Dictionary<string, object>>("message", received.SetResult);

        await harness.SendToAsync("", "message", new { number = 5_000_000_000, text = "x", list = new[] { 1.5 } });

        var map = await received.Task.WaitAsync(Eventually.Patience);
        Assert.Equal(5_000_000_000L, Convert.ToInt64(map["number"]));
        Assert.Equal("x", map["text"]);
        Assert.Equal([1.5], Assert.IsType<object[]>(map["list"]));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a+b c")]
    [InlineData("pid_1:ユーザー")]
    [InlineData("100%25")]
    public async Task SendToUser_AwkwardId_ArrivesExactly(string user)
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var client = await harness.ConnectAsync(user);

        await harness.SendToAsync("/users/" + Uri.EscapeDataString(user), "message", "hello");

        Assert.Equal("hello", await client.ReceiveAsync());
    }

    [Fact]
    public async Task SendToUser_PlusSignAsItIs_StaysOne()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var client = await harness.ConnectAsync("a+b");

        await harness.SendToAsync("/users/a+b", "message", "hello");

        Assert.Equal("hello", await client.ReceiveAsync());
    }

    [Fact]
    public async Task SendToUser_OtherCase_DoesNotArrive()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var client = await harness.ConnectAsync("Alice");

        await harness.SendToAsync("/users/alice", "message", "wrong");
        await harness.SendToAsync("/users/Alice", "message", "right");

        Assert.Equal("right", await client.ReceiveAsync());
    }

    [Fact]
    public async Task SendToUser_SeveralConnections_ArrivesAtEach()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var first = await harness.ConnectAsync("alice");
        var second = await harness.ConnectAsync("alice");

        await harness.SendToAsync("/users/alice", "message", "x");

        Assert.Equal("x", await first.ReceiveAsync());
        Assert.Equal("x", await second.ReceiveAsync());
        Assert.Equal((1, 2), (harness.Emulator.Counters.SendsToUsers, harness.Emulator.Counters.OutboundMessages));
    }

    [Fact]
    public async Task SendToConnection_ArrivesThereOnly()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var first = await harness.ConnectAsync("alice");
        var second = await harness.ConnectAsync("alice");

        await harness.SendToAsync($"/connections/{first.Id}", "message", "one");
        await harness.SendToAsync("", "message", "all");

        Assert.Equal("one", await first.ReceiveAsync());
        Assert.Equal("all", await second.ReceiveAsync());
        Assert.Equal(
            (1, 1, 2),
            (harness.Emulator.Counters.SendsToConnections, harness.Emulator.Counters.SendsToAll, harness.Emulator.Counters.Sends));
    }

    [Fact]
    public async Task Send_Excluded_AreLeftOut()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        TestClient[] clients = [await harness.ConnectAsync("a"), await harness.ConnectAsync("b"), await harness.ConnectAsync("c")];
        foreach (var client in clients)
        {
            Assert.Equal(200, await harness.StatusAsync(HttpMethod.Put, $"/groups/g/connections/{client.Id}"));
        }

        var excluded = $"&excluded={clients[0].Id}&excluded={clients[1].Id}";
        Assert.Equal(
            202, await harness.StatusAsync(HttpMethod.Post, "/:send", new { target = "message", arguments = new[] { "hub" } }, excluded));
        Assert.Equal(
            202,
            await harness.StatusAsync(
                HttpMethod.Post, "/groups/g/:send", new { target = "message", arguments = new[] { "group" } }, excluded));
        await harness.SendToAsync("", "message", "end");

        Assert.Equal(
            ["hub", "group", "end"], [await clients[2].ReceiveAsync(), await clients[2].ReceiveAsync(), await clients[2].ReceiveAsync()]);
        Assert.Equal("end", await clients[0].ReceiveAsync());
        Assert.Equal("end", await clients[1].ReceiveAsync());
    }

    [Fact]
    public async Task Send_NobodyThere_Is202AndStoresNothing()
    {
        await using var harness = await EmulatorHarness.StartAsync();

        await harness.SendToAsync("/users/alice", "message", "lost");
        var client = await harness.ConnectAsync("alice");
        await harness.SendToAsync("/users/alice", "message", "kept");

        Assert.Equal("kept", await client.ReceiveAsync());
    }

    [Fact]
    public async Task Send_OlderAddresses_Work()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var client = await harness.ConnectAsync("alice");

        using var toUser = await harness.SendAsync(
            HttpMethod.Post, "/api/v1/hubs/chat/users/alice", new { target = "message", arguments = new[] { "1" } });
        using var toHub = await harness.SendAsync(
            HttpMethod.Post, "/api/v1/hubs/chat", new { target = "message", arguments = new[] { "2" } });

        Assert.Equal((202, 202), ((int)toUser.StatusCode, (int)toHub.StatusCode));
        Assert.Equal("1", await client.ReceiveAsync());
        Assert.Equal("2", await client.ReceiveAsync());
    }

    [Fact]
    public async Task Send_HubInOtherCase_IsTheSameHub()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var client = await harness.ConnectAsync();

        using var response = await harness.SendAsync(
            HttpMethod.Post, "/api/hubs/CHAT/:send?api-version=2022-06-01", new { target = "message", arguments = new[] { "x" } });

        Assert.Equal("x", await client.ReceiveAsync());
    }

    [Fact]
    public async Task Send_SlowClient_IsDisconnected()
    {
        await using var harness = await EmulatorHarness.StartAsync(maxQueuedBytes: 200_000);
        var client = await harness.ConnectAsync("slow");
        using var blocked = new ManualResetEventSlim();
        using var handler = client.Connection.On("block", blocked.Wait);
        await harness.SendToAsync("", "block");

        var big = new string('x', 150_000);
        for (var i = 0; i < 100 && harness.Emulator.ConnectionCount > 0; i++)
        {
            await harness.SendToAsync("", "message", big, big);
        }

        await Eventually.IsTrueAsync(() => harness.Emulator.ConnectionCount == 0);
        blocked.Set();
        var call = await harness.Upstream.WaitForAsync("disconnected");
        Assert.Contains("slow", call.Json.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Intercept_Answers_NothingIsSent()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        harness.Emulator.Intercept = context =>
        {
            context.Response.StatusCode = 503;
            return Task.FromResult(true);
        };

        Assert.Equal(503, await harness.StatusAsync(HttpMethod.Post, "/:send", new { target = "message" }));
        Assert.Equal(0, harness.Emulator.Counters.Sends);
    }
}
