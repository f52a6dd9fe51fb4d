using System.Buffers.Binary;

namespace Vox.Chat.Files;

/// <summary>The few tags of EXIF data that matter here.</summary>
internal static class ExifTags
{
    private const ushort OrientationTag = 0x0112;
    private const ushort ExifPointer = 0x8769;
    private const int MaxTags = 64;

    /// <summary>Resolution, orientation, colours and the like, as programs write them into every picture.</summary>
    private static readonly HashSet<ushort> Harmless =
    [
        OrientationTag, 0x011A, 0x011B, 0x0128, 0x0213, 0x9000, 0x9101, 0xA000, 0xA001, 0xA002, 0xA003,
    ];

    /// <summary>Whether there is nothing else than what describes the pixels.</summary>
    public static bool IsHarmless(ReadOnlySpan<byte> tiff)
    {
        try
        {
            return IsTiff(tiff, out var little) && IsHarmless(tiff, (int)Number(tiff, 4, little), little, nested: false);
        }
        catch (ArgumentOutOfRangeException)
        {
            return false;
        }
    }

    /// <returns>1–8; 0 when it is not said.</returns>
    public static int Orientation(ReadOnlySpan<byte> tiff)
    {
        try
        {
            if (!IsTiff(tiff, out var little))
            {
                return 0;
            }

            var at = (int)Number(tiff, 4, little);
            var count = Math.Min(MaxTags, (int)Short(tiff, at, little));
            for (var i = 0; i < count; i++)
            {
                var entry = tiff.Slice(at + 2 + (12 * i), 12);
                if (Short(entry, 0, little) == OrientationTag)
                {
                    return Short(entry, 8, little) is >= 1 and <= 8 and var orientation ? orientation : 0;
                }
            }
        }
        catch (ArgumentOutOfRangeException)
        {
            // Cut off or made up.
        }

        return 0;
    }

    /// <summary>EXIF data that say nothing but this.</summary>
    public static byte[] OnlyOrientation(int orientation) =>
    [
        0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0,
    ];

    private static bool IsHarmless(ReadOnlySpan<byte> tiff, int at, bool little, bool nested)
    {
        var count = Short(tiff, at, little);
        if (count > MaxTags)
        {
            return false;
        }

        for (var i = 0; i < count; i++)
        {
            var entry = tiff.Slice(at + 2 + (12 * i), 12);
            var tag = Short(entry, 0, little);
            if (tag == ExifPointer && !nested)
            {
                if (!IsHarmless(tiff, (int)Number(entry, 8, little), little, nested: true))
                {
                    return false;
                }
            }
            else if (!Harmless.Contains(tag))
            {
                return false;
            }
        }

        // A second directory holds a small picture, often of what was cut off the large one.
        return Number(tiff, at + 2 + (12 * count), little) == 0;
    }

    private static bool IsTiff(ReadOnlySpan<byte> tiff, out bool little)
    {
        little = tiff.StartsWith("II*\0"u8);
        return little || tiff.StartsWith("MM\0*"u8);
    }

    private static ushort Short(ReadOnlySpan<byte> bytes, int at, bool little) => little
        ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..])
        : BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    private static uint Number(ReadOnlySpan<byte> bytes, int at, bool little) => little
        ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..])
        : BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
}
