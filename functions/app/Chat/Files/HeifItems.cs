using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vox.Chat.Files;

/// <summary>
/// Finds the metadata in a HEIC or AVIF file (ISO/IEC 23008-12). The box <c>meta</c> names the items of the file (<c>iinf</c>) and says
/// where their bytes are (<c>iloc</c>): EXIF and XMP are items beside the picture.
/// </summary>
internal static class HeifItems
{
    private const int MaxMeta = 4_194_304;
    private const int MaxItems = 10_000;

    /// <summary>A part of the file with metadata.</summary>
    /// <param name="IsExif">Else it is XMP.</param>
    /// <param name="IsFirst">An item may lie in several parts.</param>
    public readonly record struct Part(long At, long Length, bool IsExif, bool IsFirst);

    /// <returns>In the order of the file, and never one over another.</returns>
    /// <exception cref="InvalidDataException">The file is not built as its format demands.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length points beyond the end.</exception>
    public static IReadOnlyList<Part> Metadata(SafeFileHandle file)
    {
        var (metaAt, meta) = Meta(file);
        if (meta.Length == 0)
        {
            return [];
        }

        var parts = new List<Part>();
        var (types, data, locations) = (new Dictionary<uint, bool>(), -1L, (At: -1, End: -1));
        foreach (var (type, at, end) in Boxes(meta, 4, meta.Length))
        {
            switch (type)
            {
                case "iinf": Types(meta.AsSpan(0, end), at, types); break;
                case "iloc": locations = (at, end); break;
                case "idat": data = metaAt + at; break;
            }
        }

        if (types.Count > 0 && locations.At >= 0)
        {
            Locations(meta.AsSpan(0, locations.End), locations.At, types, data, parts);
        }

        parts.Sort(static (a, b) => a.At.CompareTo(b.At));
        for (var i = 1; i < parts.Count; i++)
        {
            Demand(parts[i].At >= parts[i - 1].At + parts[i - 1].Length);
        }

        return parts;
    }

    private static (long At, byte[] Bytes) Meta(SafeFileHandle file)
    {
        var (at, end) = (0L, RandomAccess.GetLength(file));
        while (at + 8 <= end)
        {
            var head = Pieces.Read(file, at, 8);
            var (length, start) = ((long)BinaryPrimitives.ReadUInt32BigEndian(head), at + 8);
            if (length == 1)
            {
                length = BinaryPrimitives.ReadInt64BigEndian(Pieces.Read(file, at + 8, 8));
                start += 8;
            }

            length = length == 0 ? end - at : length;
            Demand(length >= start - at);
            if (head.AsSpan(4).SequenceEqual("meta"u8))
            {
                Demand(length <= MaxMeta);
                return (start, Pieces.Read(file, start, (int)(at + length - start)));
            }

            at += length;
        }

        return (0, []);
    }

    private static List<(string Type, int At, int End)> Boxes(ReadOnlySpan<byte> bytes, int at, int end)
    {
        var boxes = new List<(string, int, int)>();
        while (at + 8 <= end)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            length = length == 0 ? (uint)(end - at) : length;
            Demand(length >= 8 && length <= end - at);
            boxes.Add((Encoding.Latin1.GetString(bytes.Slice(at + 4, 4)), at + 8, at + (int)length));
            at += (int)length;
        }

        return boxes;
    }

    /// <param name="types">Receives the items with metadata: true for EXIF, false for XMP.</param>
    private static void Types(ReadOnlySpan<byte> bytes, int at, Dictionary<uint, bool> types)
    {
        foreach (var (type, start, end) in Boxes(bytes, at + (bytes[at] == 0 ? 6 : 8), bytes.Length))
        {
            // Version 2 and 3 are those of HEIF.
            if (type != "infe" || bytes[start] is not (2 or 3))
            {
                continue;
            }

            var wide = bytes[start] == 3;
            var idAt = start + 4;
            var id = (uint)Number(bytes, ref idAt, wide ? 4 : 2);
            var kind = start + (wide ? 10 : 8);
            var item = bytes.Slice(kind, 4);
            if (item.SequenceEqual("Exif"u8))
            {
                types[id] = true;
            }
            else if (item.SequenceEqual("mime"u8) && bytes[(kind + 4)..end].IndexOf("application/rdf+xml"u8) >= 0)
            {
                types[id] = false;
            }
        }
    }

    /// <param name="data">Where the items are that lie in the box itself; negative when there is none.</param>
    private static void Locations(ReadOnlySpan<byte> bytes, int at, Dictionary<uint, bool> types, long data, List<Part> parts)
    {
        var version = bytes[at];
        var (offsetSize, lengthSize) = (bytes[at + 4] >> 4, bytes[at + 4] & 15);
        var (baseSize, indexSize) = (bytes[at + 5] >> 4, version == 0 ? 0 : bytes[at + 5] & 15);
        at += 6;
        var count = Number(bytes, ref at, version < 2 ? 2 : 4);
        Demand(count <= MaxItems);
        for (var i = 0; i < count; i++)
        {
            var id = (uint)Number(bytes, ref at, version < 2 ? 2 : 4);
            var method = version == 0 ? 0 : Number(bytes, ref at, 2) & 15;
            at += 2;
            var from = Number(bytes, ref at, baseSize);
            var extents = Number(bytes, ref at, 2);
            for (var extent = 0; extent < extents; extent++)
            {
                at += indexSize;
                var offset = from + Number(bytes, ref at, offsetSize);
                var length = Number(bytes, ref at, lengthSize);
                if (types.TryGetValue(id, out var isExif) && (method == 0 || (method == 1 && data >= 0)))
                {
                    parts.Add(new Part(method == 0 ? offset : data + offset, length, isExif, extent == 0));
                }
            }
        }
    }

    /// <summary>A number of 0, 2, 4 or 8 bytes.</summary>
    private static long Number(ReadOnlySpan<byte> bytes, ref int at, int size)
    {
        var value = 0L;
        foreach (var b in bytes.Slice(at, size))
        {
            value = (value << 8) | b;
        }

        at += size;
        Demand(value >= 0);
        return value;
    }

    private static void Demand(bool holds)
    {
        if (!holds)
        {
            throw new InvalidDataException("The file is no HEIF.");
        }
    }
}
