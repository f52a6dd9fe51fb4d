using System.Buffers.Binary;
using NetVips;

namespace Vox.Chat.Files;

/// <summary>What an image says of itself before anything of it is decoded.</summary>
/// <param name="Width">Width and height as stored, not as displayed.</param>
/// <param name="IsTurned">Whether it is displayed with width and height exchanged.</param>
/// <param name="Profile">The colour profile to convert to; null when the image is plain sRGB already.</param>
/// <param name="Bytes">Memory that decoding takes, as an upper estimate.</param>
internal sealed record ImageHeader(int Width, int Height, int Frames, bool IsTurned, string? Profile, long Bytes)
{
    // libvips reads a picture line by line where the format allows it, and keeps about this many lines.
    private const int Lines = 256;

    /// <summary>Reads only the header: libvips decodes when pixels are asked for.</summary>
    /// <param name="decoder">As libvips names it.</param>
    public static ImageHeader Read(string path, string decoder)
    {
        // The Ultra HDR decoder would look at the second picture inside as well.
        using var image = decoder.EndsWith("UhdrFile", StringComparison.Ordinal)
            ? Image.Jpegload(path, access: Enums.Access.Sequential, failOn: Enums.FailOn.None)
            : Image.NewFromFile(path, access: Enums.Access.Sequential, failOn: Enums.FailOn.None);
        var frames = image.Contains("n-pages") ? (int)image.Get("n-pages") : 1;
        var isTurned = image.Contains("orientation") && (int)image.Get("orientation") is >= 5 and <= 8;

        // Converting costs more than decoding and scaling together. It changes nothing in an image without a colour profile of its own.
        var isPlain = image.Interpretation == Enums.Interpretation.Srgb && image.Format == Enums.BandFormat.Uchar
            && !image.Contains("icc-profile-data");
        return new ImageHeader(
            image.Width, image.Height, frames, isTurned, isPlain ? null : "srgb", Cost(image, decoder, frames));
    }

    /// <summary>Pixels of a GIF's screen. The decoder ignores an absurd screen size; browsers might not.</summary>
    public static long GifScreen(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[10];
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.StartsWith("GIF8"u8)
            ? (long)BinaryPrimitives.ReadUInt16LittleEndian(head[6..]) * BinaryPrimitives.ReadUInt16LittleEndian(head[8..])
            : 0;
    }

    /// <summary>Whether a JPEG comes in several scans of the whole picture.</summary>
    public static bool IsProgressive(Image jpeg) => Says(jpeg, "jpeg-multiscan");

    private static bool Says(Image image, string field) => image.Contains(field) && (int)image.Get(field) != 0;

    /// <summary>
    /// What the decoders keep in memory. PNG and JPEG are read line by line, unless they are interlaced or progressive: then all of the
    /// picture is needed for its first line. The other formats are decoded as a whole, animations with a second picture for the next frame.
    /// </summary>
    private static long Cost(Image image, string decoder, int frames)
    {
        long pixels = (long)image.Width * image.Height;
        var bytes = image.Format switch
        {
            Enums.BandFormat.Uchar or Enums.BandFormat.Char => 1,
            Enums.BandFormat.Ushort or Enums.BandFormat.Short => 2,
            _ => 8,
        };
        var pixel = image.Bands * bytes;
        var lines = (long)image.Width * Math.Min(image.Height, Lines) * pixel;
        return lines + decoder switch
        {
            "VipsForeignLoadPngFile" => Says(image, "interlaced") ? pixels * pixel : 0,
            "VipsForeignLoadJpegFile" or "VipsForeignLoadUhdrFile" => IsProgressive(image) ? pixels * Coefficients(image) : 0,
            "VipsForeignLoadWebpFile" => pixels * (frames > 1 ? 8 : 4),
            "VipsForeignLoadNsgifFile" => pixels * 12,
            _ => pixels * (pixel + (3 * bytes)),
        };
    }

    /// <summary>Bytes of a progressive JPEG's coefficients for each pixel: two for each sample.</summary>
    private static int Coefficients(Image image) =>
        image.Bands == 3 && image.Contains("jpeg-chroma-subsample") && image.Get("jpeg-chroma-subsample") as string == "4:2:0"
            ? 3
            : 2 * image.Bands;
}
