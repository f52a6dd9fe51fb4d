using System.Globalization;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Search;

/// <summary>One word of a query, or a character of a script without blanks.</summary>
/// <param name="Texts">Any of these: a word with an umlaut has two spellings.</param>
/// <param name="IsPrefix">Words that begin so.</param>
/// <param name="Apart">Something stands between it and the item before.</param>
internal sealed record SearchItem(IReadOnlyList<string> Texts, bool IsDense, bool IsPrefix, bool Apart);

/// <summary>What is looked up in the index: messages with any of these keys.</summary>
internal sealed record SearchTerm(IReadOnlyList<string> Keys, bool IsPrefix);

/// <summary>What somebody searches for, understood.</summary>
/// <param name="Phrases">Each must be in the message: a word, or several that follow each other.</param>
/// <param name="Before">Unix ms: only messages sent before; null for all.</param>
/// <param name="After">Unix ms: only messages sent at this time or later.</param>
internal sealed record SearchQuery(
    IReadOnlyList<IReadOnlyList<SearchItem>> Phrases, string? From, string? In, bool HasFile, long? Before, long? After)
{
    public const int MaxLength = 200;
    public const int MaxWords = 20;

    /// <summary>Fewer letters before a <c>*</c> would mean too many words.</summary>
    public const int MinPrefix = 3;

    /// <summary>So many terms are looked up. All words are compared with the text anyway.</summary>
    private const int MaxTerms = 4;

    private const string Field = "q";

    /// <exception cref="VoxException">missing_field, too_long, invalid_field</exception>
    public static SearchQuery Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new VoxException(Errors.MissingField, "q must say what to search for.", Field);
        }

        if (text.Length > MaxLength)
        {
            throw new VoxException(Errors.TooLong, $"q may have at most {MaxLength} characters.", Field);
        }

        var (query, words) = (new SearchQuery([], null, null, false, null, null), new List<IReadOnlyList<SearchItem>>());
        foreach (var part in Split(text))
        {
            if (part.Operator.Length > 0)
            {
                query = query.With(part.Operator, part.Text);
            }
            else if (Items(part.Text, part.IsQuoted) is { Count: > 0 } phrase)
            {
                words.Add(phrase);
            }
        }

        if (words.Count == 0)
        {
            throw new VoxException(
                Errors.InvalidField,
                "q must have at least one word to search for, beside what it says about sender, place and time.", Field);
        }

        if (words.Sum(phrase => phrase.Count(item => !item.IsDense)) > MaxWords)
        {
            throw new VoxException(Errors.InvalidField, $"q may have at most {MaxWords} words.", Field);
        }

        query = query with { Phrases = words };
        return query.Terms().Count > 0
            ? query
            : throw new VoxException(
                Errors.InvalidField, "q is too short: it must have a word of at least two letters or digits.", Field);
    }

    /// <summary>What to look up: the longest words, for they are the rarest.</summary>
    public IReadOnlyList<SearchTerm> Terms()
    {
        var terms = new List<SearchTerm>();
        foreach (var phrase in Phrases)
        {
            for (var i = 0; i < phrase.Count; i++)
            {
                var item = phrase[i];
                if (!item.IsDense)
                {
                    if (item.Texts[0].Length > 1)
                    {
                        terms.Add(new SearchTerm(item.Texts, item.IsPrefix));
                    }

                    continue;
                }

                var follows = i + 1 < phrase.Count && phrase[i + 1] is { IsDense: true, Apart: false };
                var precedes = i > 0 && phrase[i - 1].IsDense && !item.Apart;
                if (follows || !precedes)
                {
                    terms.Add(new SearchTerm([follows ? item.Texts[0] + phrase[i + 1].Texts[0] : item.Texts[0]], false));
                }
            }
        }

        // Words of one spelling need fewer requests, and a beginning of a word more.
        return [.. terms.DistinctBy(term => string.Join('|', term.Keys) + (term.IsPrefix ? "*" : ""), StringComparer.Ordinal)
            .OrderBy(term => term.IsPrefix).ThenByDescending(term => term.Keys[0].Length).Take(MaxTerms)];
    }

    private static IReadOnlyList<SearchItem> Items(string text, bool isQuoted)
    {
        var isPrefix = !isQuoted && text.EndsWith('*');
        var words = SearchWord.Of(text);
        var whole = words.Where(word => !word.IsExtra).ToList();
        var items = new List<SearchItem>(whole.Count);
        var end = 0;
        for (var i = 0; i < whole.Count; i++)
        {
            var word = whole[i];
            var others = words.Where(
                other => other.IsExtra && other.Start == word.Start && other.End == word.End && other.Position == word.Position
                    && other.Next == word.Next);
            var prefix = isPrefix && i == whole.Count - 1 && !word.IsDense;
            if (prefix && word.Text.Length < MinPrefix)
            {
                throw new VoxException(
                    Errors.InvalidField, $"Write at least {MinPrefix} letters before the *.", Field);
            }

            items.Add(new SearchItem(
                [word.Text, .. others.Select(other => other.Text)], word.IsDense, prefix, i > 0 && word.Position > end));
            end = word.Next;
        }

        return items;
    }

    private SearchQuery With(string name, string value)
    {
        if (value.Trim() is not { Length: > 0 } wanted)
        {
            throw new VoxException(Errors.InvalidField, $"{name}: must be followed by a value, without a blank between.", Field);
        }

        return name switch
        {
            "from" => this with { From = wanted },
            "in" => this with { In = wanted },
            "before" => this with { Before = Day(name, wanted) },
            "after" => this with { After = Day(name, wanted) },
            _ => wanted.Equals("file", StringComparison.OrdinalIgnoreCase)
                ? this with { HasFile = true }
                : throw new VoxException(Errors.InvalidField, "has: knows only file.", Field),
        };
    }

    private static long Day(string name, string value)
    {
        if (DateTimeOffset.TryParseExact(
            value, ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.fffK"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            // There are no messages from before 1970, and no rows of such times.
            return Math.Max(1, time.ToUnixTimeMilliseconds());
        }

        throw new VoxException(
            Errors.InvalidField, $"{name}: must be followed by a day such as 2026-11-30, or a time such as 2026-11-30T08:00:00Z.", Field);
    }

    /// <summary>Takes a query apart at blanks outside of quotes.</summary>
    private static IEnumerable<(string Operator, string Text, bool IsQuoted)> Split(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            var name = OperatorAt(text, i);
            i += name.Length > 0 ? name.Length + 1 : 0;
            if (i < text.Length && IsQuote(text[i]))
            {
                var close = i + 1;
                while (close < text.Length && !IsQuote(text[close]))
                {
                    close++;
                }

                if (close == text.Length)
                {
                    throw new VoxException(
                        Errors.InvalidField, "A quotation mark in q has no other one: write one after the phrase.", Field);
                }

                yield return (name, text[(i + 1)..close], true);
                i = close + 1;
                continue;
            }

            var end = i;
            while (end < text.Length && !char.IsWhiteSpace(text[end]) && !(name.Length == 0 && IsQuote(text[end])))
            {
                end++;
            }

            yield return (name, text[i..end], false);
            i = end;
        }
    }

    private static string OperatorAt(string text, int at)
    {
        foreach (var name in (string[])["from", "in", "has", "before", "after"])
        {
            if (text.Length > at + name.Length && text[at + name.Length] == ':'
                && string.Compare(text, at, name, 0, name.Length, StringComparison.OrdinalIgnoreCase) == 0)
            {
                return name;
            }
        }

        return "";
    }

    private static bool IsQuote(char c) => c is '"' or '“' or '”' or '„' or '«' or '»';
}
