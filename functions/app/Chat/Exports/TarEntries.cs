using System.Formats.Tar;

namespace Vox.Chat.Exports;

/// <summary>
/// Parts of a tar archive (POSIX.1-2001, pax). Unlike a zip file it needs no list at its end, so it can be written piece by piece, by
/// several processes one after the other.
/// </summary>
internal static class TarEntries
{
    private const int Block = 512;

    /// <summary>Two empty blocks end an archive.</summary>
    public static byte[] End => new byte[2 * Block];

    /// <summary>Zeros after the content, up to the next block.</summary>
    public static byte[] Padding(long size) => new byte[(Block - (size % Block)) % Block];

    /// <summary>What stands before the content. The runtime's writer makes it: long names and sizes need more than one block.</summary>
    public static async Task<byte[]> HeaderAsync(string name, long size, DateTimeOffset time)
    {
        using var archive = new MemoryStream();
        var content = new NoContent(size, () => archive.Length);
        var written = 0L;
        await using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = content,
                ModificationTime = time,
                Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            });
            written = archive.Length;
        }

        // An empty file is not read.
        return archive.ToArray()[..(int)(content.Before < 0 ? written : content.Before)];
    }

    public static async Task<byte[]> FileAsync(string name, byte[] content, DateTimeOffset time) =>
        [.. await HeaderAsync(name, content.Length, time), .. content, .. Padding(content.Length)];

    /// <summary>Says how long it is, has nothing in it, and remembers how long the archive was when somebody wanted to read.</summary>
    private sealed class NoContent(long length, Func<long> written) : Stream
    {
        public long Before { get; private set; } = -1;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Before = Before < 0 ? written() : Before;
            return 0;
        }

        public override long Seek(long offset, SeekOrigin origin) => Position = offset;

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
