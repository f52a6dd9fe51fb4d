using Microsoft.Win32.SafeHandles;

namespace Vox.Chat.Files;

/// <summary>A file that is put together from parts of another file and from bytes of our own.</summary>
internal sealed class Pieces(SafeFileHandle source)
{
    private readonly List<(long At, long Length, byte[]? Bytes)> pieces = [];

    public long Length { get; private set; }

    /// <summary>Takes over a part of the source as it is. Neighbours become one part.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The source is shorter.</exception>
    public void Keep(long at, long length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, RandomAccess.GetLength(source) - at);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length += length;
        if (pieces is [.., (var last, var before, null)] && last + before == at)
        {
            pieces[^1] = (last, before + length, null);
            return;
        }

        pieces.Add((at, length, null));
    }

    /// <param name="bytes">May still be changed until the file is written, but not in length.</param>
    public void Insert(byte[] bytes)
    {
        Length += bytes.Length;
        pieces.Add((0, bytes.Length, bytes));
    }

    public void WriteTo(string path)
    {
        using var target = File.Create(path);
        var buffer = new byte[81_920];
        foreach (var (start, length, bytes) in pieces)
        {
            if (bytes is not null)
            {
                target.Write(bytes);
                continue;
            }

            for (var (at, left) = (start, length); left > 0;)
            {
                var read = RandomAccess.Read(source, buffer.AsSpan(0, (int)Math.Min(left, buffer.Length)), at);
                target.Write(buffer, 0, read);
                (at, left) = (at + read, read == 0 ? 0 : left - read);
            }
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">The source is shorter.</exception>
    public static byte[] Read(SafeFileHandle source, long at, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, RandomAccess.GetLength(source) - at);
        var bytes = new byte[length];
        var read = 0;
        while (read < length && RandomAccess.Read(source, bytes.AsSpan(read), at + read) is > 0 and var more)
        {
            read += more;
        }

        return bytes;
    }
}
