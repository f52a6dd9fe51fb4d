using System.Text;
using Vox.Platform.Storage;

namespace Vox.Chat.Files;

/// <summary>
/// How a file is delivered to browsers. Images, videos and sounds that browsers can play are shown inline. Everything else is a download,
/// and a file that a browser could run is delivered as bytes without a type.
/// </summary>
internal static class Delivery
{
    public const string Bytes = "application/octet-stream";

    // The bytes behind a key never change.
    private const string CacheControl = "private, max-age=31536000, immutable";

    private static readonly HashSet<string> Shown = new(StringComparer.Ordinal)
    {
        "image/jpeg", "image/png", "image/gif", "image/webp", "image/avif",
        "video/mp4", "video/webm", "video/ogg", "video/quicktime", "video/3gpp",
        "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/aac", "audio/flac",
    };

    private static readonly HashSet<string> Inert = new(StringComparer.Ordinal)
    {
        "application/pdf", "application/zip", "application/gzip", "application/vnd.rar", "application/x-7z-compressed",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "image/heic", "image/tiff", "image/bmp", "image/jxl", "video/x-matroska", "video/x-msvideo", "video/mpeg", "video/mp2t",
        "audio/amr",
    };

    /// <param name="kind">What the file is, judged by its content.</param>
    /// <param name="decoded">Whether an image could be decoded. One that could not is never shown inline.</param>
    public static string SafeType(ContentKind kind, bool decoded) => kind.ContentType switch
    {
        _ when kind.Class == ContentClass.Active => Bytes,
        _ when kind.Class == ContentClass.Image && !decoded => Inert.Contains(kind.ContentType) ? kind.ContentType : Bytes,
        "text/plain" => "text/plain; charset=utf-8",
        var type when Shown.Contains(type) || Inert.Contains(type) => type,
        _ => Bytes,
    };

    /// <param name="type">From <see cref="SafeType"/>.</param>
    /// <param name="name">The file name as in the key.</param>
    public static LinkHeaders Headers(string type, string name) =>
        new(
            type,
            $"{(Shown.Contains(type) ? "inline" : "attachment")}; filename=\"{Ascii(name)}\"; "
            + $"filename*=UTF-8''{Uri.EscapeDataString(name)}",
            CacheControl);

    private static string Ascii(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            text.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_');
        }

        return text.ToString();
    }
}
