using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using NetVips;
using Vox.Chat.Files;
using Vox.Platform.Storage;
using Vox.Tests.Fixture;

namespace Vox.Tests.Files;

public sealed class SendFileTests(Backends backends)
{
    [Fact]
    public async Task SendImage_Jpeg_ReceiverHearsOfItAndSeesThumbnailAndFile()
    {
        var (_, alice, bob) = await PairAsync();
        await using var live = await bob.ConnectAsync();
        var jpeg = Pictures.Jpeg(1_600, 1_200);

        var sent = await alice.SendFileAsync("bob", "Holiday photo.jpg", jpeg, 4, "image/jpeg");

        var message = await live.NextMessageAsync();
        var key = sent.GetProperty("key").GetString()!;
        Assert.Matches("^[A-Za-z0-9]{15}_Holiday photo.jpg$", key);
        Assert.Equal(key, message.GetProperty("data").GetString());
        Assert.Equal("thumb_" + key, message.GetProperty("thumbnail").GetString());
        Assert.Equal(4, message.GetProperty("type").GetInt32());
        Assert.Equal("image/jpeg", message.GetProperty("contentType").GetString());
        Assert.Equal(jpeg.Length, message.GetProperty("size").GetInt64());
        Assert.Equal((1_600, 1_200), (sent.GetProperty("width").GetInt32(), sent.GetProperty("height").GetInt32()));

        Assert.Equal(jpeg, await bob.DownloadAsync(key));
        using var thumbnail = Image.NewFromBuffer(await bob.DownloadAsync("thumb_" + key));
        Assert.Equal((200, 150), (thumbnail.Width, thumbnail.Height));
        using var preview = Image.NewFromBuffer(await bob.DownloadAsync("preview_" + key));
        Assert.Equal((1_280, 960), (preview.Width, preview.Height));
    }

    [Fact]
    public async Task SendFile_KeyChosenByTheClient_IsKept()
    {
        var (_, alice, bob) = await PairAsync();
        const string Key = "abcdefghijklmnO_report_2026.pdf";
        var pdf = "%PDF-1.7 and so on"u8.ToArray();

        var upload = await alice.BeginUploadAsync("report 2026.pdf", pdf.Length, "application/pdf", key: Key);
        var again = await alice.BeginUploadAsync("report 2026.pdf", pdf.Length, "application/pdf", key: Key);
        await upload.PutAsync(pdf);
        var sent = await alice.CompleteUploadAsync(upload.Id, new { to = "bob", type = 7 });

        Assert.Equal((Key, upload.Id), (upload.Key, again.Id));
        Assert.Equal(Key, sent.GetProperty("key").GetString());
        Assert.Equal("application/pdf", sent.GetProperty("contentType").GetString());
        Assert.Equal(pdf, await bob.DownloadAsync(Key));
        await alice.PostUploadAsync("other", 5, key: Key).ProblemAsync("file_key_taken", "key");
        await bob.PostUploadAsync("other", pdf.Length, key: Key).ProblemAsync("file_key_taken", "key");
    }

    [Fact]
    public async Task Complete_WithoutReports_NobodyIsToldWhenItWasRead()
    {
        var (_, alice, bob) = await PairAsync();
        foreach (var reports in (bool?[])[false, null])
        {
            var upload = await alice.BeginUploadAsync("a.txt", 5);
            await upload.PutAsync("hello"u8.ToArray());
            await alice.CompleteUploadAsync(upload.Id, new { to = "bob", type = 7, reports });
        }

        var conversation = (await bob.GetJsonAsync("/api/v1/messages?with=alice")).GetProperty("conversation").GetString();
        await bob.PostJsonAsync("/api/v1/receipts", new { receipts = new[] { new { conversation, delivered = 2, read = 2 } } });

        var messages = (await alice.GetJsonAsync("/api/v1/messages?with=bob")).GetProperty("messages").EnumerateArray()
            .OrderBy(message => message.GetProperty("sequence").GetInt64()).ToList();
        Assert.False(messages[0].GetProperty("reports").GetBoolean());
        Assert.False(messages[0].TryGetProperty("readAt", out _));
        Assert.False(messages[1].TryGetProperty("reports", out _));
        Assert.True(messages[1].TryGetProperty("readAt", out _));
    }

    [Fact]
    public async Task Complete_Repeated_SendsOnceAndAnswersTheSame()
    {
        var (project, alice, bob) = await PairAsync();
        var upload = await alice.BeginUploadAsync("a.png", Pictures.Png(40, 30).Length);
        await upload.PutAsync(Pictures.Png(40, 30));
        var body = new { to = "bob", type = 4, clientMessageId = "once" };

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => alice.CompleteUploadAsync(upload.Id, body)));
        var later = await alice.CompleteUploadAsync(upload.Id, body);

        Assert.All(answers, answer => Assert.Equal(1, answer.GetProperty("message").GetProperty("sequence").GetInt64()));
        Assert.True(later.GetProperty("message").GetProperty("duplicate").GetBoolean());
        Assert.Single((await bob.GetJsonAsync("/api/v1/messages?with=alice")).GetProperty("messages").EnumerateArray());
        await alice.PostCompleteAsync(upload.Id, new { to = "bob", type = 4, clientMessageId = "twice" }).ProblemAsync("upload_completed");
        await alice.PostAsync($"/api/v1/files/{upload.Id}/renew").ProblemAsync("upload_completed");
        await alice.CancelUploadAsync(upload.Id).ProblemAsync("upload_completed");
        Assert.Equal(1, await CountAsync(project, "filemeter", "f|"));
    }

    [Fact]
    public async Task Upload_InterruptedAndResumed_ArrivesIntact()
    {
        var (_, alice, bob) = await PairAsync();
        var bytes = RandomNumberGenerator.GetBytes(10_000_000);
        var upload = await alice.BeginUploadAsync("film.bin", bytes.Length);
        await upload.PutBlockAsync(2, bytes.AsMemory(2 * upload.BlockSize));
        await upload.PutBlockAsync(0, bytes.AsMemory(0, upload.BlockSize));

        await alice.PostCompleteAsync(upload.Id, new { to = "bob" }).ProblemAsync("upload_incomplete", "size");
        var resumed = await alice.RenewUploadAsync(upload.Id);
        await resumed.PutBlockAsync(1, bytes.AsMemory(upload.BlockSize, upload.BlockSize));
        var sent = await alice.CompleteUploadAsync(upload.Id, new { to = "bob" });

        Assert.Equal([0, 2], resumed.Blocks);
        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(await bob.DownloadAsync(sent.GetProperty("key").GetString()!)));
    }

    [Fact]
    public async Task UploadAddress_AnythingButWritingTheOneBlob_IsRefused()
    {
        var (_, alice, _) = await PairAsync();
        var upload = await alice.BeginUploadAsync("a.txt", 5);
        var other = await alice.BeginUploadAsync("b.txt", 5);
        using var put = await upload.PutWholeAsync("hello"u8.ToArray());
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);

        using var read = await upload.TryAsync(HttpMethod.Get);
        using var delete = await upload.TryAsync(HttpMethod.Delete);
        using var list = await upload.TryAsync(HttpMethod.Get, new Uri(upload.Url + "&comp=blocklist"));
        using var elsewhere = await UploadClient.Storage.PutAsync(
            new Uri(other.Url.GetLeftPart(UriPartial.Path) + upload.Url.Query + "&comp=block&blockid=MDAwMDAwMDA="),
            new StringContent("x"));

        Assert.All([read, delete, list, elsewhere], response => Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode));
    }

    [Fact]
    public async Task SendVideo_FrameMadeByTheClient_BecomesTheThumbnail()
    {
        var (project, alice, bob) = await PairAsync();
        var frame = await alice.BeginUploadAsync("frame.png", Pictures.Png(640, 360).Length, "image/png", "thumbnail");
        await frame.PutAsync(Pictures.Png(640, 360));
        var video = Pictures.Mp4(300_000);
        var upload = await alice.BeginUploadAsync("film.mp4", video.Length, "video/mp4");
        await upload.PutAsync(video);

        var sent = await alice.CompleteUploadAsync(upload.Id, new { to = "bob", type = 5, thumbnailUpload = frame.Id });

        var key = sent.GetProperty("key").GetString()!;
        Assert.Equal(("thumb_" + key, 5), (sent.GetProperty("thumbnail").GetString(), sent.GetProperty("type").GetInt32()));
        using var thumbnail = Image.NewFromBuffer(await bob.DownloadAsync("thumb_" + key));
        Assert.Equal((200, 113), (thumbnail.Width, thumbnail.Height));
        Assert.Equal(1, await CountAsync(project, "files", ""));
    }

    [Fact]
    public async Task SendVideo_KeyOfAThumbnail_IsPassedOnButNoAddressOfAnotherServer()
    {
        var (_, alice, _) = await PairAsync();
        var upload = await alice.BeginUploadAsync("film.mp4", 2_000, "video/mp4");
        await upload.PutAsync(Pictures.Mp4(2_000));

        await alice.PostCompleteAsync(upload.Id, new { to = "bob", type = 5, thumbnailUrl = "javascript:alert(1)" })
            .ProblemAsync("invalid_field", "thumbnail");
        await alice.PostCompleteAsync(upload.Id, new { to = "bob", type = 5, thumbnailUrl = "https://example.com/a.png" })
            .ProblemAsync("invalid_field", "thumbnail");
        var sent = await alice.CompleteUploadAsync(upload.Id, new { to = "bob", type = 5, thumbnailUrl = "abcdefghijklmno_a.png" });

        Assert.Equal("abcdefghijklmno_a.png", sent.GetProperty("thumbnail").GetString());
    }

    [Fact]
    public async Task UploadPhoto_OfAProfile_BecomesASquareWithoutMetadata()
    {
        var (_, alice, bob) = await PairAsync();

        var photo = await alice.SendFileAsync(null, "me.jpg", Pictures.Jpeg(1_000, 700, orientation: 6, gps: true), kind: "photo");
        await alice.SendAsync(new HttpRequestMessage(HttpMethod.Put, "/api/v1/profile")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { photo = photo.GetProperty("key").GetString() }),
        }).JsonAsync();

        var lookup = await bob.PostJsonAsync("/api/v1/users/lookup", new { ids = new[] { "alice" } });
        var key = lookup.GetProperty("users")[0].GetProperty("photo").GetString()!;
        var bytes = await bob.DownloadAsync(key);
        using var picture = Image.NewFromBuffer(bytes);
        Assert.Equal((640, 640), (picture.Width, picture.Height));
        Assert.DoesNotContain(picture.GetFields(), field => field.StartsWith("exif-ifd", StringComparison.Ordinal));
        using var thumbnail = Image.NewFromBuffer(await bob.DownloadAsync("thumb_" + key));
        Assert.Equal((200, 200), (thumbnail.Width, thumbnail.Height));
        Assert.False(photo.TryGetProperty("message", out _));
        Assert.Equal(404, (int)(await bob.GetMediaAsync("preview_" + key)).StatusCode);
    }

    [Fact]
    public async Task SendFile_ToNobody_IsRefusedAndLeavesNothing()
    {
        var (project, alice, _) = await PairAsync();
        var upload = await alice.BeginUploadAsync("a.txt", 5);
        await upload.PutAsync("hello"u8.ToArray());

        await alice.PostCompleteAsync(upload.Id, new { to = "nobody" }).ProblemAsync("recipient_not_found");
        await alice.PostCompleteAsync(upload.Id, new { to = "nobody" }).ProblemAsync("recipient_not_found");

        Assert.Empty(await project.BlobsAsync());
        Assert.Equal(0, await project.App.Get<FileMeter>().TotalAsync(project.Id, CancellationToken.None));
    }

    private static async Task<int> CountAsync(TestProject project, string table, string rowPrefix)
    {
        var (from, to) = Keys.ProjectRange(project.Id);
        var rows = await project.App.Get<StorageClients>().Table(table).QueryAsync(
            $"PartitionKey ge {project.Id} and PartitionKey lt {to}", 1_000, CancellationToken.None);
        return rows.Count(row => row.RowKey.StartsWith(rowPrefix, StringComparison.Ordinal));
    }

    private async Task<(TestProject Project, TestSession Alice, TestSession Bob)> PairAsync()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        return (project, alice, await (await project.CreateUserAsync("bob")).LogInAsync());
    }
}
