using System.IO.Compression;
using System.Text;
using NetVips;
using Vox.Tests.Fixture;

namespace Vox.Tests.Files;

/// <summary>Files that somebody made to hurt: refused or neutralised, with a code, without memory, and never shown as a page.</summary>
public sealed class HostileFileTests(Backends backends)
{
    private const int MemoryCapMegabytes = 256;
    private const string Html = "<!DOCTYPE html><html><script>alert(document.domain)</script></html>";
    private const string Svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(1)</script></svg>";

    private static readonly string[] Harmless = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "video/mp4"];

    /// <summary>File name, content, type as sent, type as it arrives, reason.</summary>
    private static IEnumerable<(string Name, byte[] Bytes, int Type, int Arrives, string? Reason)> Files()
    {
        var jpeg = Pictures.Jpeg(800, 600);
        var png = Pictures.Png(800, 600);
        var webp = Pictures.Encode(800, 600, image => image.WebpsaveBuffer());
        var avif = Pictures.Encode(64, 64, image => image.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1));

        yield return ("truncated.jpg", jpeg[..(jpeg.Length / 2)], 4, 7, "image_corrupt");
        yield return ("header only.jpg", jpeg[..20], 4, 7, "image_corrupt");
        yield return ("magic only.jpg", jpeg[..3], 4, 7, "image_corrupt");
        yield return ("truncated.png", png[..(png.Length / 2)], 4, 7, "image_corrupt");
        yield return ("truncated.webp", webp[..(webp.Length / 2)], 4, 7, "image_corrupt");
        yield return ("truncated.gif", Pictures.Gif(1)[..15], 4, 7, "image_corrupt");
        yield return ("truncated.avif", avif[..(avif.Length / 2)], 4, 7, "image_corrupt");
        yield return ("zeros inside.png", Holed(png), 4, 7, "image_corrupt");
        // Valid as far as WebP can tell.
        yield return ("zeros inside.webp", Holed(webp), 4, 4, null);
        yield return ("30000 squared.png", Pictures.FlatPng(30_000, 30_000), 4, 7, "image_too_many_pixels");
        yield return ("200000 by 2000.png", Pictures.FlatPng(200_000, 2_000, 8), 4, 7, "image_too_many_pixels");
        yield return ("65500 squared.jpg", Resized(jpeg, 65_500), 4, 7, "image_too_many_pixels");
        yield return ("65535 squared.gif", Pictures.Gif(1, 65_535, 65_535), 4, 7, "image_too_many_pixels");
        yield return ("10000 frames.gif", Pictures.Gif(10_000), 4, 7, "image_too_many_frames");
        yield return ("no width.png", Pictures.FlatPng(0, 10), 4, 7, "image_corrupt");
        yield return ("profile bomb.png", WithProfileBomb(png), 4, 4, null);
        yield return ("svg.png", Text(Svg), 4, 7, "not_an_image");
        yield return ("svg with prolog.png", Text("<?xml version=\"1.0\"?>" + Svg), 4, 7, "not_an_image");
        yield return ("entities.svg", Text("<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><svg>&x;</svg>"), 4, 7, "not_an_image");
        yield return ("packed.svgz", Gzip(Text(Svg)), 4, 7, "not_an_image");
        yield return ("page.png", Text(Html), 4, 7, "not_an_image");
        yield return ("page.pdf", Text(" \r\n\t" + Html), 7, 7, null);
        yield return ("page with mark.jpg", [0xEF, 0xBB, 0xBF, .. Text(Html)], 4, 7, "not_an_image");
        yield return ("page in utf-16.jpg", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Html)], 4, 7, "not_an_image");
        yield return ("page.mp4", Text(Html), 5, 7, "not_a_video");
        yield return ("page after text.txt", Text("hello " + Html), 7, 7, null);
        yield return ("script.png", Text("alert(document.cookie)"), 4, 7, "not_an_image");
        yield return ("xhtml.html", Text("<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"><script>alert(1)</script></html>"), 7, 7, null);
        yield return ("gif and script.gif", Text("GIF89a/*" + Html + "*/=1;alert(1)"), 4, 7, null);
        yield return ("jpeg and page.jpg", [.. jpeg, .. Text(Html)], 4, 4, null);
        yield return ("png magic and page.png", [.. png[..8], .. Text(Html)], 4, 7, "image_corrupt");
        yield return ("jpeg and zip.jpg", [.. jpeg, 0x50, 0x4B, 0x03, 0x04, .. new byte[100]], 4, 4, null);
        yield return ("pdf and page.pdf", Text("%PDF-1.4\n" + Html), 7, 7, null);
        yield return ("archive.png", [0x50, 0x4B, 0x03, 0x04, .. new byte[100]], 4, 7, "not_an_image");
        yield return ("program.jpg", [0x4D, 0x5A, .. new byte[300]], 4, 7, "not_an_image");
        yield return ("elf.mp4", [0x7F, 0x45, 0x4C, 0x46, .. new byte[300]], 5, 7, "not_a_video");
        yield return ("picture.mp4", jpeg, 5, 7, "not_a_video");
        yield return ("film.jpg", Pictures.Mp4(5_000), 4, 7, "not_an_image");
        yield return ("rubbish.heic", [0, 0, 0, 24, .. Text("ftypheic\0\0\0\0mif1heic"), .. new byte[2_000]], 4, 7, "image_unsupported");
        yield return ("rubbish.avif", [0, 0, 0, 24, .. Text("ftypavif\0\0\0\0mif1avif"), .. new byte[2_000]], 4, 7, "image_corrupt");
        yield return ("scan.tiff", Pictures.Encode(50, 50, image => image.TiffsaveBuffer()), 4, 7, "image_unsupported");
        yield return ("paint.bmp", Bitmap(), 4, 7, "image_unsupported");
        yield return ("layers.psd", [.. Text("8BPS"), .. new byte[500]], 4, 7, "image_unsupported");
        yield return ("magick.png", Text("push graphic-context\nimage over 0,0 0,0 'https://example.com/x.jpg\"|ls'\npop graphic-context"), 4, 7, "not_an_image");
        yield return ("matrix.jpg", Text("100000 100000\n1 2 3\n"), 4, 7, "not_an_image");
        yield return ("native.v", [0x08, 0xF2, 0xA6, 0xB6, .. new byte[500]], 4, 7, "not_an_image");
        yield return ("radiance.hdr", Text("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 100000 +X 100000\n"), 4, 7, "not_an_image");
    }

    [Fact]
    public async Task SendFile_Hostile_IsNeutralisedWithACodeAndWithinTheMemoryCap()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        await project.CreateUserAsync("bob");
        await alice.SendFileAsync("bob", "warm up.jpg", Pictures.Jpeg(2_000, 1_500), 4);
        var files = Files().ToList();
        Assert.True(files.Count >= 40, $"{files.Count} files");

        var failures = new List<string>();
        using var memory = new MemoryWatch();
        foreach (var (name, bytes, type, arrives, reason) in files)
        {
            var sent = await alice.SendFileAsync("bob", name, bytes, type, "image/png");
            var got = (sent.GetProperty("type").GetInt32(), sent.TryGetProperty("reason", out var why) ? why.GetString() : null);
            if (got.Item1 != arrives || (reason is not null && got.Item2 != reason) || (arrives == type && type != 7 && got.Item2 is not null))
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
    [InlineData("a\u0000b\r\nSet-Cookie: x.png", "a_b__Set-Cookie__x.png")]
    [InlineData("\u2066\u2069\u200F.png", "___.png")]
    [InlineData("\"><img src=x onerror=alert(1)>.png", "___img_src_x_onerror_alert_1__.png")]
    [InlineData("....", "file")]
    [InlineData("a.png?x=1#y%2e%2e%2f", "a.png_x_1_y_2e_2e_2f")]
    [InlineData("日本語 \ud83d\ude00.png", "日本語__.png")]
    public async Task BeginUpload_HostileName_BecomesHarmlessAndWorksAsAnAddress(string name, string harmless)
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();

        var sent = await alice.SendFileAsync("alice", name, Pictures.Png(10, 10), 4);

        var key = sent.GetProperty("key").GetString()!;
        Assert.Equal(harmless, key[16..]);
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
        foreach (var key in new[] { "short_a.png", "abcdefghijklmnO-a.png", "abcdefghijklmn!_a.png", "abcdefghijklmnO_../a", "abcdefghijklmnO_a\u202Eb.png", "abcdefghijklmnO_" })
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

        using var again = await upload.PutWholeAsync(Text(Html));
        await alice.CompleteUploadAsync(upload.Id, new { to = "alice", type = 4 });

        Assert.Equal(Pictures.Png(10, 10), await alice.DownloadAsync(sent.GetProperty("key").GetString()!));
    }

    [Theory]
    [InlineData("page.png", Html)]
    [InlineData("text.png", "just text")]
    public async Task UploadPhoto_ThatIsNoPicture_IsRefusedAndLeavesNothing(string name, string content)
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var upload = await alice.BeginUploadAsync(name, content.Length, kind: "photo");
        await upload.PutAsync(Text(content));

        await alice.PostCompleteAsync(upload.Id).ProblemAsync("not_an_image");

        Assert.Empty(await project.BlobsAsync());
    }

    /// <summary>What browsers would get: never something that runs, and shown in place only if it is a picture that could be read.</summary>
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
        if (arrives == 4 != (thumbnail.StatusCode == System.Net.HttpStatusCode.Redirect) && !name.StartsWith("picture", StringComparison.Ordinal))
        {
            failures.Add($"{name}: thumbnail {thumbnail.StatusCode}");
        }

        return failures;
    }

    private static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);

    private static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return stream.ToArray();
    }

    private static byte[] Holed(byte[] bytes)
    {
        var copy = bytes.ToArray();
        copy.AsSpan(copy.Length / 3, copy.Length / 3).Clear();
        return copy;
    }

    /// <summary>Another size in the frame header, as if there were more to come.</summary>
    private static byte[] Resized(byte[] jpeg, ushort size)
    {
        var copy = jpeg.ToArray();
        for (var i = 2; i < copy.Length - 9; i++)
        {
            if (copy[i] == 0xFF && copy[i + 1] is 0xC0 or 0xC2)
            {
                System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(i + 5), size);
                System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(i + 7), size);
                break;
            }
        }

        return copy;
    }

    /// <summary>A colour profile of 500 MB of zeros, packed.</summary>
    private static byte[] WithProfileBomb(byte[] png)
    {
        using var packed = new MemoryStream();
        packed.Write("bomb\0\0"u8);
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var zeros = new byte[1_048_576];
            for (var i = 0; i < 500; i++)
            {
                zlib.Write(zeros);
            }
        }

        return [.. png[..33], .. Pictures.Chunk("iCCP", packed.ToArray()), .. png[33..]];
    }

    private static byte[] Bitmap()
    {
        var bytes = new byte[54 + 12];
        Encoding.ASCII.GetBytes("BM", bytes);
        (bytes[2], bytes[10], bytes[14], bytes[18], bytes[22], bytes[26], bytes[28]) = (66, 54, 40, 2, 2, 1, 24);
        return bytes;
    }

    private sealed class MemoryWatch : IDisposable
    {
        private readonly Timer timer;
        private readonly long before;
        private long peak;

        public MemoryWatch()
        {
            GC.Collect();
            before = peak = Environment.WorkingSet;
            timer = new Timer(_ => Look(), null, 0, 10);
        }

        public long PeakMegabytes
        {
            get
            {
                Look();
                return (peak - before) / 1_048_576;
            }
        }

        public void Dispose() => timer.Dispose();

        private void Look() => peak = Math.Max(peak, Environment.WorkingSet);
    }
}
