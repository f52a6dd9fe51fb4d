using System.Buffers;

namespace Vox.Platform.Storage;

/// <summary>How large a text becomes in a request: storage refuses a transaction of more than 4 MB as a whole.</summary>
internal static class JsonSize
{
    /// <summary>Characters that the storage client writes as they are. Others become up to six characters, such as <c>\u00e4</c>.</summary>
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 !#$%()*,-./:;=?@[]^_{|}~");

    /// <summary>The most bytes that the text can take as a JSON string.</summary>
    public static int Of(string text)
    {
        var rest = text.AsSpan();
        var size = 2;
        while (rest.IndexOfAnyExcept(Plain) is >= 0 and var plain)
        {
            rest = rest[plain..];
            var escaped = rest.IndexOfAny(Plain) is >= 0 and var next ? next : rest.Length;
            size += plain + (6 * escaped);
            rest = rest[escaped..];
        }

        return size + rest.Length;
    }
}
