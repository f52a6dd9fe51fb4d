using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using NetVips;
using Vox.Tests.Files;
using Vox.Tests.Fixture;

namespace Vox.Tests.Hostile;

/// <summary>Uploads that were made to exhaust an instance, against a real process whose memory can be measured.</summary>
public sealed class UploadMemoryTests(Backends backends)
{
    private const int Megabyte = 1_048_576;

    [Fact]
    public async Task CompleteUpload_HostileUploads_ProcessStaysBelowTwiceItsIdleMemory()
    {
        var prefix = VoxApp.NewTablePrefix();
        await using var observer = await VoxApp.StartAsync(backends, tablePrefix: prefix);
        var alice = await (await (await observer.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();
        await using var process = await VoxProcess.StartAsync(backends, prefix);

        // Idle, but with all its libraries loaded.
        await CompleteAsync(process, alice, "warm up", Pictures.Jpeg(2_000, 1_500), []);
        var idle = process.Memory;

        // Each takes as much memory as one picture may, and they come at once.
        var greedy = Pictures.InterlacedPng(3_500, 3_500, 16, 3);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(i => CompleteAsync(process, alice, "greedy" + i, greedy, [])));

        // Large, but read line by line.
        var (_, large) = await CompleteAsync(process, alice, "large", Pictures.Jpeg(9_000, 7_000), []);
        Assert.Equal(4, large.GetProperty("type").GetInt32());
        foreach (var (name, bytes, headers) in Uploads())
        {
            var (status, answer) = await CompleteAsync(process, alice, name, bytes, headers);
            var isRefused = status is 413 or 415
                || (answer.TryGetProperty("reason", out var reason) && reason.GetString() == "image_too_many_pixels");
            Assert.True(isRefused, $"{name}: {status} {answer}");
        }

        var peak = process.PeakMemory;
        TestContext.Current.TestOutputHelper?.WriteLine($"Idle {idle / Megabyte} MB, at most {peak / Megabyte} MB.");
        Assert.True(peak < 2 * idle, $"Idle {idle / Megabyte} MB, at most {peak / Megabyte} MB.");
    }

    private static IEnumerable<(string Name, byte[] Bytes, string[] Headers)> Uploads()
    {
        yield return ("interlaced, 16 bits, 64 megapixels", Pictures.InterlacedPng(8_000, 8_000, 16, 3), []);
        yield return ("interlaced, transparent, 36 megapixels", Pictures.InterlacedPng(6_000, 6_000, 8, 4), []);
        yield return ("progressive", Pictures.Encode(5_000, 5_000, image => image.JpegsaveBuffer(
            interlace: true, subsampleMode: Enums.ForeignSubsample.Off)), []);
        yield return ("lossless WebP", Pictures.Encode(5_900, 5_900, image => image.WebpsaveBuffer(lossless: true, effort: 0)), []);
        var bomb = Bomb();
        yield return ("bomb as file", bomb, ["x-ms-blob-content-encoding: br"]);
        yield return ("bomb as photo", bomb, ["x-ms-blob-content-encoding: br"]);
        yield return ("gzip bomb", Gzip(), ["x-ms-blob-content-encoding: gzip"]);
        yield return ("more than announced", new byte[24 * Megabyte], []);
    }

    /// <summary>Uploads past the process, and completes through it.</summary>
    private static async Task<(int Status, JsonElement Answer)> CompleteAsync(
        VoxProcess process, TestSession alice, string name, byte[] bytes, string[] headers)
    {
        var isPhoto = name.EndsWith("photo", StringComparison.Ordinal);
        var size = name.StartsWith("more", StringComparison.Ordinal) ? 1 : bytes.Length;
        var upload = await alice.BeginUploadAsync(name, size, kind: isPhoto ? "photo" : null);
        using var put = await upload.PutWholeAsync(bytes, headers);
        Assert.Equal(201, (int)put.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/files/{upload.Id}/complete")
        {
            Content = JsonContent.Create(new { to = isPhoto ? null : "alice", type = 4 }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", alice.AccessToken);
        using var response = await process.Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    private static byte[] Bomb()
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            Fill(brotli);
        }

        return packed.ToArray();
    }

    private static byte[] Gzip()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            Fill(gzip);
        }

        return packed.ToArray();
    }

    private static void Fill(Stream packer)
    {
        var zeros = new byte[Megabyte];
        for (var i = 0; i < 1_000; i++)
        {
            packer.Write(zeros);
        }
    }
}
