using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Vox.Platform.Storage;

/// <summary>
/// Text as it may stand in a table key. Keys allow neither <c>/ \ # ?</c> nor control characters and are limited to 1 KiB
/// (UTF-16), so whatever is not plain ASCII is written as base64url. Reversible, one to one, case kept.
/// </summary>
internal static class KeyText
{
    private const char Plain = 'a';
    private const char Encoded = 'b';

    /// <summary><c>alice@example.com</c> → <c>aalice@example.com</c>, <c>a/b</c> → <c>bYS9i</c>.</summary>
    public static string Encode(string text) =>
        IsPlain(text) ? Plain + text : Encoded + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// How texts that are not plain ASCII begin here when they begin with a prefix. It may also be the beginning of others, because base64
    /// does not end where a character ends.
    /// </summary>
    public static string EncodedPrefix(string prefix)
    {
        var bytes = Encoding.UTF8.GetBytes(prefix);
        return Encoded + Base64Url.EncodeToString(bytes)[..(bytes.Length * 8 / 6)];
    }

    /// <exception cref="FormatException">The text was not made by <see cref="Encode"/>.</exception>
    public static string Decode(string key) => key switch
    {
        [Plain, .. var text] => text,
        [Encoded, .. var text] => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)),
        _ => throw new FormatException("The key is empty or does not begin with a or b."),
    };

    /// <summary>A fixed-length digest of several texts, for keys that need not be read back: 160 bits, 27 characters.</summary>
    public static string Digest(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            // The length goes first, so that ("ab", "c") and ("a", "bc") differ.
            var bytes = Encoding.UTF8.GetBytes(part);
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return Base64Url.EncodeToString(hash.GetHashAndReset().AsSpan(0, 20));
    }

    private static bool IsPlain(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '@' or '+' or '-' or '=' or '~'))
            {
                return false;
            }
        }

        return true;
    }
}
