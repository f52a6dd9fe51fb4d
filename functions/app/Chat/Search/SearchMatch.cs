namespace Vox.Chat.Search;

/// <summary>Compares a query with the text of a message, and finds where its words are.</summary>
internal static class SearchMatch
{
    /// <summary>Of words that occur more often, the first places.</summary>
    public const int MaxMarks = 50;

    /// <returns>Places in the text, in order, none over another; null when the text does not match.</returns>
    public static IReadOnlyList<(int Start, int End)>? Find(SearchQuery query, string text)
    {
        var words = SearchWord.Of(text);
        var byPlace = words.ToLookup(word => word.Position);
        var places = new List<(int Start, int End)>();
        foreach (var phrase in query.Phrases)
        {
            var (found, dead) = (0, new HashSet<(int Item, int Place)>());
            foreach (var word in words)
            {
                if (Matches(phrase[0], word) && EndOf(phrase, 1, word, byPlace, dead) is { } end)
                {
                    places.Add((word.Start, Math.Max(word.End, end)));
                    if (++found == MaxMarks)
                    {
                        break;
                    }
                }
            }

            if (found == 0)
            {
                return null;
            }
        }

        return Joined(places);
    }

    /// <param name="dead">
    /// Where the rest was found not to follow. Without it, a text that repeats itself has twice as many ways with each item.
    /// </param>
    /// <returns>Where the rest of the phrase ends; null when it does not follow.</returns>
    private static int? EndOf(
        IReadOnlyList<SearchItem> phrase, int from, SearchWord before, ILookup<int, SearchWord> byPlace,
        HashSet<(int Item, int Place)> dead)
    {
        if (from == phrase.Count)
        {
            return before.End;
        }

        if (dead.Contains((from, before.Next)))
        {
            return null;
        }

        // Words follow each other whatever stands between; characters of scripts without blanks have a place free where something does.
        for (var gap = 0; gap <= 1; gap++)
        {
            if (gap == 1 && !phrase[from].Apart)
            {
                break;
            }

            foreach (var word in byPlace[before.Next + gap])
            {
                if (Matches(phrase[from], word) && EndOf(phrase, from + 1, word, byPlace, dead) is { } end)
                {
                    return end;
                }
            }
        }

        dead.Add((from, before.Next));
        return null;
    }

    private static bool Matches(SearchItem item, SearchWord word)
    {
        foreach (var text in item.Texts)
        {
            if (item.IsPrefix ? word.Text.StartsWith(text, StringComparison.Ordinal) : word.Text == text)
            {
                return true;
            }
        }

        return false;
    }

    private static List<(int Start, int End)> Joined(List<(int Start, int End)> places)
    {
        var joined = new List<(int Start, int End)>();
        foreach (var place in places.Order())
        {
            if (joined is [.., var last] && place.Start < last.End)
            {
                joined[^1] = (last.Start, Math.Max(last.End, place.End));
            }
            else
            {
                joined.Add(place);
            }
        }

        return joined;
    }
}
