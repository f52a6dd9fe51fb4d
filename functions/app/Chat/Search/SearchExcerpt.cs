namespace Vox.Chat.Search;

/// <summary>The part of a text that shows why it was found.</summary>
internal static class SearchExcerpt
{
    public const int MaxLength = 240;

    /// <summary>So much stands before the first word that was found.</summary>
    private const int Lead = 60;

    /// <param name="places">In order, at least one.</param>
    public static (string Excerpt, IReadOnlyList<SearchMark> Marks) Of(string text, IReadOnlyList<(int Start, int End)> places)
    {
        var start = text.Length <= MaxLength ? 0 : Begin(text, Math.Max(0, Math.Min(places[0].Start - Lead, text.Length - MaxLength)));
        var end = Math.Min(text.Length, start + MaxLength);
        if (end < text.Length && char.IsHighSurrogate(text[end - 1]))
        {
            end--;
        }

        return (
            text[start..end],
            [.. places.Where(place => place.Start >= start && place.Start < end)
                .Select(place => new SearchMark(place.Start - start, Math.Min(place.End, end) - place.Start))]);
    }

    /// <summary>Not in the middle of a word, if a blank is near, and never in the middle of a character.</summary>
    private static int Begin(string text, int start)
    {
        if (start == 0)
        {
            return 0;
        }

        var blank = text.IndexOf(' ', start, Math.Min(Lead / 2, text.Length - start));
        start = blank < 0 ? start : blank + 1;
        return char.IsLowSurrogate(text[start]) ? start + 1 : start;
    }
}
