using System.Text;
using NetVips;
using Vox.Chat.Projects;
using Vox.Tests.Fixture;

namespace Vox.Tests.Files;

/// <summary>What a picture says about the place where it was taken does not reach its readers.</summary>
public sealed class MetadataTests(Backends backends)
{
    [Theory]
    [InlineData("jpeg", 4)]
    [InlineData("jpeg", 7)]
    [InlineData("png", 4)]
    [InlineData("webp", 4)]
    public async Task SendPicture_WithItsPlace_OriginalArrivesWithoutItButUprightAndWithTheSamePixels(string format, int type)
    {
        var (_, alice) = await AliceAsync();
        var picture = Tagged(format);
        Assert.Contains("SecretCamera", Encoding.Latin1.GetString(picture), StringComparison.Ordinal);

        var sent = await alice.SendFileAsync("alice", "holiday", picture, type);

        var key = sent.GetProperty("key").GetString()!;
        var original = await alice.DownloadAsync(key);
        Assert.DoesNotContain("SecretCamera", Encoding.Latin1.GetString(original), StringComparison.Ordinal);
        Assert.Equal(original.Length, sent.GetProperty("size").GetInt64());
        using var before = Image.NewFromBuffer(picture);
        using var after = Image.NewFromBuffer(original);
        Assert.DoesNotContain(after.GetFields(), field => field.Contains("GPS", StringComparison.Ordinal));
        Assert.Equal((int)before.Get("orientation"), (int)after.Get("orientation"));
        Assert.Equal(before.WriteToMemory<byte>(), after.WriteToMemory<byte>());
        Assert.Equal((90, 120), (sent.GetProperty("width").GetInt32(), sent.GetProperty("height").GetInt32()));
        using var preview = Image.NewFromBuffer(await alice.DownloadAsync("preview_" + key));
        Assert.Equal((90, 120), (preview.Width, preview.Height));
    }

    /// <summary>Phones write HEIC, which is built in the same way. Its pixels cannot be decoded here, and need not be.</summary>
    [Theory]
    [InlineData("avif")]
    [InlineData("heic")]
    public async Task SendPicture_OfAPhonesFormatWithItsPlace_OriginalArrivesWithoutItAndWithTheSamePixels(string brand)
    {
        var (_, alice) = await AliceAsync();
        using var image = Image.NewFromBuffer(Tagged("jpeg"));
        var picture = image.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, lossless: true, effort: 0);
        using var before = Image.NewFromBuffer([.. picture]);
        Encoding.ASCII.GetBytes(brand + "\0\0\0\0" + brand + brand).CopyTo(picture, 8);
        Assert.Contains("SecretCamera", Encoding.Latin1.GetString(picture), StringComparison.Ordinal);

        var sent = await alice.SendFileAsync("alice", "holiday", picture, 4);

        Assert.Equal("image/" + brand, sent.GetProperty("contentType").GetString());
        var original = await alice.DownloadAsync(sent.GetProperty("key").GetString()!);
        Assert.DoesNotContain("SecretCamera", Encoding.Latin1.GetString(original), StringComparison.Ordinal);
        Assert.Equal(picture.Length, original.Length);
        // As AVIF again, for the decoder.
        Encoding.ASCII.GetBytes("avif").CopyTo(original, 8);
        Encoding.ASCII.GetBytes("avif").CopyTo(original, 16);
        using var after = Image.NewFromBuffer(original);
        Assert.DoesNotContain(after.GetFields(), field => field.Contains("GPS", StringComparison.Ordinal));
        Assert.Equal(before.WriteToMemory<byte>(), after.WriteToMemory<byte>());
    }

    [Fact]
    public async Task SendPicture_WithAFilmBehindIt_OriginalArrivesWithoutTheFilm()
    {
        var (_, alice) = await AliceAsync();
        var picture = Tagged("jpeg");

        var sent = await alice.SendFileAsync("alice", "motion.jpg", [.. picture, .. Pictures.Mp4(5_000)], 4);

        var original = await alice.DownloadAsync(sent.GetProperty("key").GetString()!);
        Assert.True(original.Length < picture.Length);
        Assert.Equal([0xFF, 0xD9], original[^2..]);
    }

    [Fact]
    public async Task SendPicture_WithNothingToHide_ArrivesByteForByte()
    {
        var (_, alice) = await AliceAsync();
        foreach (var picture in new[] { Pictures.Jpeg(120, 90), Pictures.Png(120, 90) })
        {
            var sent = await alice.SendFileAsync("alice", "plain", picture, 4);

            Assert.Equal(picture, await alice.DownloadAsync(sent.GetProperty("key").GetString()!));
        }
    }

    [Fact]
    public async Task SendPicture_ProjectAsksToKeepIt_ArrivesByteForByte()
    {
        var (project, alice) = await AliceAsync();
        await project.App.Get<ProjectService>().UpdateAsync(
            project.Id, found => found with { KeepsMetadata = true }, CancellationToken.None);
        var picture = Tagged("jpeg");

        var sent = await alice.SendFileAsync("alice", "holiday.jpg", picture, 4);

        Assert.Equal(picture, await alice.DownloadAsync(sent.GetProperty("key").GetString()!));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SendPicture_ThatLacksItsLastBytes_IsStillAPhotoWithAThumbnail(bool progressive)
    {
        var (_, alice) = await AliceAsync();
        var picture = Pictures.Encode(900, 600, image => image.JpegsaveBuffer(interlace: progressive))[..^40];

        var sent = await alice.SendFileAsync("alice", "cut.jpg", picture, 4);

        Assert.Equal((4, false), (sent.GetProperty("type").GetInt32(), sent.TryGetProperty("reason", out _)));
        using var thumbnail = Image.NewFromBuffer(await alice.DownloadAsync(sent.GetProperty("thumbnail").GetString()!));
        Assert.Equal((200, 133), (thumbnail.Width, thumbnail.Height));
        Assert.Equal(picture, await alice.DownloadAsync(sent.GetProperty("key").GetString()!));
    }

    /// <summary>A picture of 120 × 90 that is to be turned, with a place and a camera.</summary>
    private static byte[] Tagged(string format)
    {
        var jpeg = Pictures.Jpeg(120, 90, orientation: 6, gps: true);
        if (format == "jpeg")
        {
            return jpeg;
        }

        using var image = Image.NewFromBuffer(jpeg);
        return format == "png" ? image.PngsaveBuffer() : image.WebpsaveBuffer(lossless: true);
    }

    private async Task<(TestProject Project, TestSession Alice)> AliceAsync()
    {
        var project = await backends.App.CreateProjectAsync();
        return (project, await (await project.CreateUserAsync("alice")).LogInAsync());
    }
}
