using System.Globalization;
using System.Text;
using Vox.Platform.Text;

namespace Vox.Chat.Search;

/// <summary>What a character is for search.</summary>
internal enum SearchKind
{
    /// <summary>Stands between words.</summary>
    Gap,

    /// <summary>Letters and digits of scripts that put blanks between words.</summary>
    Word,

    /// <summary>A character of a script without blanks, or of Korean, where endings are part of the word: found anywhere.</summary>
    Dense,

    /// <summary>An emoji, however many characters it is made of.</summary>
    Emoji,
}

/// <summary>A character, or an emoji, as search writes it.</summary>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="End">Where it ends there.</param>
/// <param name="IsUpper">It was a capital letter.</param>
/// <param name="Umlaut">What people write who have no umlauts: <c>ue</c> for ü. Null for anything else.</param>
internal sealed record FoldedCharacter(string Text, SearchKind Kind, int Start, int End, bool IsUpper, string? Umlaut = null);

/// <summary>Writes a text as search writes it, and knows where each character was.</summary>
internal static class FoldedText
{
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TailBase = 0x11A7;
    private const int SyllableBase = 0xAC00;

    public static List<FoldedCharacter> Of(string text)
    {
        var folded = new List<FoldedCharacter>(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (c < 0x80)
            {
                var letter = char.IsAsciiLetterOrDigit(c);
                folded.Add(new FoldedCharacter(
                    char.ToLowerInvariant(c).ToString(), letter ? SearchKind.Word : SearchKind.Gap, i, i + 1, char.IsAsciiLetterUpper(c)));
                i++;
                continue;
            }

            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length);
            if (IsEmoji(rune))
            {
                var end = i + StringInfo.GetNextTextElementLength(text, i);
                folded.Add(new FoldedCharacter(Emoji(text[i..end]), SearchKind.Emoji, i, end, false));
                i = end;
                continue;
            }

            Fold(folded, rune, i, i + length);
            i += length;
        }

        return folded;
    }

    private static void Fold(List<FoldedCharacter> folded, Rune rune, int start, int end)
    {
        var written = SearchFolds.Instance.Find(rune.Value) ?? rune.ToString();
        if (written.Length == 0)
        {
            // A mark that does not count. Where it made an umlaut, people may write that with an e.
            if (folded is [.., { Umlaut: null, Kind: SearchKind.Word } before] && before.End == start)
            {
                folded[^1] = rune.Value switch
                {
                    0x308 when before.Text is "a" or "o" or "u" => before with { End = end, Umlaut = before.Text + "e" },
                    0x306 when before.Text == "и" => before with { End = end, Text = "й" },
                    _ => before with { End = end },
                };
            }

            return;
        }

        var upper = Rune.IsUpper(rune);
        foreach (var part in written.EnumerateRunes())
        {
            if (Joined(folded, part, start) is { } whole)
            {
                folded[^1] = folded[^1] with { Text = whole, Kind = KindOf(whole), End = end };
                continue;
            }

            var text = part.ToString();
            folded.Add(new FoldedCharacter(text, KindOf(text), start, end, upper, UmlautOf(rune)));
        }
    }

    /// <summary>What the last character and this one are together, such as か and a voicing mark; null for two characters.</summary>
    private static string? Joined(List<FoldedCharacter> folded, Rune part, int start)
    {
        if (folded is not [.., { Text.Length: 1 } before] || before.End != start || before.Kind == SearchKind.Gap)
        {
            return null;
        }

        int first = before.Text[0], second = part.Value;
        if (first is >= LeadBase and < LeadBase + 19 && second is >= VowelBase and < VowelBase + 21)
        {
            return ((char)(SyllableBase + ((((first - LeadBase) * 21) + second - VowelBase) * 28))).ToString();
        }

        if (first is >= SyllableBase and <= 0xD7A3 && (first - SyllableBase) % 28 == 0 && second is > TailBase and < TailBase + 28)
        {
            return ((char)(first + second - TailBase)).ToString();
        }

        // Hindi has two ways of writing a nasal before another consonant.
        if (first == 0x928 && second == 0x94D)
        {
            return "\u0902";
        }

        return Rune.GetUnicodeCategory(part) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            && CanonicalForms.Instance.Composite(first, second) is > 0 and var whole
            ? char.ConvertFromUtf32(whole)
            : null;
    }

    private static string? UmlautOf(Rune rune) => rune.Value switch
    {
        'ä' or 'Ä' => "ae",
        'ö' or 'Ö' or 'ø' or 'Ø' => "oe",
        'ü' or 'Ü' => "ue",
        'å' or 'Å' => "aa",
        _ => null,
    };

    private static SearchKind KindOf(string text)
    {
        Rune.DecodeFromUtf16(text, out var rune, out _);
        if (IsDense(rune.Value))
        {
            return SearchKind.Dense;
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.LetterNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark =>
                SearchKind.Word,
            _ => SearchKind.Gap,
        };
    }

    /// <summary>Thai, Lao, Burmese, Khmer, Hangul, Kana, Bopomofo, Yi and Han.</summary>
    private static bool IsDense(int character) => character switch
    {
        < 0xE01 => false,
        <= 0xE4E => character != 0xE3F,
        >= 0xE50 and <= 0xE5B => false,
        >= 0xE81 and <= 0xECE => true,
        >= 0x1000 and <= 0x109F => character is not (>= 0x1040 and <= 0x104F),
        >= 0x1100 and <= 0x11FF => true,
        >= 0x1780 and <= 0x17D3 => true,
        >= 0x3005 and <= 0x3007 => true,
        >= 0x3041 and <= 0x3096 => true,
        >= 0x3099 and <= 0x309F => true,
        >= 0x30A1 and <= 0x30FF => character != 0x30FB,
        >= 0x3105 and <= 0x318E => true,
        >= 0x31A0 and <= 0x31FF => true,
        >= 0x3400 and <= 0x4DBF => true,
        >= 0x4E00 and <= 0x9FFF => true,
        >= 0xA000 and <= 0xA48C => true,
        >= 0xA960 and <= 0xA97C => true,
        >= 0xAC00 and <= 0xD7FB => true,
        >= 0xF900 and <= 0xFAFF => true,
        >= 0x1B000 and <= 0x1B16F => true,
        >= 0x20000 and <= 0x3FFFD => true,
        _ => false,
    };

    private static bool IsEmoji(Rune rune) => rune.Value switch
    {
        < 0xA9 => false,
        >= 0x1F000 and <= 0x1FAFF => true,
        >= 0x2190 and <= 0x2BFF => Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol,
        _ => false,
    };

    /// <summary>The emoji without what only says how it is drawn: the colour of the skin, and that it is drawn in colours.</summary>
    private static string Emoji(string text)
    {
        var bare = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is not (0xFE0F or 0xFE0E or (>= 0x1F3FB and <= 0x1F3FF)))
            {
                bare.Append(rune);
            }
        }

        return bare.Length > 0 ? bare.ToString() : text;
    }
}
