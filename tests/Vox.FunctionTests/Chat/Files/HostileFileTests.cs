using System.IO.Compression;
using System.Text;
using NetVips;
using Vox.Tests.Fixture;

namespace Vox.Tests.Files;

/// <summary>
/// Files that somebody made to do harm. They are refused or neutralised, with a code and without much memory, and never shown as a page.
/// </summary>
public sealed class HostileFileTests(Backends backends)
{
    private const int MemoryCapMegabytes = 256;
    private static readonly string[] Harmless = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "video/mp4"];

    [Fact]
    public async Task SendFile_Hostile_IsNeutralisedWithACodeAndWithinTheMemoryCap()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        await project.CreateUserAsync("bob");
        await alice.SendFileAsync("bob", "warm up.jpg", Pictures.Jpeg(2_000, 1_500), 4);
        var files = HostileFiles.All().ToList();
        Assert.True(files.Count >= 40, $"{files.Count} files");

        var failures = new List<string>();
        using var memory = new MemoryWatch();
        foreach (var (name, bytes, type, arrives, reason) in files)
        {
            var sent = await alice.SendFileAsync("bob", name, bytes, type, "image/png");
            var got = (sent.GetProperty("type").GetInt32(), sent.TryGetProperty("reason", out var why) ? why.GetString() : null);
            if (got.Item1 != arrives
                || (reason is not null && got.Item2 != reason)
                || (arrives == type && type != 7 && got.Item2 is not null))
            {
                failures.Add($"{name}: expected {(arrives, reason)}, got {got}");
            }

            failures.AddRange(await DeliveryAsync(alice, name, sent.GetProperty("key").GetString()!, arrives));
        }

        Assert.Empty(failures);
        Assert.True(memory.PeakMegabytes < MemoryCapMegabytes, $"{memory.PeakMegabytes} MB more than before");
        TestContext.Current.TestOutputHelper?.WriteLine($"{files.Count} files, {memory.PeakMegabytes} MB more than before at most.");
    }

    [Theory]
    [InlineData("../../etc/passwd", "_.._etc_passwd")]
    [InlineData("..\\..\\windows\\system32\\cmd.exe", "_.._windows_system32_cmd.exe")]
    [InlineData("gepj.exe\u202Egpj.jpg", "gepj.exe_gpj.jpg")]
    [InlineData("a\u0000b\r\nSet-Cookie: x.png", "a_b__Set-Cookie_ x.png")]
    [InlineData("\u2066\u2069\u200F.png", "___.png")]
    [InlineData("\"><img src=x onerror=alert(1)>.png", "___img src_x onerror_alert_1__.png")]
    [InlineData("....", "file")]
    [InlineData("a.png?x=1#y%2e%2e%2f", "a.png_x_1_y_2e_2e_2f")]
    [InlineData("日本語 \ud83d\ude00.png", "日本語 _.png")]
    [InlineData("मेरी तस्वीर.png", "मेरी तस्वीर.png")]
    [InlineData("รูปที่ฉันถ่าย.png", "รูปที่ฉันถ่าย.png")]
    [InlineData("தமிழ் படம்.png", "தமிழ் படம்.png")]
    [InlineData("שָׁלוֹם.png", "שָׁלוֹם.png")]
    [InlineData("𠮷野家.png", "𠮷野家.png")]
    [InlineData("1\uFE0F\u20E3.png", "1\uFE0F_.png")]
    [InlineData("Cafe\u0301.png", "Cafe\u0301.png")]
    [InlineData("Screenshot from 2018-01-12 16-29-44.png", "Screenshot from 2018-01-12 16-29-44.png")]
    public async Task BeginUpload_HostileName_BecomesHarmlessAndWorksAsAnAddress(string name, string harmless)
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();

        var sent = await alice.SendFileAsync("alice", name, Pictures.Png(10, 10), 4);

        var key = sent.GetProperty("key").GetString()!;
        Assert.Equal((4, harmless), (sent.GetProperty("type").GetInt32(), key[16..]));
        using var media = await alice.GetMediaAsync(key, "?t=1");
        Assert.Equal(302, (int)media.StatusCode);
        Assert.Equal(Pictures.Png(10, 10), await alice.DownloadAsync(key));
    }

    [Fact]
    public async Task BeginUpload_BadRequest_IsRefusedWithItsCode()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();

        await alice.PostUploadAsync("a.png", 0).ProblemAsync("empty_file", "size");
        await alice.PostUploadAsync("a.png", -1).ProblemAsync("invalid_field", "size");
        await alice.PostUploadAsync("a.png", long.MaxValue).ProblemAsync("file_too_large", "size");
        await alice.PostUploadAsync(null, 5).ProblemAsync("missing_field", "name");
        await alice.PostUploadAsync(new string('x', 2_000), 5).ProblemAsync("too_long", "name");
        await alice.PostUploadAsync("a.png", 5, kind: "virus").ProblemAsync("invalid_field", "kind");
        await alice.PostUploadAsync("a.png", 5, "image/png\r\nx: y").ProblemAsync("invalid_field", "contentType");
        foreach (var key in new[]
        {
            "short_a.png",
            "abcdefghijklmnO-a.png",
            "abcdefghijklmn!_a.png",
            "abcdefghijklmnO_../a",
            "abcdefghijklmnO_a\u202Eb.png",
            "abcdefghijklmnO_"
        })
        {
            await alice.PostUploadAsync("a.png", 5, key: key).ProblemAsync("invalid_field", "key");
        }

        var thousand = await alice.BeginUploadAsync(new string('x', 1_000) + ".png", 5);
        Assert.Equal(116, thousand.Key.Length);
        Assert.EndsWith("x.png", thousand.Key, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_OfSomebodyElse_IsNotFound()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        var upload = await alice.BeginUploadAsync("a.txt", 5);
        await upload.PutAsync("hello"u8.ToArray());

        await bob.PostCompleteAsync(upload.Id, new { to = "alice" }).ProblemAsync("upload_not_found");
        await bob.PostAsync($"/api/v1/files/{upload.Id}/renew").ProblemAsync("upload_not_found");
        Assert.Equal(204, (int)(await bob.CancelUploadAsync(upload.Id)).StatusCode);
        await alice.PostCompleteAsync("nonsense", new { to = "bob" }).ProblemAsync("upload_not_found");
        Assert.Equal(7, (await alice.CompleteUploadAsync(upload.Id, new { to = "bob" })).GetProperty("type").GetInt32());
    }

    [Fact]
    public async Task Upload_BlocksInTheWrongOrder_ArriveInTheOrderOfTheirNumbers()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var bytes = System.Security.Cryptography.RandomNumberGenerator.GetBytes(9_000_000);
        var upload = await alice.BeginUploadAsync("a.bin", bytes.Length);
        foreach (var number in new[] { 2, 0, 1 })
        {
            var at = number * upload.BlockSize;
            await upload.PutBlockAsync(number, bytes.AsMemory(at, Math.Min(upload.BlockSize, bytes.Length - at)));
        }

        var sent = await alice.CompleteUploadAsync(upload.Id, new { to = "alice" });

        Assert.Equal(bytes, await alice.DownloadAsync(sent.GetProperty("key").GetString()!));
    }

    [Fact]
    public async Task Upload_BlocksCommittedByTheClientInTheWrongOrder_IsADocument()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var jpeg = Pictures.Jpeg(800, 600);
        var upload = await alice.BeginUploadAsync("a.jpg", jpeg.Length);
        await upload.PutBlockAsync(0, jpeg.AsMemory(0, jpeg.Length / 2));
        await upload.PutBlockAsync(1, jpeg.AsMemory(jpeg.Length / 2));
        using var commit = await upload.CommitAsync(1, 0);
        Assert.Equal(201, (int)commit.StatusCode);

        var sent = await alice.CompleteUploadAsync(upload.Id, new { to = "alice", type = 4 });

        Assert.Equal((7, "not_an_image"), (sent.GetProperty("type").GetInt32(), sent.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task UploadAddress_UsedAfterComplete_ChangesNothing()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var upload = await alice.BeginUploadAsync("a.png", Pictures.Png(10, 10).Length);
        await upload.PutAsync(Pictures.Png(10, 10));
        var sent = await alice.CompleteUploadAsync(upload.Id, new { to = "alice", type = 4 });

        using var again = await upload.PutWholeAsync(HostileFiles.Text(HostileFiles.Html));
        Assert.Equal(412, (int)again.StatusCode);
        await alice.CompleteUploadAsync(upload.Id, new { to = "alice", type = 4 });

        Assert.Equal(Pictures.Png(10, 10), await alice.DownloadAsync(sent.GetProperty("key").GetString()!));
    }

    [Theory]
    [InlineData("page.png", HostileFiles.Html)]
    [InlineData("text.png", "just text")]
    public async Task UploadPhoto_ThatIsNoPicture_IsRefusedAndLeavesNothing(string name, string content)
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var upload = await alice.BeginUploadAsync(name, content.Length, kind: "photo");
        await upload.PutAsync(HostileFiles.Text(content));

        await alice.PostCompleteAsync(upload.Id).ProblemAsync("not_an_image");

        Assert.Empty(await project.BlobsAsync());
    }

    /// <summary>
    /// Checks what browsers would get. It is never something that runs, and it is shown in place only if it is a picture that could be
    /// read.
    /// </summary>
    private static async Task<List<string>> DeliveryAsync(TestSession session, string name, string key, int arrives)
    {
        var failures = new List<string>();
        using var redirect = await session.GetMediaAsync(key);
        using var response = await UploadClient.Storage.GetAsync(redirect.Headers.Location);
        var type = response.Content.Headers.ContentType?.MediaType ?? "";
        var disposition = response.Content.Headers.ContentDisposition?.DispositionType;
        if (redirect.Headers.GetValues("X-Content-Type-Options").Single() != "nosniff"
            || !redirect.Headers.GetValues("Content-Security-Policy").Single().Contains("sandbox", StringComparison.Ordinal))
        {
            failures.Add($"{name}: no nosniff or sandbox");
        }

        if (disposition == "inline" ? !Harmless.Contains(type) : disposition != "attachment")
        {
            failures.Add($"{name}: {type} {disposition}");
        }

        if (new[] { "html", "xml", "svg", "script" }.Any(active => type.Contains(active, StringComparison.OrdinalIgnoreCase)))
        {
            failures.Add($"{name}: delivered as {type}");
        }

        using var thumbnail = await session.GetMediaAsync("thumb_" + key);
        if (arrives == 4 != (thumbnail.StatusCode == System.Net.HttpStatusCode.Redirect)
            && !name.StartsWith("picture", StringComparison.Ordinal))
        {
            failures.Add($"{name}: thumbnail {thumbnail.StatusCode}");
        }

        return failures;
    }
}
