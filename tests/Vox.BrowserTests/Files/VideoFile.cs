using System.Security.Cryptography;

namespace Vox.Tests.Files;

/// <summary>A file whose first bytes are those of a video. The rest can be anything.</summary>
internal sealed class VideoFile : IDisposable
{
    private VideoFile(string path, string hash) => (Path, Hash) = (path, hash);

    public string Path { get; }

    public string Hash { get; }

    public static async Task<VideoFile> WriteAsync(int length)
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "vox-" + System.IO.Path.GetRandomFileName() + ".mp4");
        await using var file = File.Create(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] head = [0, 0, 0, 24, .. "ftypisom\0\0\u0002\0isommp42"u8];
        for (var written = 0; written < length;)
        {
            var block = RandomNumberGenerator.GetBytes(Math.Min(1_000_000, length - written));
            if (written == 0)
            {
                head.CopyTo(block, 0);
            }

            hash.AppendData(block);
            await file.WriteAsync(block);
            written += block.Length;
        }

        return new VideoFile(path, Convert.ToHexString(hash.GetHashAndReset()));
    }

    public void Dispose() => File.Delete(Path);
}
