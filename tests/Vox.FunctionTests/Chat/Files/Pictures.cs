using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using NetVips;

namespace Vox.Tests.Files;

/// <summary>Makes pictures: good ones with libvips, bad ones by hand.</summary>
internal static class Pictures
{
    private static readonly byte[] PngMagic = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256)
        .Select(n => Enumerable.Range(0, 8).Aggregate((uint)n, (c, _) => (c & 1) == 1 ? 0xEDB88320 ^ (c >> 1) : c >> 1))];

    public static byte[] Jpeg(int width, int height, int orientation = 0, bool gps = false)
    {
        using var image = Gradient(width, height).Mutate(m =>
        {
            if (orientation > 0)
            {
                m.Set(GValue.GIntType, "orientation", orientation);
            }

            if (gps)
            {
                m.Set(GValue.GStrType, "exif-ifd3-GPSLatitude", "52/1 30/1 0/1 (52, 30,  0, Rational, 3 components, 24 bytes)");
                m.Set(GValue.GStrType, "exif-ifd0-Model", "SecretCamera (SecretCamera, ASCII, 13 components, 13 bytes)");
            }
        });
        return image.JpegsaveBuffer(q: 85);
    }

    public static byte[] Png(int width, int height)
    {
        using var image = Gradient(width, height);
        return image.PngsaveBuffer();
    }

    public static byte[] Encode(int width, int height, Func<Image, byte[]> save)
    {
        using var image = Gradient(width, height);
        return save(image);
    }

    /// <summary>A PNG of one grey, written line by line: 30,000 × 30,000 in a few hundred kilobytes.</summary>
    public static byte[] FlatPng(int width, int height, int bitDepth = 1)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = (byte)bitDepth;
        var line = new byte[1 + (((width * bitDepth) + 7) / 8)];
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var i = 0; i < height; i++)
            {
                zlib.Write(line);
            }
        }

        return [.. PngMagic, .. Chunk("IHDR", header), .. Chunk("IDAT", data.ToArray()), .. Chunk("IEND", [])];
    }

    /// <summary>
    /// A black PNG whose lines come in seven passes, so that a decoder needs all of it for the first line: 8,000 × 8,000 in half a
    /// megabyte.
    /// </summary>
    /// <param name="bands">3: RGB; 4: with transparency.</param>
    public static byte[] InterlacedPng(int width, int height, int bitDepth, int bands)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)bitDepth, (byte)(bands == 3 ? 2 : 6), 1);
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (var (x, y, dx, dy) in new[]
            {
                (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
            })
            {
                var line = new byte[1 + ((width - x + dx - 1) / dx * bands * bitDepth / 8)];
                for (var i = y; i < height; i += dy)
                {
                    zlib.Write(line);
                }
            }
        }

        return [.. PngMagic, .. Chunk("IHDR", header), .. Chunk("IDAT", data.ToArray()), .. Chunk("IEND", [])];
    }

    public static byte[] Chunk(string type, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        var crc = uint.MaxValue;
        foreach (var b in chunk.AsSpan(4, 4 + data.Length))
        {
            crc = CrcTable[(crc ^ b) & 0xFF] ^ (crc >> 8);
        }

        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), ~crc);
        return chunk;
    }

    /// <summary>A GIF with the given number of frames of one pixel.</summary>
    public static byte[] Gif(int frames, int width = 1, int height = 1)
    {
        using var gif = new MemoryStream();
        gif.Write("GIF89a"u8);
        gif.Write([(byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
        for (var i = 0; i < frames; i++)
        {
            gif.Write([0x21, 0xF9, 4, 0, 1, 0, 0, 0]);
            gif.Write([0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0]);
        }

        gif.WriteByte(0x3B);
        return gif.ToArray();
    }

    /// <summary>The beginning of an MP4, followed by arbitrary bytes.</summary>
    public static byte[] Mp4(int length)
    {
        var bytes = new byte[length];
        new byte[] { 0, 0, 0, 24 }.CopyTo(bytes, 0);
        Encoding.ASCII.GetBytes("ftypisom\0\0\u0002\0isommp42").CopyTo(bytes, 4);
        for (var i = 24; i < length; i++)
        {
            bytes[i] = (byte)(i * 7);
        }

        return bytes;
    }

    private static Image Gradient(int width, int height)
    {
        using var xy = Image.Xyz(width, height);
        using var scaled = xy * new[] { 255.0 / width, 255.0 / height };
        using var blue = scaled[0].NewFromImage(128.0);
        using var joined = scaled.Bandjoin(blue);
        using var bytes = joined.Cast(Enums.BandFormat.Uchar);
        return bytes.Copy(interpretation: Enums.Interpretation.Srgb);
    }
}
