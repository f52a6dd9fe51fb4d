using System.Globalization;
using System.Text;

namespace Vox.Platform.Text;

/// <summary>Whether anything of a name can be seen.</summary>
internal static class VisibleText
{
    /// <summary>
    /// False for a text that is nothing but blanks, control and format characters (zero width, direction), variation selectors, and the
    /// fillers that fonts show as nothing. Such a name looks like no name, or like somebody else's.
    /// </summary>
    public static bool IsVisible(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsVisible(rune))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned => false,
        _ => !IsFiller(rune.Value),
    };

    private static bool IsFiller(int character) => character
        is 0x034F // Combining grapheme joiner.
        or 0x115F or 0x1160 or 0x3164 or 0xFFA0 // Hangul fillers.
        or 0x17B4 or 0x17B5 // Khmer vowels that are not written.
        or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) // Variation selectors.
        or 0x2800 // A Braille cell without dots.
        or 0x1D159 // A musical note without a head.
        or 0xFFFC;
}
