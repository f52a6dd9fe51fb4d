using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NetVips;
using Vox.Tests.Fixture;

namespace Vox.Tests.Files;

public sealed class MediaTests(Backends backends)
{
    [Fact]
    public async Task GetMedia_PrefixAndKeyWithoutHeaders_RedirectsToAShortLivedAddress()
    {
        var (_, alice) = await AliceAsync();
        var sent = await alice.SendFileAsync("alice", "a b.png", Pictures.Png(20, 10), 4);
        var key = sent.GetProperty("key").GetString()!;

        using var plain = await alice.GetMediaAsync(key);
        using var busted = await alice.GetMediaAsync(key, "?" + DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
        using var head = await alice.GetMediaAsync(key, "", HttpMethod.Head);

        Assert.All([plain, busted, head], response => Assert.Equal(HttpStatusCode.Redirect, response.StatusCode));
        Assert.Equal(plain.Headers.Location, busted.Headers.Location);
        Assert.Equal("nosniff", plain.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("default-src 'none'; sandbox", plain.Headers.GetValues("Content-Security-Policy").Single());
        Assert.True(plain.Headers.CacheControl is { Private: true, MaxAge.TotalMinutes: > 20 and < 120 });
        using var file = await UploadClient.Storage.GetAsync(plain.Headers.Location);
        Assert.Equal("image/png", file.Content.Headers.ContentType?.ToString());
        Assert.Equal("inline; filename=\"a_b.png\"; filename*=UTF-8''a%20b.png", file.Content.Headers.ContentDisposition?.ToString());
        Assert.Contains("immutable", file.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        using var write = await UploadClient.Storage.PutAsync(
            plain.Headers.Location + "&comp=block&blockid=MDAwMDAwMDA=", new StringContent("x"));
        Assert.Equal(HttpStatusCode.Forbidden, write.StatusCode);
    }

    [Fact]
    public async Task GetMedia_PartOfAVideo_IsServedAsARange()
    {
        var (_, alice) = await AliceAsync();
        var video = Pictures.Mp4(100_000);
        var sent = await alice.SendFileAsync("alice", "film.mp4", video, 5);
        using var redirect = await alice.GetMediaAsync(sent.GetProperty("key").GetString()!);

        using var request = new HttpRequestMessage(HttpMethod.Get, redirect.Headers.Location);
        request.Headers.Range = new RangeHeaderValue(50_000, 50_099);
        using var response = await UploadClient.Storage.SendAsync(request);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal("video/mp4", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(video[50_000..50_100], await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task GetMedia_WrongProjectTokenOrKey_IsNotFound()
    {
        var (_, alice) = await AliceAsync();
        var (_, stranger) = await AliceAsync();
        var key = (await alice.SendFileAsync("alice", "a.png", Pictures.Png(20, 10), 4)).GetProperty("key").GetString()!;
        var pending = await alice.BeginUploadAsync("b.png", 10);
        var prefix = await alice.MediaPrefixAsync();

        foreach (var address in new[]
        {
            await stranger.MediaPrefixAsync() + key, prefix + "x" + key, prefix + pending.Key, prefix + "preview_thumb_" + key,
            prefix + "..%2f" + key,
            prefix.TrimEnd('/')[..^1] + "/" + key, prefix.Replace("pid_", "pid_0", StringComparison.Ordinal) + key,
            prefix + new string('a', 4_000),
        })
        {
            using var response = await UploadClient.Storage.GetAsync(new Uri(address));
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        }
    }

    [Fact]
    public async Task GetMediaPrefix_AskedAgain_IsTheSameForTheUserAndAnotherForOthers()
    {
        var (project, alice) = await AliceAsync();
        var again = await new TestUser(project, "alice", "secret").LogInAsync();
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();

        var prefixes = await Task.WhenAll(alice.MediaPrefixAsync(), again.MediaPrefixAsync(), bob.MediaPrefixAsync());

        Assert.Equal(prefixes[0], prefixes[1]);
        Assert.NotEqual(prefixes[0], prefixes[2]);
        Assert.Matches($"^http://127.0.0.1:[0-9]+/media/{project.Id}/[A-Za-z0-9_-]{{22,}}/$", prefixes[0]);
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("png")]
    [InlineData("webp")]
    [InlineData("gif")]
    [InlineData("avif")]
    public async Task SendImage_OfAnyFormat_HasAThumbnailTheRightWayUpInSrgbWithoutMetadata(string format)
    {
        var (_, alice) = await AliceAsync();
        var bytes = format switch
        {
            "jpeg" => Pictures.Jpeg(900, 600, orientation: 6, gps: true),
            "png" => Pictures.Png(600, 900),
            "webp" => Pictures.Encode(600, 900, image => image.WebpsaveBuffer()),
            "gif" => Pictures.Encode(600, 900, image => image.GifsaveBuffer()),
            _ => Pictures.Encode(600, 900, image => image.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, effort: 0)),
        };

        var sent = await alice.SendFileAsync("alice", "picture", bytes, 4);

        Assert.Equal("image/" + format, sent.GetProperty("contentType").GetString());
        Assert.Equal((600, 900), (sent.GetProperty("width").GetInt32(), sent.GetProperty("height").GetInt32()));
        foreach (var (prefix, width, height) in new[] { ("thumb_", 133, 200), ("preview_", 600, 900) })
        {
            using var image = Image.NewFromBuffer(await alice.DownloadAsync(prefix + sent.GetProperty("key").GetString()));
            Assert.Equal((width, height), (image.Width, image.Height));
            Assert.Equal(Enums.Interpretation.Srgb, image.Interpretation);
            Assert.DoesNotContain(image.GetFields(), field =>
                field.StartsWith("exif", StringComparison.Ordinal) || field.StartsWith("xmp", StringComparison.Ordinal)
                || field.StartsWith("icc", StringComparison.Ordinal) || field.StartsWith("iptc", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task SendImage_Transparent_KeepsItsTransparency()
    {
        var (_, alice) = await AliceAsync();
        using var glass = Image.Black(300, 300, bands: 4).Copy(interpretation: Enums.Interpretation.Srgb);

        var sent = await alice.SendFileAsync("alice", "glass.png", glass.PngsaveBuffer(), 4);

        using var thumbnail = Image.NewFromBuffer(await alice.DownloadAsync("thumb_" + sent.GetProperty("key").GetString()));
        Assert.True(thumbnail.HasAlpha());
    }

    [Fact]
    public async Task SendFile_OfManyBytes_NonePassesThroughTheApp()
    {
        var bodies = new BodyCounter();
        await using var app = await VoxApp.StartAsync(backends, configure: b => b.Services.AddSingleton<IStartupFilter>(bodies));
        var project = await app.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var bytes = RandomNumberGenerator.GetBytes(20_000_000);
        bodies.Reset();

        var sent = await alice.SendFileAsync("alice", "big.bin", bytes);
        var received = await alice.DownloadAsync(sent.GetProperty("key").GetString()!);

        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(received));
        Assert.InRange(bodies.Received, 50, 2_000);
        Assert.InRange(bodies.Answered, 50, 5_000);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{bytes.Length:N0} bytes uploaded; the app received {bodies.Received:N0} bytes of bodies and answered {bodies.Answered:N0}.");
    }

    [Fact]
    public async Task SetBlobCors_AtStart_LetsPagesOfAnyOriginUpload()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Files:SetBlobCors=true"]);
        var project = await app.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var upload = await alice.BeginUploadAsync("a.txt", 5);

        using var preflight = new HttpRequestMessage(HttpMethod.Options, upload.Url + "&comp=block&blockid=MDAwMDAwMDA=");
        preflight.Headers.Add("Origin", "https://customer.example");
        preflight.Headers.Add("Access-Control-Request-Method", "PUT");
        preflight.Headers.Add("Access-Control-Request-Headers", "content-type,x-ms-version");
        using var response = await UploadClient.Storage.SendAsync(preflight);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("PUT", response.Headers.GetValues("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
    }

    private async Task<(TestProject Project, TestSession Alice)> AliceAsync()
    {
        var project = await backends.App.CreateProjectAsync();
        return (project, await (await project.CreateUserAsync("alice")).LogInAsync());
    }

    /// <summary>Counts the bytes of request and response bodies as the server sees them.</summary>
    private sealed class BodyCounter : IStartupFilter
    {
        private long received;
        private long answered;

        public long Received => Interlocked.Read(ref received);

        public long Answered => Interlocked.Read(ref answered);

        public void Reset() => (received, answered) = (0, 0);

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (HttpContext context, RequestDelegate following) =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                Interlocked.Add(ref received, body.Length);
                body.Position = 0;
                context.Request.Body = body;
                await following(context);
                Interlocked.Add(ref answered, context.Response.ContentLength ?? 0);
            });
            next(app);
        };
    }
}
