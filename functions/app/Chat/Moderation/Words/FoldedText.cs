using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace Vox.Chat.Moderation.Words;

/// <summary>One character of a folded text, and where it stands in the original.</summary>
/// <param name="Start">In UTF-16 characters.</param>
/// <param name="End">After it. The same as the start for what a tag of HTML stands for.</param>
/// <param name="IsWord">Whether the original is a letter, a digit or a mark on one.</param>
/// <param name="IsLetter">Whether the original is a letter: a digit may be written for one.</param>
internal readonly record struct FoldedCharacter(char Value, int Start, int End, bool IsWord, bool IsLetter);

/// <summary>
/// A text as word lists see it, made in one pass: small letters without accents and width, look-alikes as one, runs of blanks as one blank,
/// and nothing of characters that nobody sees.
/// </summary>
internal sealed class FoldedText
{
    /// <summary>The longest reference of HTML that counts: <c>&amp;#x1F601;</c> and the usual names.</summary>
    private const int MaxReference = 12;

    private static readonly string[] Breaks =
        ["br", "p", "div", "li", "ul", "ol", "tr", "td", "th", "table", "hr", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"];

    private readonly List<FoldedCharacter> characters;

    private FoldedText(int capacity) => characters = new(capacity);

    public IReadOnlyList<FoldedCharacter> Characters => characters;

    /// <summary>Parts of the original that do not count, such as a joiner between two letters. Tags of HTML are not among them.</summary>
    public List<(int Start, int End)> Ignored { get; } = [];

    /// <param name="isHtml">Tags do not count, and references are what they stand for.</param>
    public static FoldedText Of(string text, bool isHtml = false)
    {
        var folded = new FoldedText(text.Length);
        for (var at = 0; at < text.Length;)
        {
            if (isHtml && text[at] == '<' && TagEnd(text, at) is var end && end > at)
            {
                folded.AddTag(text[at..end], at);
                at = end;
                continue;
            }

            if (isHtml && text[at] == '&' && Reference(text, at) is ({ } meant, var length))
            {
                foreach (var rune in meant.EnumerateRunes())
                {
                    folded.Add(rune, at, at + length);
                }

                at += length;
                continue;
            }

            // Half of a surrogate pair counts as it is: nobody can send one.
            var size = Rune.DecodeFromUtf16(text.AsSpan(at), out var character, out var read) == OperationStatus.Done ? read : 1;
            folded.Add(character, at, at + size);
            at += size;
        }

        return folded;
    }

    /// <summary>The folded characters alone.</summary>
    public override string ToString() => string.Concat(characters.Select(character => character.Value));

    private void Add(Rune rune, int start, int end)
    {
        if (Rune.IsWhiteSpace(rune))
        {
            AddBlank(start, end);
            return;
        }

        var category = Rune.GetUnicodeCategory(rune);
        var isMark = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark;
        var meant = LookAlikes.Find(rune.Value)
            ?? (category is UnicodeCategory.Format or UnicodeCategory.Control ? "" : Rune.ToLowerInvariant(rune).ToString());

        // A mark of another script on a Latin letter is there to hide it.
        if (meant.Length == 0 || (isMark && characters.Count > 0 && characters[^1].Value < 0x250))
        {
            Ignored.Add((start, end));
            return;
        }

        var isLetter = Rune.IsLetter(rune) || category == UnicodeCategory.OtherSymbol;
        foreach (var value in meant)
        {
            characters.Add(new FoldedCharacter(
                value, start, end, isMark || Rune.IsLetterOrDigit(rune), isMark || isLetter));
        }
    }

    private void AddBlank(int start, int end)
    {
        if (characters.Count > 0 && characters[^1].Value != ' ')
        {
            characters.Add(new FoldedCharacter(' ', start, end, false, false));
        }
    }

    private void AddTag(string tag, int at)
    {
        var name = new string([.. tag.Skip(tag.StartsWith("</", StringComparison.Ordinal) ? 2 : 1).TakeWhile(char.IsAsciiLetterOrDigit)]);
        if (Breaks.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            AddBlank(at, at);
        }
    }

    /// <returns>After the tag that begins here; not more than <paramref name="at"/> when none does.</returns>
    private static int TagEnd(string text, int at) =>
        at + 1 < text.Length && (char.IsAsciiLetter(text[at + 1]) || text[at + 1] is '/' or '!' or '?')
            ? text.IndexOf('>', at) + 1
            : -1;

    private static (string? Meant, int Length) Reference(string text, int at)
    {
        var end = text.AsSpan(at, Math.Min(MaxReference, text.Length - at)).IndexOf(';');
        if (end < 2)
        {
            return (null, 0);
        }

        var reference = text.Substring(at, end + 1);
        return WebUtility.HtmlDecode(reference) is var meant && meant != reference ? (meant, reference.Length) : (null, 0);
    }
}
