using NetVips;

namespace Vox.Chat.Files;

/// <summary>Decides whether a JPEG that ends too early has enough of its picture to be shown.</summary>
internal static class TruncatedJpeg
{
    /// <summary>The part of the lines that must be there.</summary>
    private const double Needed = 0.75;

    /// <exception cref="VipsException">The part that is there cannot be decoded either.</exception>
    public static bool IsWorthShowing(string path, string decoder)
    {
        if (!decoder.EndsWith("JpegFile", StringComparison.Ordinal) && !decoder.EndsWith("UhdrFile", StringComparison.Ordinal))
        {
            return false;
        }

        using var image = Image.Jpegload(path, shrink: 8, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
        if (ImageHeader.IsProgressive(image))
        {
            // The first of its scans shows the whole picture, the following make it sharper.
            return Scans(path) > 1;
        }

        // libvips reads no further than the lines that are asked for.
        using var upper = image.Crop(0, 0, image.Width, Math.Max(1, (int)(image.Height * Needed)));
        try
        {
            upper.Avg();
            return true;
        }
        catch (VipsException)
        {
            return false;
        }
    }

    /// <summary>Begun scans. Inside a scan, 0xFF is never followed by the byte of this marker.</summary>
    private static int Scans(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var (scans, at) = (0, 2);
        while (at + 4 <= bytes.Length)
        {
            if (bytes[at] != 0xFF || bytes[at + 1] is 0 or 0xFF or (>= 0xD0 and <= 0xD9))
            {
                at++;
                continue;
            }

            scans += bytes[at + 1] == 0xDA ? 1 : 0;
            at += 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
        }

        return scans;
    }
}
