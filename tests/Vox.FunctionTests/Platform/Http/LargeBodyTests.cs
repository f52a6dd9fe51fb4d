using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.Http;

/// <summary>Bodies that the host passes on, because they have up to 100 MiB, but that no endpoint accepts.</summary>
public sealed class LargeBodyTests(Backends backends, PortalApp portal) : IClassFixture<PortalApp>, IDisposable
{
    private const int HostLimit = 104_857_600;
    private const int Megabyte = 1_048_576;

    // Each request has a connection of its own. After its answer, the server ends a connection whose remaining body it cannot read in time.
    private readonly HttpClient http = NewClient(backends.App.Address);

    public void Dispose() => http.Dispose();

    /// <summary>
    /// With a lower limit, the server would break off the connection while the host still sends. The host's answer would then be an empty
    /// 500.
    /// </summary>
    [Fact]
    public void ServersOwnLimit_LiesAboveTheHosts() => Assert.True(
        backends.App.Get<IOptions<KestrelServerOptions>>().Value.Limits.MaxRequestBodySize is null or > HostLimit);

    [Theory]
    [InlineData(16 * Megabyte, false)]
    [InlineData((16 * Megabyte) + 1, false)]
    [InlineData(30_000_001, true)]
    [InlineData(HostLimit, false)]
    [InlineData(HostLimit - 1, true)]
    public async Task Body_TooLarge_Is413OfOurs(int bytes, bool chunked)
    {
        var session = await (await (await backends.App.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();

        var request = Request("/api/v1/messages", bytes, chunked);
        request.Headers.Authorization = new("Bearer", session.AccessToken);
        await http.SendAsync(request).ProblemAsync("body_too_large");
        await http.SendAsync(Request("/api/v1/sessions", bytes, chunked)).ProblemAsync("body_too_large");
        await http.SendAsync(Request("/api/v1/sync", bytes, chunked)).ProblemAsync("invalid_token");
    }

    [Theory]
    [InlineData("application/json", false)]
    [InlineData("application/json", true)]
    [InlineData("application/x-www-form-urlencoded", false)]
    [InlineData("application/x-www-form-urlencoded", true)]
    public async Task VendorEndpoints_BodyTooLarge_Is413InTheirShape(string type, bool chunked)
    {
        await http.SendAsync(Request("/sendchat", 20 * Megabyte, chunked, type)).VendorStatusErrorAsync(413);
        await http.SendAsync(Request("/api/user", 20 * Megabyte, chunked, type)).VendorDataErrorAsync(413);
        await http.SendAsync(Request("/api/user", 20 * Megabyte, chunked, type, HttpMethod.Delete)).VendorDataErrorAsync(413);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PortalAndWebhook_BodyTooLarge_Is413(bool chunked)
    {
        using var client = await portal.NewDeveloperAsync();
        var id = (await client.PostJsonAsync("projects", new { name = "Shop" })).GetProperty("projectId").GetString();
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Post, "users/import"),
            (HttpMethod.Put, "push/ios"),
            (HttpMethod.Put, "push/android"),
            (HttpMethod.Put, "settings")
        })
        {
            var request = Request($"/api/portal/v1/projects/{id}/{path}", 20 * Megabyte, chunked, method: method);
            request.Headers.Add("X-CSRF-Token", client.CsrfToken);
            await client.Http.SendAsync(request).ProblemAsync("body_too_large");
        }

        await using var paid = await portal.StartAsync(settings: ["Billing:StripeWebhookSecret=whsec_test"]);
        using var stripe = NewClient(paid.Address);
        await stripe.SendAsync(Request("/api/portal/v1/webhooks/stripe", 20 * Megabyte, chunked)).ProblemAsync("body_too_large");
    }

    /// <summary>
    /// Some functions read no body, others first ask who calls. Whatever they answer, the answer comes from the function itself.
    /// </summary>
    [Fact]
    public async Task EveryFunction_BodyTooLarge_AnswersItself()
    {
        foreach (var function in AppFunction.OfHttp)
        {
            var method = new HttpMethod(function.Http!.Methods![^1].ToUpperInvariant());
            using var response = await http.SendAsync(Request(function.Path + "?u=x", 17 * Megabyte, chunked: false, method: method));

            Assert.True((int)response.StatusCode < 500, $"{function}: {(int)response.StatusCode}");
        }
    }

    /// <summary>Only the beginning of the body is ever sent. An endpoint that waits for the rest would never answer.</summary>
    [Theory]
    [InlineData("Content-Length: 104857600\r\n\r\n{", 1)]
    [InlineData("Content-Length: 16777217\r\n\r\n", 0)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n6400000\r\n", 300_000)]
    public async Task Body_TooLarge_IsRefusedBeforeItHasArrived(string head, int sent)
    {
        var began = Stopwatch.GetTimestamp();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, backends.App.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/v1/sessions HTTP/1.1\r\nHost: localhost:{backends.App.Address.Port}\r\nContent-Type: application/json\r\n{head}"));
        await stream.WriteAsync(new byte[sent]);

        var answer = new byte[4_096];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var read = await stream.ReadAsync(answer, patience.Token);

        Assert.StartsWith("HTTP/1.1 413 ", Encoding.ASCII.GetString(answer, 0, read), StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20));
    }

    private static HttpClient NewClient(Uri address) =>
        new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = address };

    private static HttpRequestMessage Request(
        string path, int bytes, bool chunked, string type = "application/json", HttpMethod? method = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Post, path) { Content = new Blanks(bytes, chunked) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Headers.TransferEncodingChunked = chunked;
        return request;
    }

    /// <summary>A body of blanks that need not be held in memory.</summary>
    private sealed class Blanks(int bytes, bool chunked) : HttpContent
    {
        private static readonly byte[] Portion = Enumerable.Repeat((byte)' ', 64 * 1_024).ToArray();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var left = bytes; left > 0; left -= Portion.Length)
            {
                await stream.WriteAsync(Portion.AsMemory(0, Math.Min(left, Portion.Length)));
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes;
            return !chunked;
        }
    }
}
