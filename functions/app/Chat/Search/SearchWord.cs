using System.Text;

namespace Vox.Chat.Search;

/// <summary>A word of a text, or a part of one, or one character of a script without blanks.</summary>
/// <param name="Position">Its place among the words of the text.</param>
/// <param name="Next">The place of what comes right after it.</param>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="IsDense">A single character of a script without blanks: found anywhere.</param>
/// <param name="IsExtra">A part or another spelling of a word that is there as a whole. Queries have none.</param>
internal sealed record SearchWord(
    string Text, int Position, int Next, int Start, int End, bool IsDense = false, bool IsExtra = false)
{
    /// <summary>Longer words are cut, in texts and in queries.</summary>
    public const int MaxLength = 64;

    /// <summary>
    /// The words of a text. Words with capitals or digits inside (<c>getUserName</c>, <c>release2024</c>) are there as a whole and in
    /// parts, telephone numbers from each of their groups to the end, words with umlauts in both spellings.
    /// </summary>
    public static List<SearchWord> Of(string text)
    {
        var (characters, words, position) = (FoldedText.Of(text), new List<SearchWord>(), 0);
        var afterGap = false;
        for (var i = 0; i < characters.Count;)
        {
            switch (characters[i].Kind)
            {
                case SearchKind.Gap:
                    afterGap = true;
                    i++;
                    continue;
                case SearchKind.Word:
                    var end = i + 1;
                    while (end < characters.Count && characters[end].Kind == SearchKind.Word)
                    {
                        end++;
                    }

                    position = AddWord(words, characters, i, end, position);
                    i = end;
                    break;
                default:
                    var dense = characters[i].Kind == SearchKind.Dense;
                    // What stands apart is no part of a longer word: 北京 大学 is not 北京大学.
                    position += dense && afterGap && words is [.., { IsDense: true }] ? 1 : 0;
                    var cut = Cut(new StringBuilder(characters[i].Text));
                    words.Add(new SearchWord(cut, position, ++position, characters[i].Start, characters[i].End, dense));
                    i++;
                    break;
            }

            afterGap = false;
        }

        AddNumbers(words, text);
        return words;
    }

    /// <summary>What the index has of a text: words, and pairs of characters with the characters beside, each once.</summary>
    /// <param name="max">So many at most: the first of the text.</param>
    /// <param name="maxCharacters">So many characters at most in all of them.</param>
    public static List<string> KeysOf(string text, int max, int maxCharacters)
    {
        var (words, keys, seen, length) = (Of(text), new List<string>(), new HashSet<string>(StringComparer.Ordinal), 0);
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (IsKey(word) && !Add(word.Text))
            {
                break;
            }

            if (word.IsDense && i + 1 < words.Count && words[i + 1] is { IsDense: true } next && next.Position == word.Next
                && !Add(word.Text + next.Text))
            {
                break;
            }
        }

        return keys;

        bool Add(string key)
        {
            if (!seen.Add(key))
            {
                return true;
            }

            length += key.Length + 1;
            if (keys.Count == max || length > maxCharacters)
            {
                return false;
            }

            keys.Add(key);
            return true;
        }
    }

    /// <summary>A single letter or digit is too common: the index has none.</summary>
    public static bool IsKey(SearchWord word) => word.IsDense || word.Text.Length > 1;

    private static int AddWord(List<SearchWord> words, List<FoldedCharacter> characters, int from, int to, int position)
    {
        var bounds = new List<int> { from };
        for (var i = from + 1; i < to; i++)
        {
            if ((characters[i].IsUpper && !characters[i - 1].IsUpper && !IsDigit(characters[i - 1]))
                || IsDigit(characters[i]) != IsDigit(characters[i - 1]))
            {
                bounds.Add(i);
            }
        }

        bounds.Add(to);
        var next = position + bounds.Count - 1;
        Add(from, to, position, next, isExtra: false);
        for (var part = 0; bounds.Count > 2 && part + 1 < bounds.Count; part++)
        {
            Add(bounds[part], bounds[part + 1], position + part, position + part + 1, isExtra: true);
        }

        return next;

        void Add(int first, int end, int place, int following, bool isExtra)
        {
            var (plain, spelled, differs) = (new StringBuilder(), new StringBuilder(), false);
            for (var i = first; i < end; i++)
            {
                plain.Append(characters[i].Text);
                spelled.Append(characters[i].Umlaut ?? characters[i].Text);
                differs |= characters[i].Umlaut is not null;
            }

            var (start, last) = (characters[first].Start, characters[end - 1].End);
            words.Add(new SearchWord(Cut(plain), place, following, start, last, IsExtra: isExtra));
            if (differs)
            {
                words.Add(new SearchWord(Cut(spelled), place, following, start, last, IsExtra: true));
            }
        }
    }

    /// <summary>Telephone numbers are found however their digits were grouped: +49 (30) 1234-567 by 301234567 and 1234567.</summary>
    private static void AddNumbers(List<SearchWord> words, string text)
    {
        const int MaxGroups = 6;
        const int MinDigits = 7;
        var groups = new List<SearchWord>();
        var found = new List<SearchWord>();
        foreach (var word in words)
        {
            var isNumber = word.Text.All(char.IsAsciiDigit);
            if (!isNumber || groups is [.., var last] && !IsWithin(text, last.End, word.Start))
            {
                Flush();
            }

            if (isNumber)
            {
                groups.Add(word);
            }
        }

        Flush();
        words.AddRange(found);

        void Flush()
        {
            if (groups.Count is > 1 and <= MaxGroups && groups.Sum(group => group.Text.Length) >= MinDigits)
            {
                for (var i = 0; i + 1 < groups.Count; i++)
                {
                    var joined = string.Concat(groups.Skip(i).Select(group => group.Text));
                    if (joined.Length <= MaxLength)
                    {
                        found.Add(new SearchWord(
                            joined, groups[i].Position, groups[^1].Next, groups[i].Start, groups[^1].End, IsExtra: true));
                    }
                }
            }

            groups.Clear();
        }
    }

    /// <summary>Whether two groups of digits belong to one number.</summary>
    private static bool IsWithin(string text, int from, int to) =>
        to >= from && to - from <= 2 && text.AsSpan(from, to - from).IndexOfAnyExcept(" -()/.\u00A0") < 0;

    private static bool IsDigit(FoldedCharacter character) => char.IsAsciiDigit(character.Text[0]);

    private static string Cut(StringBuilder text) => text.Length <= MaxLength
        ? text.ToString()
        : text.ToString(0, char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength);
}
