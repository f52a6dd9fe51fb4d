using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Search;

/// <summary>How many requests to storage one search may still make.</summary>
internal sealed class SearchBudget(int index, int all)
{
    /// <summary>Reads of the index that are left.</summary>
    public int Index { get; private set; } = index;

    /// <summary>Reads of any kind that are left.</summary>
    public int All { get; private set; } = all;

    public void TakeIndex()
    {
        Index--;
        All--;
    }

    public void Take(int requests) => All -= requests;
}

/// <summary>The postings of one term, read as far as they are needed.</summary>
internal sealed class PostingStream(
    SearchIndexStore store, string projectId, SearchTerm term, long before, Func<Posting, bool> wanted)
{
    private readonly Dictionary<string, string> after = term.Keys.ToDictionary(key => key, _ => "", StringComparer.Ordinal);
    private readonly Dictionary<string, long> horizons = term.Keys.ToDictionary(key => key, _ => long.MaxValue, StringComparer.Ordinal);

    /// <summary>Of a beginning of a word so many rows are read.</summary>
    private const int MaxPrefixRows = 3 * SearchIndexStore.Page;

    /// <summary>What was read and is wanted, by message.</summary>
    public Dictionary<(string Conversation, long Sequence), Posting> Known { get; } = [];

    /// <summary>All postings that are newer than this time are known; <see cref="long.MinValue"/> when all are.</summary>
    public long Horizon => horizons.Values.Max();

    /// <summary>More words begin so than can be read: this term finds nothing out, the texts do.</summary>
    public bool IsTooBroad { get; private set; }

    public async Task ReadAsync(SearchBudget budget, CancellationToken cancellationToken)
    {
        if (term.IsPrefix)
        {
            await ReadPrefixAsync(budget, cancellationToken);
            return;
        }

        var key = horizons.MaxBy(pair => pair.Value).Key;
        budget.TakeIndex();
        var rows = await store.ReadWordAsync(projectId, key, after[key], before, cancellationToken);
        Keep(rows);

        // Rows stand in the order of their newest message. A row that was not read has none that is newer than the last one that was.
        (after[key], horizons[key]) = rows.Count < SearchIndexStore.Page
            ? ("", long.MinValue)
            : (rows[^1].Key, rows[^1].Postings[0].Time);
    }

    /// <summary>What is not wanted takes no memory: of a common word, a user's own messages are a small part.</summary>
    private void Keep(List<PostingRow> rows)
    {
        foreach (var posting in rows.SelectMany(row => row.Postings).Where(wanted))
        {
            Known[posting.Identity] = posting;
        }
    }

    private async Task ReadPrefixAsync(SearchBudget budget, CancellationToken cancellationToken)
    {
        foreach (var key in term.Keys)
        {
            for (var i = 0; i < 3; i++)
            {
                budget.TakeIndex();
            }

            var rows = await store.ReadBeginningAsync(projectId, key, MaxPrefixRows, cancellationToken);
            IsTooBroad |= rows.Count == MaxPrefixRows;
            Keep(rows);
            horizons[key] = long.MinValue;
        }
    }
}

/// <summary>Where the next page goes on: at the first message that is not before this place.</summary>
/// <param name="Inclusive">Whether the message at this place was not looked at.</param>
internal readonly record struct SearchPlace(long Time, string Conversation, long Sequence, bool Inclusive)
{
    public bool Allows(Posting posting) =>
        Posting.NewestFirst.Compare(posting, new Posting(Time, Conversation, Sequence, 0, false)) is var order
        && (Inclusive ? order >= 0 : order > 0);

    public override string ToString() => $"{Time} {Conversation} {Sequence} {(Inclusive ? 1 : 0)}";

    public static SearchPlace? Parse(string? text) =>
        text?.Split(' ') is [var time, var conversation, var sequence, var inclusive]
            && long.TryParse(time, System.Globalization.CultureInfo.InvariantCulture, out var at)
            && long.TryParse(sequence, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? new SearchPlace(at, conversation, number, inclusive == "1")
            : null;
}

/// <summary>Finds messages in the index that may match, newest first.</summary>
internal sealed class PostingReader
{
    private readonly List<PostingStream> streams;

    public PostingReader(
        SearchIndexStore store, string projectId, SearchQuery query, SearchPlace? from, Func<Posting, bool> wanted)
    {
        var before = Math.Min(query.Before - 1 ?? MaxTime, from?.Time ?? MaxTime);
        streams = [.. query.Terms().Select(term => new PostingStream(
            store, projectId, term, before, posting => from?.Allows(posting) != false && wanted(posting)))];
    }

    private const long MaxTime = 900_000_000_000_000;

    /// <summary>
    /// Reads until there are enough candidates, all are known, or the budget is used up.
    /// </summary>
    /// <param name="enough">So many are enough.</param>
    /// <param name="oldest">Unix ms: older messages are not wanted.</param>
    /// <returns>Candidates, newest first, and the time up to which they are all; null when these are all that there are.</returns>
    /// <exception cref="VoxException">invalid_field: more words begin so than can be read</exception>
    public async Task<(List<Posting> Candidates, long? Horizon)> ReadAsync(
        int enough, long oldest, SearchBudget budget, CancellationToken cancellationToken)
    {
        await Task.WhenAll(streams.Select(stream => stream.ReadAsync(budget, cancellationToken)));
        if (streams.RemoveAll(stream => stream.IsTooBroad) > 0 && streams.Count == 0)
        {
            throw new VoxException(
                Errors.InvalidField, "Too many words begin so: write more letters before the *, or another word beside it.", "q");
        }

        while (true)
        {
            // A word that is rare and known to its end says enough: the others are compared with the texts.
            var (horizon, candidates) = Candidates();
            if (candidates.Count >= enough || horizon <= oldest || budget.Index <= 0)
            {
                return (candidates, horizon <= oldest || horizon == long.MinValue ? null : horizon);
            }

            await streams.MaxBy(stream => stream.Horizon)!.ReadAsync(budget, cancellationToken);
        }
    }

    private (long Horizon, List<Posting> Candidates) Candidates()
    {
        var horizon = streams.Max(stream => stream.Horizon);
        var rarest = streams.Where(stream => stream.Horizon == long.MinValue).MinBy(stream => stream.Known.Count);
        if (rarest is not null)
        {
            var few = Sorted(rarest.Known.Values.Where(
                posting => streams.TrueForAll(stream => stream.Horizon >= posting.Time || stream.Known.ContainsKey(posting.Identity))));
            if (few.Count <= MaxUnchecked || horizon == long.MinValue)
            {
                return (long.MinValue, few);
            }
        }

        var least = streams.MinBy(stream => stream.Known.Count)!;
        return (horizon, Sorted(least.Known.Values.Where(
            posting => posting.Time > horizon && streams.TrueForAll(stream => stream.Known.ContainsKey(posting.Identity)))));
    }

    /// <summary>So few candidates are compared with their texts even if not all words are known of them.</summary>
    private const int MaxUnchecked = 10;

    private static List<Posting> Sorted(IEnumerable<Posting> postings) =>
        [.. postings.Order(Posting.NewestFirst)];
}
