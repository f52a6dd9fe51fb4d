using System.IO.Compression;
using System.Text;
using NetVips;

namespace Vox.Tests.Files;

/// <summary>Files that somebody made to do harm.</summary>
internal static class HostileFiles
{
    public const string Html = "<!DOCTYPE html><html><script>alert(document.domain)</script></html>";
    public const string Svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(1)</script></svg>";

    /// <summary>File name, content, type as sent, type as it arrives, reason.</summary>
    public static IEnumerable<(string Name, byte[] Bytes, int Type, int Arrives, string? Reason)> All()
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
        yield return (
            "entities.svg",
            Text("<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><svg>&x;</svg>"),
            4,
            7,
            "not_an_image");
        yield return ("packed.svgz", Gzip(Text(Svg)), 4, 7, "not_an_image");
        yield return ("page.png", Text(Html), 4, 7, "not_an_image");
        yield return ("page.pdf", Text(" \r\n\t" + Html), 7, 7, null);
        yield return ("page with mark.jpg", [0xEF, 0xBB, 0xBF, .. Text(Html)], 4, 7, "not_an_image");
        yield return ("page in utf-16.jpg", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Html)], 4, 7, "not_an_image");
        yield return ("page.mp4", Text(Html), 5, 7, "not_a_video");
        yield return ("page after text.txt", Text("hello " + Html), 7, 7, null);
        yield return ("script.png", Text("alert(document.cookie)"), 4, 7, "not_an_image");
        yield return (
            "xhtml.html",
            Text("<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"><script>alert(1)</script></html>"),
            7,
            7,
            null);
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
        yield return (
            "magick.png",
            Text("push graphic-context\nimage over 0,0 0,0 'https://example.com/x.jpg\"|ls'\npop graphic-context"),
            4,
            7,
            "not_an_image");
        yield return ("matrix.jpg", Text("100000 100000\n1 2 3\n"), 4, 7, "not_an_image");
        yield return ("native.v", [0x08, 0xF2, 0xA6, 0xB6, .. new byte[500]], 4, 7, "not_an_image");
        yield return ("radiance.hdr", Text("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 100000 +X 100000\n"), 4, 7, "not_an_image");
    }

    public static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);

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

    /// <summary>Writes another size into the frame header, as if more data were to come.</summary>
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
}
