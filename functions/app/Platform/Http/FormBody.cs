using System.Text;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Platform.Http;

/// <summary>
/// Reads <c>application/x-www-form-urlencoded</c>. Not with the platform's reader: it takes every body for UTF-8, and puts a replacement
/// character where that is wrong.
/// </summary>
internal static class FormBody
{
    private const int MaxFields = 64;
    private const int MaxName = 256;

    /// <summary>The fields in their order. A percent sign that begins no byte stands for itself.</summary>
    /// <exception cref="VoxException">invalid_request, unsupported_media_type</exception>
    public static IEnumerable<(string Name, string Value)> Read(ReadOnlyMemory<byte> body, Encoding encoding)
    {
        if (!encoding.GetBytes("a=%2B&").AsSpan().SequenceEqual("a=%2B&"u8))
        {
            throw new VoxException(
                Errors.UnsupportedMediaType, $"A form cannot be sent in {encoding.WebName}: send it in UTF-8.", "Content-Type");
        }

        var count = 0;
        while (!body.IsEmpty)
        {
            var end = body.Span.IndexOf((byte)'&');
            var pair = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            if (pair.IsEmpty)
            {
                continue;
            }

            var equals = pair.Span.IndexOf((byte)'=');
            var rawName = equals < 0 ? pair : pair[..equals];
            if (++count > MaxFields || rawName.Length > MaxName)
            {
                throw new VoxException(Errors.InvalidRequest, "The form has too many or too long fields.");
            }

            var name = Text(rawName, encoding, null).Trim();
            yield return (name, equals < 0 ? "" : Text(pair[(equals + 1)..], encoding, name));
        }
    }

    private static string Text(ReadOnlyMemory<byte> raw, Encoding encoding, string? name)
    {
        var bytes = new byte[raw.Length];
        var length = 0;
        var source = raw.Span;
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '%' && i + 2 < source.Length && char.IsAsciiHexDigit((char)source[i + 1])
                && char.IsAsciiHexDigit((char)source[i + 2]))
            {
                bytes[length++] = Convert.FromHexString([(char)source[i + 1], (char)source[i + 2]])[0];
                i += 2;
            }
            else
            {
                bytes[length++] = source[i] == '+' ? (byte)' ' : source[i];
            }
        }

        try
        {
            return encoding.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException e)
        {
            throw new VoxException(
                Errors.InvalidRequest,
                $"{name ?? "The name of a field"} has bytes that are no {encoding.WebName}: "
                + "send UTF-8, or name the character set in Content-Type.",
                name, e);
        }
    }
}
