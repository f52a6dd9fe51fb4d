using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.Hostile;

/// <summary>
/// Bodies that are too large, never end, come very slowly, or are not what they seem. Also many connections at the same time.
/// </summary>
public sealed class BodyTests(Backends backends, PortalApp portal) : IClassFixture<PortalApp>
{
    private static IEnumerable<Endpoint> WithBody
        => Endpoint.All.Where(endpoint => endpoint.Operation?.Request is not null || endpoint.Fields.Any());

    [Fact]
    [Promise("VOX-H4")]
    public async Task EveryEndpoint_BodyOfAGigabyteAnnounced_Is413AtOnce()
    {
        using var world = await WorldAsync();
        foreach (var endpoint in WithBody)
        {
            var (request, _) = world.Good(endpoint, new DeterministicRandom(1), complete: true);
            request.Headers.Add(("Content-Length", "1000000000"));

            Assert.Equal(
                (endpoint, 413),
                (endpoint, (await RawAnswer.OfAsync(portal.App.Address, Encoding.Latin1.GetBytes(request.ToText()))).Status));
        }
    }

    [Fact]
    [Promise("VOX-H4")]
    public async Task EveryEndpoint_CompressedBomb_Is415AndIsNotUnpacked()
    {
        using var world = await WorldAsync();
        var bomb = Bomb();
        foreach (var endpoint in WithBody)
        {
            var (request, _) = world.Good(endpoint, new DeterministicRandom(1), complete: true);
            request.Headers.Add(("Content-Encoding", "gzip"));
            request.Body = bomb;

            Assert.Equal(
                (endpoint, 415),
                (endpoint, (await RawAnswer.OfAsync(portal.App.Address, Encoding.Latin1.GetBytes(request.ToText()))).Status));
        }
    }

    [Fact]
    [Promise("VOX-H4")]
    public async Task Send_BodyThatNeverEnds_IsCutOffAtTheLimit()
    {
        using var world = await WorldAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages") { Content = new EndlessContent() };
        request.Headers.Authorization = new("Bearer", world.AccessToken);
        try
        {
            using var response = await portal.App.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        }
        catch (HttpRequestException)
        {
            // The connection was closed while the client was still sending. That is just as good.
        }

        // The server keeps reading for the client's sake, up to the host's limit of 100 MiB.
        Assert.InRange(((EndlessContent)request.Content).Sent, 1, 120_000_000);
        await backends.App.Http.GetAsync("/api/health/live").TextAsync();
    }

    [Fact]
    [Promise("VOX-H4")]
    public async Task SlowBodies_OnManyConnections_KeepNobodyElseWaitingAndAreEnded()
    {
        using var world = await WorldAsync();
        var (good, _) = world.Good(
            Endpoint.All.First(endpoint => endpoint.Function == "SendMessage"), new DeterministicRandom(1), complete: true);
        good.Headers.Add(("Content-Length", "1000"));
        var head = Encoding.Latin1.GetBytes(good.ToText());
        var slow = new List<TcpClient>();
        try
        {
            for (var n = 0; n < (TestRun.IsLong ? 900 : 200); n++)
            {
                var client = new TcpClient();
                await client.ConnectAsync(portal.App.Address.Host, portal.App.Address.Port);
                // Some have not even sent the request line.
                byte[] said = n % 4 == 0 ? head[..20] : [.. head, (byte)'{'];
                await client.GetStream().WriteAsync(said);
                slow.Add(client);
            }

            var session = new TestSession(portal.App, world.AccessToken, "", "ann", "");
            for (var n = 0; n < 20; n++)
            {
                await session.SendMessageAsync("bob", $"meanwhile {n}");
            }

            // The rate is below the minimum for longer than the grace period, so Kestrel ends the connection.
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var rest = new byte[4_096];
            while (await slow[1].GetStream().ReadAsync(rest, limit.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // The connection was reset.
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    [Promise("VOX-H4")]
    public async Task Connections_ManyAttempts_AppAndServiceGoOnServing()
    {
        var project = await backends.App.CreateProjectAsync();
        var (alice, _) = (await (await project.CreateUserAsync("alice")).LogInAsync(), await project.CreateUserAsync("bob"));
        var service = new Uri($"http://127.0.0.1:{backends.SignalR.Port}/");
        var attempts = TestRun.IsLong ? 10_000 : 600;
        byte[][] openings =
        [
            [], "GET / HTTP/1.1\r\n"u8.ToArray(), [0x16, 3, 1, 2, 0, 1, 0, 1], "\0\0\0\0"u8.ToArray(),
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(),
            ("GET /client/?hub=chat&access_token=x HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"u8
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"u8).ToArray(),
            "POST /api/v1/realtime/negotiate?u=x HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\nContent-Length: 0\r\n\r\n"u8
                .ToArray(),
        ];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, attempts),
            new ParallelOptions { MaxDegreeOfParallelism = 64 },
            async (n, cancellation) =>
            {
                var to = n % 2 == 0 ? backends.App.Address : service;
                using var client = new TcpClient();
                try
                {
                    await client.ConnectAsync(to.Host, to.Port, cancellation);
                    await client.GetStream().WriteAsync(openings[n / 2 % openings.Length], cancellation);
                    client.Client.LingerState = new LingerOption(n % 3 == 0, 0);
                }
                catch (Exception e) when (e is IOException or SocketException)
                {
                    // The connection was refused or closed.
                }
            });

        await using var live = await alice.ConnectAsync();
        await alice.SendMessageAsync("bob", "still here");
        Assert.Equal("still here", (await live.NextMessageAsync()).GetProperty("data").GetString());
    }

    private async Task<FuzzWorld> WorldAsync()
    {
        var world = new FuzzWorld(portal.App, portal);
        await world.RenewAsync();
        return world;
    }

    /// <summary>A hundred megabytes of JSON, compressed to a hundred kilobytes.</summary>
    private static byte[] Bomb()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write("{\"data\":\""u8);
            for (var n = 0; n < 100; n++)
            {
                gzip.Write(Enumerable.Repeat((byte)'a', 1_000_000).ToArray());
            }
        }

        return packed.ToArray();
    }

    private sealed class EndlessContent : HttpContent
    {
        private long sent;

        public EndlessContent() => Headers.ContentType = new("application/json");

        public long Sent => Interlocked.Read(ref sent);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var piece = Enumerable.Repeat((byte)' ', 64 * 1024).ToArray();
            while (Sent < 200_000_000)
            {
                await stream.WriteAsync(piece);
                Interlocked.Add(ref sent, piece.Length);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
