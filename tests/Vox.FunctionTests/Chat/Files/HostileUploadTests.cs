using System.IO.Compression;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Files;
using Vox.Tests.Fixture;

namespace Vox.Tests.Files;

/// <summary>What somebody can do with an upload address who does not behave as our SDK does.</summary>
public sealed class HostileUploadTests(Backends backends)
{
    private static readonly byte[] Bomb = Brotli(new byte[64 * 1_048_576]);

    [Theory]
    [InlineData("file")]
    [InlineData("photo")]
    [InlineData("thumbnail")]
    public async Task CompleteUpload_WithAContentEncoding_IsRefusedAndNothingIsUnpacked(string kind)
    {
        var (project, alice) = await AliceAsync(backends.App);
        var upload = await alice.BeginUploadAsync("a.png", Bomb.Length, kind: kind == "thumbnail" ? "thumbnail" : kind);
        using var put = await upload.PutWholeAsync(Bomb, "x-ms-blob-content-encoding: br", "x-ms-blob-content-type: image/png");
        Assert.Equal(201, (int)put.StatusCode);
        using var memory = new MemoryWatch();

        if (kind == "thumbnail")
        {
            var video = await alice.BeginUploadAsync("film.mp4", 2_000);
            await video.PutAsync(Pictures.Mp4(2_000));
            var sent = await alice.CompleteUploadAsync(video.Id, new { to = "alice", type = 5, thumbnailUpload = upload.Id });
            Assert.Equal("thumbnail_refused", sent.GetProperty("reason").GetString());
        }
        else
        {
            await alice.PostCompleteAsync(upload.Id, new { to = kind == "file" ? "alice" : null, type = 4 })
                .ProblemAsync("unsupported_media_type", "id");
            await alice.PostCompleteAsync(upload.Id, new { to = kind == "file" ? "alice" : null, type = 4 })
                .ProblemAsync("unsupported_media_type", "id");
            Assert.Empty(await project.BlobsAsync());
        }

        Assert.True(memory.PeakMegabytes < 48, $"{memory.PeakMegabytes} MB");
    }

    [Theory]
    [InlineData("AppendBlob")]
    [InlineData("PageBlob")]
    public async Task CompleteUpload_OfAnotherTypeOfBlob_IsRefusedAndLeavesNothing(string type)
    {
        var (project, alice) = await AliceAsync(backends.App);
        var upload = await alice.BeginUploadAsync("a.txt", 512);
        using var put = await upload.PutOtherAsync(type);
        Assert.Equal(201, (int)put.StatusCode);

        await alice.PostAsync($"/api/v1/files/{upload.Id}/renew").ProblemAsync("unsupported_media_type", "id");
        await alice.PostCompleteAsync(upload.Id, new { to = "alice" }).ProblemAsync("unsupported_media_type", "id");

        Assert.Empty(await project.BlobsAsync());
    }

    [Fact]
    public async Task SendFile_CommittedByTheClientWithHeadersOfItsOwn_ArrivesWithoutThem()
    {
        var (_, alice) = await AliceAsync(backends.App);
        var upload = await alice.BeginUploadAsync("a.txt", 5);
        using var put = await upload.PutWholeAsync(
            "hello"u8.ToArray(), "x-ms-blob-content-type: text/html", "x-ms-blob-content-language: xx", "x-ms-meta-secret: 42",
            "x-ms-blob-content-disposition: inline", "x-ms-blob-cache-control: no-store");
        Assert.Equal(201, (int)put.StatusCode);

        var sent = await alice.CompleteUploadAsync(upload.Id, new { to = "alice" });

        using var redirect = await alice.GetMediaAsync(sent.GetProperty("key").GetString()!);
        using var file = await UploadClient.Storage.GetAsync(redirect.Headers.Location);
        Assert.Equal("hello", await file.Content.ReadAsStringAsync());
        Assert.Equal("text/plain; charset=utf-8", file.Content.Headers.ContentType?.ToString());
        Assert.Empty(file.Content.Headers.ContentLanguage);
        Assert.Empty(file.Content.Headers.ContentEncoding);
        Assert.False(file.Headers.Contains("x-ms-meta-secret"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CompleteUpload_MoreThanAnnounced_IsRefusedAndLeavesNothing(bool inBlocks)
    {
        var (project, alice) = await AliceAsync(backends.App);
        var upload = await alice.BeginUploadAsync("a.txt", 1);
        if (inBlocks)
        {
            await upload.PutBlockAsync(0, new byte[100_000]);
            await upload.PutBlockAsync(1, new byte[100_000]);
        }
        else
        {
            using var put = await upload.PutWholeAsync(new byte[200_000]);
        }

        var detail = await alice.PostCompleteAsync(upload.Id, new { to = "alice" }).ProblemAsync("file_too_large", "size");

        Assert.Contains("200,000 bytes have arrived, but 1 were announced", detail, StringComparison.Ordinal);
        Assert.Empty(await project.BlobsAsync());
        using var again = await upload.TryPutBlockAsync(2, new byte[100_000]);
        Assert.Equal(412, (int)again.StatusCode);
    }

    [Fact]
    public async Task Sweep_AddressOfASmallFileHasExpired_DropsWhatWasNotAnnounced()
    {
        var time = new ShiftedTime();
        await using var app = await StartAsync(time);
        var (project, alice) = await AliceAsync(app);
        var greedy = await alice.BeginUploadAsync("a.txt", 1);
        var honest = await alice.BeginUploadAsync("b.txt", 100_000);
        await greedy.PutBlockAsync(0, new byte[100_000]);
        await honest.PutBlockAsync(0, new byte[50_000]);

        time.Advance(TimeSpan.FromMinutes(4));
        await app.Get<FileSweep>().RunAsync(CancellationToken.None);

        Assert.Single(await project.BlobsAsync());
        await alice.PostAsync($"/api/v1/files/{greedy.Id}/renew").ProblemAsync("file_too_large", "size");
        await alice.RenewUploadAsync(honest.Id);
    }

    [Fact]
    public async Task BeginUpload_Address_LivesAsLongAsTheFileNeeds()
    {
        var (_, alice) = await AliceAsync(backends.App);

        Assert.InRange(await LifetimeAsync(alice, 1), TimeSpan.FromMinutes(2.5), TimeSpan.FromMinutes(3.5));
        Assert.InRange(await LifetimeAsync(alice, 20 * 1_048_576), TimeSpan.FromMinutes(8), TimeSpan.FromMinutes(9));
        Assert.InRange(await LifetimeAsync(alice, 1_000_000_000), TimeSpan.FromMinutes(29), TimeSpan.FromMinutes(31));
    }

    [Fact]
    public async Task UploadAddress_AfterCancel_WritesNothingAnyMore()
    {
        var (project, alice) = await AliceAsync(backends.App);
        var begun = await alice.BeginUploadAsync("a.txt", 5);
        var never = await alice.BeginUploadAsync("b.txt", 5);
        await begun.PutAsync("hello"u8.ToArray());

        foreach (var upload in new[] { begun, never })
        {
            await alice.CancelUploadAsync(upload.Id);
            using var whole = await upload.PutWholeAsync("hello"u8.ToArray());
            using var block = await upload.TryPutBlockAsync(0, "hello"u8.ToArray());
            using var breaking = await upload.PutEmptyAsync("&comp=lease", "x-ms-lease-action: break", "x-ms-lease-break-period: 0");
            using var snapshot = await upload.PutEmptyAsync("&comp=snapshot");
            Assert.Equal((412, 412), ((int)whole.StatusCode, (int)block.StatusCode));
        }

        Assert.DoesNotContain(await project.BlobsAsync(), name => name.StartsWith("files/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CompleteUpload_LeasedByTheClient_IsCompletedAllTheSame()
    {
        var (_, alice) = await AliceAsync(backends.App);
        var upload = await alice.BeginUploadAsync("a.txt", 5);
        using var put = await upload.PutWholeAsync("HELLO"u8.ToArray());
        await upload.PutAsync("hello"u8.ToArray());
        using var lease = await upload.PutEmptyAsync("&comp=lease", "x-ms-lease-action: acquire", "x-ms-lease-duration: -1");

        await alice.CompleteUploadAsync(upload.Id, new { to = "alice" });

        using var late = await upload.PutWholeAsync("HELLO"u8.ToArray());
        Assert.Equal(412, (int)late.StatusCode);
    }

    [Fact]
    public async Task CancelUpload_LeasedByTheClient_LeavesNothing()
    {
        var (project, alice) = await AliceAsync(backends.App);
        var upload = await alice.BeginUploadAsync("a.txt", 5);
        using var put = await upload.PutWholeAsync("hello"u8.ToArray());
        using var snapshot = await upload.PutEmptyAsync("&comp=snapshot");
        using var lease = await upload.PutEmptyAsync("&comp=lease", "x-ms-lease-action: acquire", "x-ms-lease-duration: -1");

        Assert.Equal(204, (int)(await alice.CancelUploadAsync(upload.Id)).StatusCode);

        Assert.Empty(await project.BlobsAsync());
    }

    /// <summary>A file that ends the process, or makes it fail, whenever it is looked at.</summary>
    [Fact]
    public async Task Sweep_FileThatCannotBeFinished_IsRefusedAfterSomeAttempts()
    {
        var time = new ShiftedTime();
        await using var app = await StartAsync(time, "Storage:Retries=0", "Files:MaxCompletionAttempts=3");
        var (project, alice) = await AliceAsync(app);
        var upload = await alice.BeginUploadAsync("a.png", Pictures.Png(40, 30).Length);
        await upload.PutAsync(Pictures.Png(40, 30));
        var attempts = 0;
        app.Storage.Sent = (method, path) =>
        {
            if (method == "GET" && path.Contains("-files/", StringComparison.Ordinal))
            {
                attempts++;
                throw new Azure.RequestFailedException(503, "The process has ended.");
            }
        };
        using var failed = await alice.PostCompleteAsync(upload.Id, new { to = "alice", type = 4 });

        for (var sweep = 0; sweep < 6; sweep++)
        {
            time.Advance(TimeSpan.FromMinutes(20));
            await app.Get<FileSweep>().RunAsync(CancellationToken.None);
        }

        app.Storage.Sent = null;
        Assert.Equal(1 + 3, attempts);
        Assert.Empty(await project.BlobsAsync());
        alice = await new TestUser(project, "alice", "secret").LogInAsync();
        await alice.PostCompleteAsync(upload.Id, new { to = "alice", type = 4 }).ProblemAsync("upload_failed", "id");
    }

    private async Task<VoxApp> StartAsync(ShiftedTime time, params string[] settings) =>
        await VoxApp.StartAsync(backends, settings, builder => builder.Services.AddSingleton<TimeProvider>(time));

    private static async Task<(TestProject Project, TestSession Alice)> AliceAsync(VoxApp app)
    {
        var project = await app.CreateProjectAsync();
        return (project, await (await project.CreateUserAsync("alice")).LogInAsync());
    }

    private static async Task<TimeSpan> LifetimeAsync(TestSession session, long size)
    {
        var answer = await session.PostUploadAsync("a.bin", size).JsonAsync();
        return DateTimeOffset.FromUnixTimeMilliseconds(answer.GetProperty("expiresAt").GetInt64()) - TimeProvider.System.GetUtcNow();
    }

    private static byte[] Brotli(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal))
        {
            brotli.Write(bytes);
        }

        return packed.ToArray();
    }
}
