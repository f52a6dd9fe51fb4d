using System.Text;

namespace Vox.Platform.Text;

/// <summary>
/// Unicode's form NFC: texts that look the same and mean the same become the same text, however a keyboard has put them together.
/// </summary>
internal static class CanonicalText
{
    // Hangul syllables are composed by arithmetic, see chapter 3.12 of the Unicode standard.
    private const int SyllableBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TailBase = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TailCount;

    /// <summary>Everything below it is composed already, and stands on its own.</summary>
    private const char FirstCombining = '\u0300';

    /// <param name="text">Text without halves of surrogate pairs; these are left as they are.</param>
    public static string Compose(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange('\0', (char)(FirstCombining - 1)) < 0)
        {
            return text;
        }

        var forms = CanonicalForms.Instance;
        var characters = new List<int>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var pair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            Decompose(forms, pair ? char.ConvertToUtf32(text[i], text[i + 1]) : text[i], characters);
            i += pair ? 1 : 0;
        }

        Order(forms, characters);
        var composed = Join(forms, characters);
        return composed == text ? text : composed;
    }

    private static void Decompose(CanonicalForms forms, int character, List<int> into)
    {
        if (character - SyllableBase is >= 0 and < SyllableCount and var syllable)
        {
            into.Add(LeadBase + (syllable / (VowelCount * TailCount)));
            into.Add(VowelBase + (syllable % (VowelCount * TailCount) / TailCount));
            if (syllable % TailCount > 0)
            {
                into.Add(TailBase + (syllable % TailCount));
            }
        }
        else if (forms.PartsOf(character) is { } parts)
        {
            foreach (var part in parts)
            {
                Decompose(forms, part, into);
            }
        }
        else
        {
            into.Add(character);
        }
    }

    /// <summary>Puts the marks of each character into the order of their classes; marks of one class keep their order.</summary>
    private static void Order(CanonicalForms forms, List<int> characters)
    {
        for (var start = 0; start < characters.Count;)
        {
            var end = start + 1;
            while (end < characters.Count && forms.ClassOf(characters[end]) > 0)
            {
                end++;
            }

            var first = forms.ClassOf(characters[start]) > 0 ? start : start + 1;
            if (end - first > 1)
            {
                int[] sorted = [.. characters[first..end].OrderBy(forms.ClassOf)];
                for (var i = 0; i < sorted.Length; i++)
                {
                    characters[first + i] = sorted[i];
                }
            }

            start = end;
        }
    }

    private static string Join(CanonicalForms forms, List<int> characters)
    {
        var joined = new List<int>(characters.Count);
        var starter = -1;
        var lastClass = -1;
        foreach (var character in characters)
        {
            var ownClass = forms.ClassOf(character);
            // A mark joins its character unless one of the same class stands between them; any other character joins only its neighbour.
            if (starter >= 0 && lastClass < ownClass && Composite(forms, joined[starter], character) is > 0 and var whole)
            {
                joined[starter] = whole;
                continue;
            }

            if (ownClass == 0)
            {
                starter = joined.Count;
                lastClass = -1;
            }
            else
            {
                lastClass = ownClass;
            }

            joined.Add(character);
        }

        var text = new StringBuilder(joined.Count);
        foreach (var character in joined)
        {
            if (character < 0x10000)
            {
                text.Append((char)character);
            }
            else
            {
                text.Append(char.ConvertFromUtf32(character));
            }
        }

        return text.ToString();
    }

    private static int Composite(CanonicalForms forms, int first, int second)
    {
        if (first - LeadBase is >= 0 and < LeadCount and var lead && second - VowelBase is >= 0 and < VowelCount and var vowel)
        {
            return SyllableBase + (((lead * VowelCount) + vowel) * TailCount);
        }

        return first - SyllableBase is >= 0 and < SyllableCount and var syllable && syllable % TailCount == 0
            && second - TailBase is > 0 and < TailCount and var tail
            ? first + tail
            : forms.Composite(first, second);
    }
}
