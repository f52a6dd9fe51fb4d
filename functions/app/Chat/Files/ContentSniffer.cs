using System.Text;

namespace Vox.Chat.Files;

internal enum ContentClass
{
    Other,
    Image,
    Video,
    Audio,

    /// <summary>A browser would run it or render it as a page. Never delivered under its own type.</summary>
    Active,
}

/// <summary>What a file is, judged by its content.</summary>
/// <param name="ContentType">Empty when unknown.</param>
internal readonly record struct ContentKind(string ContentType, ContentClass Class)
{
    public static readonly ContentKind Unknown = new("", ContentClass.Other);
}

/// <summary>Recognises file types by their first bytes. Names and claimed types do not count.</summary>
internal static class ContentSniffer
{
    /// <summary>How many first bytes are enough to decide.</summary>
    public const int Needed = 4_096;

    private static readonly (byte[] Magic, int Offset, string Type, ContentClass Class)[] Signatures =
    [
        ([0xFF, 0xD8, 0xFF], 0, "image/jpeg", ContentClass.Image),
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], 0, "image/png", ContentClass.Image),
        ("GIF87a"u8.ToArray(), 0, "image/gif", ContentClass.Image),
        ("GIF89a"u8.ToArray(), 0, "image/gif", ContentClass.Image),
        ([0x49, 0x49, 0x2A, 0x00], 0, "image/tiff", ContentClass.Image),
        ([0x4D, 0x4D, 0x00, 0x2A], 0, "image/tiff", ContentClass.Image),
        ([0x00, 0x00, 0x01, 0x00], 0, "image/x-icon", ContentClass.Image),
        ([0xFF, 0x0A], 0, "image/jxl", ContentClass.Image),
        ([0, 0, 0, 0x0C, 0x4A, 0x58, 0x4C, 0x20, 0x0D, 0x0A, 0x87, 0x0A], 0, "image/jxl", ContentClass.Image),
        ("8BPS"u8.ToArray(), 0, "image/vnd.adobe.photoshop", ContentClass.Image),
        ([0x00, 0x00, 0x01, 0xBA], 0, "video/mpeg", ContentClass.Video),
        ([0x00, 0x00, 0x01, 0xB3], 0, "video/mpeg", ContentClass.Video),
        ("FLV\u0001"u8.ToArray(), 0, "video/x-flv", ContentClass.Video),
        ([0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11], 0, "video/x-ms-wmv", ContentClass.Video),
        ("ID3"u8.ToArray(), 0, "audio/mpeg", ContentClass.Audio),
        ("fLaC"u8.ToArray(), 0, "audio/flac", ContentClass.Audio),
        ("#!AMR"u8.ToArray(), 0, "audio/amr", ContentClass.Audio),
        ("%PDF-"u8.ToArray(), 0, "application/pdf", ContentClass.Other),
        ("%!PS"u8.ToArray(), 0, "application/postscript", ContentClass.Other),
        ([0x1F, 0x8B], 0, "application/gzip", ContentClass.Other),
        ("Rar!\u001A\u0007"u8.ToArray(), 0, "application/vnd.rar", ContentClass.Other),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], 0, "application/x-7z-compressed", ContentClass.Other),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], 0, "application/x-ole-storage", ContentClass.Other),
    ];

    /// <param name="head">The first <see cref="Needed"/> bytes, or all of a shorter file.</param>
    public static ContentKind Sniff(ReadOnlySpan<byte> head)
    {
        foreach (var (magic, offset, type, kind) in Signatures)
        {
            if (head.Length >= offset + magic.Length && head[offset..].StartsWith(magic))
            {
                return new ContentKind(type, kind);
            }
        }

        return Riff(head) ?? IsoMedia(head) ?? Matroska(head) ?? Ogg(head) ?? Streams(head) ?? Bitmap(head) ?? Zip(head) ?? Text(head);
    }

    private static ContentKind? Riff(ReadOnlySpan<byte> head)
    {
        if (head.Length < 12 || !head.StartsWith("RIFF"u8))
        {
            return null;
        }

        return Encoding.ASCII.GetString(head.Slice(8, 4)) switch
        {
            "WEBP" => new("image/webp", ContentClass.Image),
            "AVI " => new("video/x-msvideo", ContentClass.Video),
            "WAVE" => new("audio/wav", ContentClass.Audio),
            _ => ContentKind.Unknown,
        };
    }

    /// <summary>MP4 and its relatives, which differ in their brands.</summary>
    private static ContentKind? IsoMedia(ReadOnlySpan<byte> head)
    {
        if (head.Length < 16 || !head[4..8].SequenceEqual("ftyp"u8))
        {
            return null;
        }

        var length = Math.Min(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(head), (uint)Math.Min(head.Length, 256));
        var brands = new List<string>();
        for (var i = 8; i + 4 <= length; i += 4)
        {
            if (i != 12)
            {
                brands.Add(Encoding.ASCII.GetString(head.Slice(i, 4)));
            }
        }

        return brands switch
        {
            _ when brands.Exists(b => b is "avif" or "avis") => new("image/avif", ContentClass.Image),
            ["heic" or "heix" or "heim" or "heis" or "hevc" or "hevx" or "mif1" or "msf1", ..] => new("image/heic", ContentClass.Image),
            ["crx ", ..] => new("image/x-canon-cr3", ContentClass.Image),
            ["qt  ", ..] => new("video/quicktime", ContentClass.Video),
            ["M4A " or "M4B " or "M4P ", ..] => new("audio/mp4", ContentClass.Audio),
            [['3', 'g', ..], ..] => new("video/3gpp", ContentClass.Video),
            _ => new("video/mp4", ContentClass.Video),
        };
    }

    private static ContentKind? Matroska(ReadOnlySpan<byte> head) => !head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]) ? null
        : head[..Math.Min(head.Length, 64)].IndexOf("webm"u8) > 0 ? new("video/webm", ContentClass.Video)
        : new("video/x-matroska", ContentClass.Video);

    private static ContentKind? Ogg(ReadOnlySpan<byte> head) => !head.StartsWith("OggS"u8) ? null
        : head[..Math.Min(head.Length, 256)].IndexOf("theora"u8) > 0 ? new("video/ogg", ContentClass.Video)
        : new("audio/ogg", ContentClass.Audio);

    /// <summary>Streams without a header, recognised by the sync bytes of their packets.</summary>
    private static ContentKind? Streams(ReadOnlySpan<byte> head) => head switch
    {
        { Length: > 376 } when head[0] == 0x47 && head[188] == 0x47 && head[376] == 0x47 => new("video/mp2t", ContentClass.Video),
        [0xFF, 0xF1 or 0xF9, ..] => new("audio/aac", ContentClass.Audio),
        [0xFF, 0xFB or 0xF3 or 0xF2 or 0xFA, ..] => new("audio/mpeg", ContentClass.Audio),
        _ => null,
    };

    private static ContentKind? Bitmap(ReadOnlySpan<byte> head) =>
        head.Length > 30 && head.StartsWith("BM"u8) && head[6..10].IndexOfAnyExcept((byte)0) < 0
            ? new("image/bmp", ContentClass.Image)
            : null;

    private static ContentKind? Zip(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith((ReadOnlySpan<byte>)[0x50, 0x4B, 0x03, 0x04])
            && !head.StartsWith((ReadOnlySpan<byte>)[0x50, 0x4B, 0x05, 0x06]))
        {
            return null;
        }

        const string Office = "application/vnd.openxmlformats-officedocument.";
        return head switch
        {
            _ when head.IndexOf("word/"u8) > 0 => new(Office + "wordprocessingml.document", ContentClass.Other),
            _ when head.IndexOf("xl/"u8) > 0 => new(Office + "spreadsheetml.sheet", ContentClass.Other),
            _ when head.IndexOf("ppt/"u8) > 0 => new(Office + "presentationml.presentation", ContentClass.Other),
            _ => new("application/zip", ContentClass.Other),
        };
    }

    private static ContentKind Text(ReadOnlySpan<byte> head)
    {
        var text = head;
        if (text.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            text = text[3..];
        }
        else if (text.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) || text.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
        {
            // UTF-16 could hide anything from the checks that follow.
            return new("application/octet-stream", ContentClass.Active);
        }

        var start = text.TrimStart(" \t\r\n\f\v\0"u8);
        if (start.StartsWith("<"u8) || Mentions(text))
        {
            return IsSvg(text) ? new("image/svg+xml", ContentClass.Active)
                : start.StartsWith("<?xml"u8) ? new("application/xml", ContentClass.Active)
                : new("text/html", ContentClass.Active);
        }

        return IsPlain(text) ? new("text/plain", ContentClass.Other) : ContentKind.Unknown;
    }

    private static bool IsSvg(ReadOnlySpan<byte> text) =>
        Encoding.Latin1.GetString(text).Contains("<svg", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a browser that sniffs content would take the text for a page.</summary>
    private static bool Mentions(ReadOnlySpan<byte> text)
    {
        var head = Encoding.Latin1.GetString(text[..Math.Min(text.Length, 1_024)]);
        return new[] { "<!doctype html", "<html", "<script", "<svg", "<iframe", "<body" }
            .Any(tag => head.Contains(tag, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsPlain(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text.ContainsAnyInRange((byte)0, (byte)8) || text.ContainsAnyInRange((byte)14, (byte)26))
        {
            return false;
        }

        // The last character may be incomplete.
        for (var cut = 0; cut < 4 && cut < text.Length; cut++)
        {
            if (System.Text.Unicode.Utf8.IsValid(text[..^cut]))
            {
                return true;
            }
        }

        return false;
    }
}
