using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Vox.Chat.Files;

/// <summary>
/// Takes out of a picture what tells more than the picture shows: the place, the camera, the owner, comments, films behind the picture. The
/// pixels are not encoded anew. What decides how the picture looks stays: the orientation, the colour profile, the resolution. Only the
/// parts that are looked at are in memory.
/// </summary>
internal static class PictureMetadata
{
    private const int MaxExif = 1_048_576;
    private const int MaxHeifPart = 16 * 1_048_576;

    /// <summary>Whether <see cref="Remove"/> knows the format.</summary>
    public static bool Knows(string contentType) =>
        contentType is "image/jpeg" or "image/png" or "image/webp" or "image/avif" or "image/heic";

    /// <summary>Writes the picture without the metadata into another file.</summary>
    /// <returns>False, and no file, when it has none, or when it is not built as its format demands.</returns>
    public static bool Remove(string path, string contentType, string cleanPath)
    {
        using var file = File.OpenHandle(path);
        var clean = new Pieces(file);
        try
        {
            var changed = contentType switch
            {
                "image/jpeg" => Jpeg(file, clean),
                "image/png" => Png(file, clean),
                "image/webp" => WebP(file, clean),
                "image/avif" or "image/heic" => Heif(file, clean),
                _ => false,
            };
            if (changed)
            {
                clean.WriteTo(cleanPath);
            }

            return changed;
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or IndexOutOfRangeException or InvalidDataException)
        {
            // A length points beyond the end.
            return false;
        }
    }

    private static bool Jpeg(SafeFileHandle file, Pieces clean)
    {
        var (at, changed) = (2L, false);
        clean.Keep(0, 2);
        while (true)
        {
            var head = Pieces.Read(file, at, 4);
            if (head[0] != 0xFF || head[1] == 0xDA)
            {
                break;
            }

            if (head[1] == 0xFF)
            {
                at++;
                continue;
            }

            var segment = Pieces.Read(file, at, 2 + BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(2)));
            var isExif = head[1] == 0xE1 && segment.AsSpan(4).StartsWith("Exif\0\0"u8);
            var kept = head[1] switch
            {
                0xE1 => isExif && ExifTags.IsHarmless(segment.AsSpan(10)),
                0xE2 => segment.AsSpan(4).StartsWith("ICC_PROFILE\0"u8),
                0xFE or (>= 0xE3 and <= 0xED) or 0xEF => false,
                _ => true,
            };
            if (kept)
            {
                clean.Keep(at, segment.Length);
            }
            else
            {
                changed = true;
                if (isExif && ExifTags.Orientation(segment.AsSpan(10)) is > 1 and var turned)
                {
                    var exif = ExifTags.OnlyOrientation(turned);
                    clean.Insert([0xFF, 0xE1, 0, (byte)(2 + 6 + exif.Length), .. "Exif\0\0"u8, .. exif]);
                }
            }

            at += segment.Length;
        }

        // Phones put a film or another picture behind the picture, with places of their own.
        clean.Keep(at, (changed ? JpegEnd.Find(file, at) : RandomAccess.GetLength(file)) - at);
        return changed;
    }

    private static bool Png(SafeFileHandle file, Pieces clean)
    {
        var (at, end, changed) = (8L, RandomAccess.GetLength(file), false);
        clean.Keep(0, 8);
        while (at + 12 <= end)
        {
            var head = Pieces.Read(file, at, 8);
            var length = BinaryPrimitives.ReadUInt32BigEndian(head);
            var type = head.AsSpan(4);
            if (type.SequenceEqual("tEXt"u8) || type.SequenceEqual("zTXt"u8) || type.SequenceEqual("iTXt"u8)
                || type.SequenceEqual("tIME"u8))
            {
                changed = true;
            }
            else if (type.SequenceEqual("eXIf"u8) && Exif(file, at + 8, length) is var exif && !ExifTags.IsHarmless(exif))
            {
                changed = true;
                if (ExifTags.Orientation(exif) is > 1 and var turned)
                {
                    clean.Insert(PngChunk([.. "eXIf"u8, .. ExifTags.OnlyOrientation(turned)]));
                }
            }
            else
            {
                clean.Keep(at, 12L + length);
            }

            at += 12L + length;
            if (type.SequenceEqual("IEND"u8))
            {
                break;
            }
        }

        clean.Keep(at, changed ? 0 : end - at);
        return changed;
    }

    private static byte[] PngChunk(byte[] typeAndData)
    {
        var chunk = new byte[8 + typeAndData.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, typeAndData.Length - 4);
        typeAndData.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4 + typeAndData.Length), System.IO.Hashing.Crc32.HashToUInt32(typeAndData));
        return chunk;
    }

    private static bool WebP(SafeFileHandle file, Pieces clean)
    {
        // Chunk VP8X says which other chunks there are.
        const int HasExif = 0x08;
        const int HasXmp = 0x04;
        var riff = Pieces.Read(file, 0, 12);
        var end = Math.Min(RandomAccess.GetLength(file), 8L + BinaryPrimitives.ReadUInt32LittleEndian(riff.AsSpan(4)));
        var (at, changed, extended) = (12L, false, Array.Empty<byte>());
        clean.Insert(riff);
        while (at + 8 <= end)
        {
            var head = Pieces.Read(file, at, 8);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4));
            var whole = Math.Min(8L + length + (length & 1), Math.Max(8L + length, end - at));
            if (head.AsSpan().StartsWith("XMP "u8))
            {
                changed = true;
                Unflag(extended, HasXmp);
            }
            else if (head.AsSpan().StartsWith("EXIF"u8) && Exif(file, at + 8, length) is var exif && !ExifTags.IsHarmless(exif))
            {
                changed = true;
                if (ExifTags.Orientation(exif) is > 1 and var turned)
                {
                    var only = ExifTags.OnlyOrientation(turned);
                    clean.Insert([.. "EXIF"u8, (byte)only.Length, 0, 0, 0, .. only]);
                }
                else
                {
                    Unflag(extended, HasExif);
                }
            }
            else if (head.AsSpan().StartsWith("VP8X"u8))
            {
                extended = Pieces.Read(file, at, (int)Math.Min(whole, 64));
                clean.Insert(extended);
            }
            else
            {
                clean.Keep(at, whole);
            }

            at += whole;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(riff.AsSpan(4), (uint)(clean.Length - 8));
        return changed;
    }

    /// <summary>Other boxes say where each part of the file is, so the metadata are overwritten and nothing moves.</summary>
    private static bool Heif(SafeFileHandle file, Pieces clean)
    {
        var (at, changed) = (0L, false);
        foreach (var part in HeifItems.Metadata(file))
        {
            if (part.Length > MaxHeifPart)
            {
                throw new InvalidDataException("Metadata of that size are none.");
            }

            var bytes = Pieces.Read(file, part.At, (int)part.Length);
            var blank = new byte[bytes.Length];
            if (!part.IsExif)
            {
                blank.AsSpan().Fill((byte)' ');
            }
            else if (part.IsFirst && bytes.Length > 4)
            {
                // Before the EXIF data stands how many bytes follow until they begin.
                var skip = Math.Min(BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.Length - 4);
                var exif = bytes.AsSpan(4 + (int)skip);
                if (ExifTags.IsHarmless(exif))
                {
                    continue;
                }

                var only = ExifTags.OnlyOrientation(Math.Max(1, ExifTags.Orientation(exif)));
                only.AsSpan(0, Math.Min(only.Length, blank.Length - 4)).CopyTo(blank.AsSpan(4));
            }

            changed = true;
            clean.Keep(at, part.At - at);
            clean.Insert(blank);
            at = part.At + part.Length;
        }

        clean.Keep(at, RandomAccess.GetLength(file) - at);
        return changed;
    }

    private static void Unflag(byte[] extended, int flag)
    {
        if (extended.Length > 8)
        {
            extended[8] &= (byte)~flag;
        }
    }

    /// <returns>
    /// The data without the header that JPEG demands, and that some programs write elsewhere too; empty when they are too long.
    /// </returns>
    private static byte[] Exif(SafeFileHandle file, long at, uint length)
    {
        var exif = length <= MaxExif ? Pieces.Read(file, at, (int)length) : [];
        return exif.AsSpan().StartsWith("Exif\0\0"u8) ? exif[6..] : exif;
    }
}
