using System.Buffers;

namespace Vox.Platform.Storage;

/// <summary>How large a text becomes in a request: a transaction of more than 4 MB is refused as a whole.</summary>
public static class JsonSize
{
    /// <summary>What the storage client writes as it is; the rest becomes up to six characters, <c>\u00e4</c>.</summary>
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 !#$%()*,-./:;=?@[]^_{|}~");

    /// <summary>Bytes of the text as a JSON string, at most.</summary>
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
