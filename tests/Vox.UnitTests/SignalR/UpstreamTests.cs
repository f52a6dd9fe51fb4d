using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Vox.SignalREmulation;

namespace Vox.Tests.SignalR;

public sealed class UpstreamTests
{
    [Fact]
    public async Task Connected_IsPostedWithHeadersAndSignature()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["asrs.u.iss"] = "app",
            ["asrs.s.aut"] = "system",
            ["project"] = "pid_1"
        };
        var client = harness.NewClient(
            harness.Token(harness.ClientUrl(), user: "pid_1:alice", claims: claims), harness.ClientUrl("&device=phone"));
        await client.StartAsync();

        var call = Assert.Single(harness.Upstream.Calls);
        Assert.Equal("/runtime/webhooks/signalr?code=secret", call.Url);
        Assert.Equal("application/json", call.ContentType);
        Assert.Equal("""{"type":10}""", call.Body);
        Assert.Equal(client.ConnectionId, call.Headers["X-ASRS-Connection-Id"]);
        Assert.Equal("chat", call.Headers["X-ASRS-Hub"]);
        Assert.Equal("connections", call.Headers["X-ASRS-Category"]);
        Assert.Equal("connected", call.Headers["X-ASRS-Event"]);
        Assert.Equal("pid_1:alice", call.Headers["X-ASRS-User-Id"]);
        Assert.Equal("?hub=chat&device=phone", call.Headers["X-ASRS-Client-Query"]);
        var told = call.Headers["X-ASRS-User-Claims"].Split(", ");
        Assert.Single(told, "iss: app");
        Assert.Single(told, "project: pid_1");
        Assert.DoesNotContain(told, claim => claim.StartsWith("asrs.", StringComparison.Ordinal));
        var hash = HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(SignalREmulatorOptions.DevelopmentKey), Encoding.UTF8.GetBytes(client.ConnectionId!));
        Assert.Equal("sha256=" + Convert.ToHexStringLower(hash), call.Headers["X-ASRS-Signature"]);
    }

    [Theory]
    [InlineData("asrs.s.uid", "alice")]
    [InlineData("nameid", "pid_1:ユーザー/1")]
    public async Task Connected_UserId_IsTold(string claim, string user)
    {
        await using var harness = await EmulatorHarness.StartAsync();
        await harness.NewClient(harness.Token(harness.ClientUrl(), user: user, userClaim: claim)).StartAsync();

        Assert.Equal(user, Assert.Single(harness.Upstream.Calls).Headers["X-ASRS-User-Id"]);
    }

    [Fact]
    public async Task Connected_Anonymous_HasNoUserId()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        await harness.ConnectAsync();

        Assert.False(Assert.Single(harness.Upstream.Calls).Headers.ContainsKey("X-ASRS-User-Id"));
    }

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task Connected_UpstreamRefuses_ConnectionFails(HttpTransportType transport)
    {
        await using var harness = await EmulatorHarness.StartAsync();
        harness.Upstream.Answer = _ => Task.FromResult((403, ""));

        var error = await Assert.ThrowsAnyAsync<Exception>(() => harness.ConnectAsync("alice", transport: transport));

        Assert.Contains("403", error.Message);
        await Eventually.IsTrueAsync(() => harness.Emulator.ConnectionCount == 0);
        Assert.Equal("connected", Assert.Single(harness.Upstream.Calls).Event);
    }

    [Fact]
    public async Task Connected_UpstreamUnreachable_ConnectionFails()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        harness.Emulator.SetUpstream("http://127.0.0.1:1/");

        await Assert.ThrowsAnyAsync<Exception>(() => harness.ConnectAsync("alice"));
    }

    [Fact]
    public async Task Connected_NoUpstream_IsAccepted()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        harness.Emulator.SetUpstream();
        var client = await harness.ConnectAsync("alice");

        await harness.SendToAsync("", "message", "x");

        Assert.Equal("x", await client.ReceiveAsync());
        Assert.Equal(0, harness.Emulator.Counters.UpstreamCalls);
    }

    [Fact]
    public async Task Connected_GroupAndGreetingFromTheHandler_Work()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        harness.Upstream.Answer = async call =>
        {
            var id = call.Headers["X-ASRS-Connection-Id"];
            var added = await harness.StatusAsync(HttpMethod.Put, $"/groups/g/connections/{id}");
            await harness.SendToAsync("/groups/g", "message", "welcome");
            return (added, "");
        };

        var client = await harness.ConnectAsync("alice");

        Assert.Equal("welcome", await client.ReceiveAsync());
    }

    [Fact]
    public async Task Disconnected_ClientStops_IsPostedWithoutError()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var client = await harness.ConnectAsync("alice");
        var id = client.Id;

        await client.Connection.StopAsync();

        var call = await harness.Upstream.WaitForAsync("disconnected");
        Assert.Equal(
            ("connections", id, """{"type":11}"""), (call.Headers["X-ASRS-Category"], call.Headers["X-ASRS-Connection-Id"], call.Body));
        Assert.Equal(0, harness.Emulator.ConnectionCount);
    }

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task Disconnected_ConnectionsDropped_UpstreamIsTold(HttpTransportType transport)
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var client = await harness.ConnectAsync("alice", transport: transport);

        harness.Emulator.DropAllConnections();

        await client.Closed;
        var call = await harness.Upstream.WaitForAsync("disconnected");
        Assert.Equal(11, call.Json.GetProperty("type").GetInt32());
        Assert.Equal("The connection was dropped.", call.Json.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Send_AnyMethod_IsForwarded(bool messagePack)
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var client = await harness.ConnectAsync("alice", messagePack);

        await client.Connection.SendAsync("typing in ünïcode", "bob", 5, new[] { true }, new { Name = "x" });

        var call = await harness.Upstream.WaitForAsync("typing in ünïcode");
        Assert.Equal("messages", call.Headers["X-ASRS-Category"]);
        Assert.Equal(1, call.Json.GetProperty("type").GetInt32());
        Assert.Equal("typing in ünïcode", call.Json.GetProperty("target").GetString());
        Assert.False(call.Json.TryGetProperty("invocationId", out _));
        var arguments = call.Json.GetProperty("arguments");
        Assert.Equal(("bob", 5, true), (arguments[0].GetString(), arguments[1].GetInt32(), arguments[2][0].GetBoolean()));
        Assert.Equal("x", arguments[3].EnumerateObject().Single().Value.GetString());
    }

    [Fact]
    public async Task Send_Several_ArriveInOrder()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var client = await harness.ConnectAsync("alice");

        for (var i = 0; i < 20; i++)
        {
            await client.Connection.SendAsync("count", i);
        }

        await Eventually.IsTrueAsync(() => harness.Upstream.Calls.Count == 21);
        Assert.Equal(
            Enumerable.Range(0, 20), harness.Upstream.Calls.Skip(1).Select(call => call.Json.GetProperty("arguments")[0].GetInt32()));
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(false, "\u001e")]
    public async Task Invoke_UpstreamCompletes_ResultArrives(bool messagePack, string separator)
    {
        await using var harness = await EmulatorHarness.StartAsync();
        harness.Upstream.Answer = call => Task.FromResult(
            (200, call.Is("connected") ? "" : Completion(call, "result", "done") + separator));
        var client = await harness.ConnectAsync("alice", messagePack);

        Assert.Equal("done", await client.Connection.InvokeAsync<string>("work"));
    }

    [Fact]
    public async Task Invoke_UpstreamCompletesWithError_ErrorArrives()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        harness.Upstream.Answer = call => Task.FromResult((200, call.Is("connected") ? "" : Completion(call, "error", "too late")));
        var client = await harness.ConnectAsync("alice");

        var error = await Assert.ThrowsAsync<HubException>(() => client.Connection.InvokeAsync("work"));

        Assert.Equal("too late", error.Message);
    }

    [Theory]
    [InlineData(500, "")]
    [InlineData(404, "")]
    [InlineData(200, "nonsense")]
    public async Task Invoke_UpstreamFails_IsAnError(int status, string body)
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var client = await harness.ConnectAsync("alice");
        harness.Upstream.Answer = _ => Task.FromResult((status, body));

        await Assert.ThrowsAsync<HubException>(() => client.Connection.InvokeAsync("work"));

        Assert.Equal(2, harness.Upstream.Calls.Count);
        await harness.SendToAsync("", "message", "still connected");
        Assert.Equal("still connected", await client.ReceiveAsync());
    }

    [Theory]
    [InlineData(204)]
    [InlineData(200)]
    public async Task Invoke_UpstreamSaysNothing_Completes(int status)
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var client = await harness.ConnectAsync("alice");
        harness.Upstream.Answer = _ => Task.FromResult((status, ""));

        await client.Connection.InvokeAsync("work").WaitAsync(Eventually.Patience);
    }

    [Fact]
    public async Task Stream_IsAnError()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var client = await harness.ConnectAsync("alice");

        await Assert.ThrowsAsync<HubException>(async () => await client.Connection.StreamAsync<int>("numbers").FirstAsync());
    }

    [Fact]
    public async Task Upstreams_Several_TakeTurnsWithTemplatesFilled()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        await using var other = await FakeUpstream.StartAsync();
        harness.Emulator.SetUpstream(harness.Upstream.Url, other.Url + "&at={hub}.{category}.{event}");
        var client = await harness.ConnectAsync("alice");

        for (var i = 0; i < 5; i++)
        {
            await client.Connection.InvokeAsync("work");
        }

        Assert.Equal((3, 3), (harness.Upstream.Calls.Count, other.Calls.Count));
        Assert.Contains("at=chat.messages.work", other.Calls.Last().Url);
    }

    private static string Completion(UpstreamCall call, string key, object value) => JsonSerializer.Serialize(
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["type"] = 3,
            ["invocationId"] = call.Json.GetProperty("invocationId").GetString(),
            [key] = value
        });
}
