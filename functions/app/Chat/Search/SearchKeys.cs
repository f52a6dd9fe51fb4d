using System.Globalization;
using System.Text;
using Vox.Chat.Model;

namespace Vox.Chat.Search;

/// <summary>What stands between the parts of <see cref="ChatKeys"/>' keys of table <c>searchindex</c>.</summary>
internal static class SearchKeys
{
    /// <summary>
    /// A word as it may stand in a key: ASCII letters and digits as they are, all else as <c>~</c> and its code. What begins with a word
    /// begins with it here too: <c>größe</c> is <c>gr~00F6~00DFe</c>.
    /// </summary>
    public static string Encode(string word)
    {
        var key = new StringBuilder(word.Length * 2);
        foreach (var c in word)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                key.Append(c);
            }
            else
            {
                key.Append(CultureInfo.InvariantCulture, $"~{(int)c:X4}");
            }
        }

        return key.ToString();
    }

    /// <summary>The posting that a row's key names.</summary>
    /// <returns>Null for a block.</returns>
    public static Posting? Read(string key) =>
        key.Split('|') is ["w", _, var time, var conversation, var sequence, { Length: 9 } from]
            ? new Posting(
                TimeOf(time), conversation, long.Parse(sequence, CultureInfo.InvariantCulture),
                uint.Parse(from.AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture), from[8] == 'f')
            : null;

    private static long TimeOf(string key) => 999_999_999_999_999 - long.Parse(key, CultureInfo.InvariantCulture);
}
