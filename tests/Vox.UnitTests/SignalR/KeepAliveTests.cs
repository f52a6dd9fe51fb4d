using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Vox.Tests.SignalR;

/// <summary>A bare WebSocket shows what a well-behaved client library hides.</summary>
public sealed class KeepAliveTests
{
    private const string Handshake = "{\"protocol\":\"json\",\"version\":1}\u001e";

    [Fact]
    public async Task QuietConnection_Every15Seconds_IsPinged()
    {
        var time = new FakeTimeProvider();
        await using var harness = await EmulatorHarness.StartAsync(time);
        using var socket = await OpenAsync(harness);
        await SendAsync(socket, Handshake);
        Assert.Equal("{}\u001e", await ReceiveAsync(socket));

        time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal("{\"type\":6}\u001e", await ReceiveAsync(socket));
    }

    [Fact]
    public async Task SilentClient_After30Seconds_IsDisconnected()
    {
        var time = new FakeTimeProvider();
        await using var harness = await EmulatorHarness.StartAsync(time);
        using var socket = await OpenAsync(harness);
        await SendAsync(socket, Handshake);
        await ReceiveAsync(socket);

        await AdvanceUntilAsync(time, () => harness.Emulator.ConnectionCount == 0);

        var call = await harness.Upstream.WaitForAsync("disconnected");
        Assert.Contains("timed out", call.Json.GetProperty("error").GetString());
    }

    [Fact]
    public async Task SlowUpstream_ClientIsNotTimedOut()
    {
        var time = new FakeTimeProvider();
        await using var harness = await EmulatorHarness.StartAsync(time);
        using var socket = await OpenAsync(harness);
        await SendAsync(socket, Handshake);
        await ReceiveAsync(socket);
        var finish = new TaskCompletionSource();
        harness.Upstream.Answer = async _ =>
        {
            await finish.Task;
            return (200, "");
        };
        await SendAsync(socket, "{\"type\":1,\"invocationId\":\"7\",\"target\":\"work\",\"arguments\":[]}\u001e");
        await harness.Upstream.WaitForAsync("work");

        for (var i = 0; i < 12; i++)
        {
            time.Advance(TimeSpan.FromSeconds(5));
        }

        finish.SetResult();

        var received = "";
        while (!received.Contains("\"type\":3"))
        {
            received = await ReceiveAsync(socket);
        }

        Assert.Contains("\"invocationId\":\"7\"", received);
    }

    [Fact]
    public async Task Handshake_NeverSent_IsRefusedWithoutTellingUpstream()
    {
        var time = new FakeTimeProvider();
        await using var harness = await EmulatorHarness.StartAsync(time);
        using var socket = await OpenAsync(harness);

        var answer = ReceiveAsync(socket);
        await AdvanceUntilAsync(time, () => answer.IsCompleted);

        Assert.Contains("error", await answer);
        Assert.Empty(harness.Upstream.Calls);
    }

    [Theory]
    [InlineData("{\"protocol\":\"xml\",\"version\":1}\u001e")]
    [InlineData("{\"protocol\":\"json\",\"version\":99}\u001e")]
    [InlineData("hello\u001e")]
    public async Task Handshake_NotUnderstood_IsRefused(string handshake)
    {
        await using var harness = await EmulatorHarness.StartAsync();
        using var socket = await OpenAsync(harness);

        await SendAsync(socket, handshake);

        Assert.Contains("\"error\":", await ReceiveAsync(socket));
        Assert.Empty(harness.Upstream.Calls);
    }

    [Theory]
    [InlineData("nonsense\u001e")]
    [InlineData("{\"type\":1,\"arguments\":[]}\u001e")]
    [InlineData("[]\u001e")]
    public async Task Message_Malformed_EndsTheConnection(string message)
    {
        await using var harness = await EmulatorHarness.StartAsync();
        using var socket = await OpenAsync(harness);
        await SendAsync(socket, Handshake);
        await ReceiveAsync(socket);

        await SendAsync(socket, message);

        Assert.Contains("malformed", await ReceiveAsync(socket));
        Assert.Contains("malformed", (await harness.Upstream.WaitForAsync("disconnected")).Body);
    }

    [Fact]
    public async Task Messages_InPieces_AreUnderstood()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        using var socket = await OpenAsync(harness);

        await SendAsync(socket, Handshake[..10]);
        await SendAsync(socket, Handshake[10..] + "{\"type\":6}\u001e{\"type\":1,\"target\":\"one\",\"arg");
        await SendAsync(socket, "uments\":[]}\u001e{\"type\":1,\"target\":\"two\",\"arguments\":[]}\u001e");

        await harness.Upstream.WaitForAsync("one");
        await harness.Upstream.WaitForAsync("two");
    }

    [Fact]
    public async Task DropAllConnections_Socket_IsCutWithoutGoodbye()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        using var socket = await OpenAsync(harness);
        await SendAsync(socket, Handshake);
        await ReceiveAsync(socket);

        harness.Emulator.DropAllConnections();

        await Assert.ThrowsAsync<WebSocketException>(() => ReceiveAsync(socket));
    }

    private static async Task<ClientWebSocket> OpenAsync(EmulatorHarness harness)
    {
        var socket = new ClientWebSocket();
        var address = harness.ClientUrl("&access_token=" + harness.ClientToken("alice")).Replace("http:", "ws:");
        await socket.ConnectAsync(new Uri(address), TestContext.Current.CancellationToken);
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, string text)
        => socket.SendAsync(
            Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[8192];
        using var timeout = new CancellationTokenSource(Eventually.Patience);
        var result = await socket.ReceiveAsync(buffer, timeout.Token);
        return Encoding.UTF8.GetString(buffer, 0, result.Count);
    }

    // The clock is moved in small steps, because the code that waits on it may not have set its timer yet.
    private static Task AdvanceUntilAsync(FakeTimeProvider time, Func<bool> condition) => Eventually.IsTrueAsync(() =>
    {
        if (!condition())
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        return condition();
    });
}
