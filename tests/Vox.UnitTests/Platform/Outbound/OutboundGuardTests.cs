using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using Vox.Platform.Outbound;

namespace Vox.Tests.Outbound;

public sealed class OutboundGuardTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("20.60.1.1", true)]
    [InlineData("2603:1020::1", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.9.9.9", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("::127.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd12:3456::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("ff02::1", false)]
    public void Is_OnlyWhatIsOnThePublicInternet(string address, bool isPublic) =>
        Assert.Equal(isPublic, PublicAddress.Is(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://example.com/keys", true)]
    [InlineData("https://8.8.8.8/", true)]
    [InlineData("http://example.com/", false)]
    [InlineData("ftp://example.com/", false)]
    [InlineData("https://user:secret@example.com/", false)]
    [InlineData("https://127.0.0.1/", false)]
    [InlineData("https://2130706433/", false)]
    [InlineData("https://0x7f.1/", false)]
    [InlineData("https://[::1]/", false)]
    [InlineData("https://[::ffff:169.254.169.254]/", false)]
    [InlineData("/keys", false)]
    [InlineData("", false)]
    public void Check_AnAddress_AllowsOnlyHttpsToThePublicInternet(string address, bool good)
    {
        using var guard = New(allowLoopback: false);

        Assert.Equal(good, guard.Check(address) is null);
    }

    [Theory]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("https://localhost:{0}/")]
    public async Task Send_ToThisMachine_IsNeverMadeUnlessTheDeveloperAllowsIt(string address)
    {
        await using var server = new OneAnswerServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
        using var guard = New(allowLoopback: false);

        await Assert.ThrowsAsync<OutboundException>(() => SendAsync(guard, string.Format(null, address, server.Port)));

        Assert.Equal(0, server.Connections);
    }

    /// <summary>The name is a public one by its looks. What counts is where it leads when the connection is made.</summary>
    [Fact]
    public async Task Send_ToANameThatLeadsToThisMachine_ConnectsNowhere()
    {
        await using var server = new OneAnswerServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
        using var guard = New(allowLoopback: false);

        var refused = await Assert.ThrowsAsync<OutboundException>(() => SendAsync(guard, $"https://{Dns.GetHostName()}:{server.Port}/"));

        Assert.Contains("not public", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task Send_LoopbackAllowed_ReadsTheAnswerUpToTheLimit()
    {
        await using var server = new OneAnswerServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789");
        using var guard = New(allowLoopback: true);

        var whole = await SendAsync(guard, $"http://localhost:{server.Port}/", 10);
        var cut = await SendAsync(guard, $"http://localhost:{server.Port}/", 4);

        Assert.Equal((200, "0123456789", true), (whole.Status, Encoding.ASCII.GetString(whole.Body.Span), whole.IsWhole));
        Assert.Equal(("0123", false), (Encoding.ASCII.GetString(cut.Body.Span), cut.IsWhole));
    }

    [Fact]
    public async Task Send_Redirected_IsNotFollowed()
    {
        await using var target = new OneAnswerServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
        await using var server = new OneAnswerServer(
            $"HTTP/1.1 302 Found\r\nLocation: http://localhost:{target.Port}/\r\nContent-Length: 0\r\n\r\n");
        using var guard = New(allowLoopback: true);

        var answer = await SendAsync(guard, $"http://localhost:{server.Port}/");

        Assert.Equal(302, answer.Status);
        Assert.Equal(0, target.Connections);
    }

    private static OutboundGuard New(bool allowLoopback) => new(Options.Create(new OutboundOptions { AllowLoopback = allowLoopback }));

    private static async Task<OutboundAnswer> SendAsync(OutboundGuard guard, string address, int maxBytes = 1_000)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        return await guard.SendAsync(request, maxBytes, CancellationToken.None);
    }

    /// <summary>Answers every connection with the same bytes.</summary>
    private sealed class OneAnswerServer : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly Task serving;
        private int connections;

        public OneAnswerServer(string answer)
        {
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
            serving = ServeAsync(Encoding.ASCII.GetBytes(answer));
        }

        public int Port { get; }

        public int Connections => Volatile.Read(ref connections);

        public async ValueTask DisposeAsync()
        {
            listener.Stop();
            await serving;
        }

        private async Task ServeAsync(byte[] answer)
        {
            try
            {
                while (true)
                {
                    using var client = await listener.AcceptTcpClientAsync();
                    Interlocked.Increment(ref connections);
                    var stream = client.GetStream();
                    var buffer = new byte[4_096];
                    _ = await stream.ReadAsync(buffer);
                    await stream.WriteAsync(answer);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
            {
                // Stopped.
            }
        }
    }
}
