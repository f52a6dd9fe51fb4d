using Vox.Chat.Conversations.Messages;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Search;

/// <summary>
/// Finds messages. The index says which may match; each of them is read and compared, and what the caller may see is asked of the
/// conversation itself. So nothing is shown that is gone or is not theirs, whatever the index has. A page costs a bounded number of
/// requests; what is left is for the next one.
/// </summary>
public sealed class SearchService(
    SearchIndexStore index, SearchViews views, ConversationStore conversations, RecentStore recents)
{
    public const int MaxPage = 50;
    public const int DefaultPage = 20;

    /// <summary>Requests to storage that a page may make, of them to the index.</summary>
    public const int MaxRequests = 26;

    /// <inheritdoc cref="MaxRequests"/>
    public const int MaxIndexRequests = 8;

    private const int Candidates = 60;

    /// <summary>Messages of one conversation that lie so close together are read in one request.</summary>
    private const int CloseTogether = 20;

    /// <summary>Searches the caller's own conversations.</summary>
    /// <exception cref="VoxException">search_off, missing_field, too_long, invalid_field</exception>
    internal async Task<(IReadOnlyList<SearchHit> Hits, SearchPlace? Next)> OfUserAsync(
        Caller caller, string? text, SearchPlace? from, int size, CancellationToken cancellationToken)
    {
        var query = Parse(caller.Project, text);
        if (query.From == "me")
        {
            query = query with { From = caller.LoginId };
        }

        var own = (await recents.ListAsync(caller.Identity, cancellationToken))
            .Where(recent => query.In is not { } place || recent.With == place || recent.ConversationId == place)
            .ToDictionary(recent => recent.ConversationId, recent => recent.With, StringComparer.Ordinal);
        var budget = new SearchBudget(MaxIndexRequests, MaxRequests - 1 - (own.Count / 1_000));
        var known = new Dictionary<string, Func<long, bool>?>(StringComparer.Ordinal);
        return await SearchAsync(
            caller.Project.Id, query, from, size, budget, own.ContainsKey,
            async conversation =>
            {
                if (!known.TryGetValue(conversation, out var sees))
                {
                    budget.Take(SearchViews.MaxRequests);
                    known[conversation] = sees = await views.FindAsync(
                        caller, new ConversationKey(caller.Project.Id, conversation), cancellationToken);
                }

                return sees;
            },
            own.GetValueOrDefault, cancellationToken);
    }

    /// <summary>Searches all conversations of a project.</summary>
    /// <inheritdoc cref="OfUserAsync"/>
    internal Task<(IReadOnlyList<SearchHit> Hits, SearchPlace? Next)> OfProjectAsync(
        Project project, string? text, SearchPlace? from, int size, CancellationToken cancellationToken)
    {
        var query = Parse(project, text);
        return SearchAsync(
            project.Id, query, from, size, new SearchBudget(MaxIndexRequests, MaxRequests),
            conversation => query.In is not { } place || conversation == place,
            static _ => Task.FromResult<Func<long, bool>?>(static _ => true), static _ => null, cancellationToken);
    }

    internal static VoxException Off() => new(
        Errors.SearchOff, "Search is off in this project: switch it on in the developer portal, on the page Chat settings.");

    private static SearchQuery Parse(Project project, string? text) => project.Searches ? SearchQuery.Parse(text) : throw Off();

    private async Task<(IReadOnlyList<SearchHit> Hits, SearchPlace? Next)> SearchAsync(
        string projectId, SearchQuery query, SearchPlace? from, int size, SearchBudget budget, Func<string, bool> isIn,
        Func<string, Task<Func<long, bool>?>> viewOf, Func<string, string?> with, CancellationToken cancellationToken)
    {
        var sender = query.From is { } name ? Posting.DigestOf(name) : (uint?)null;
        var reader = new PostingReader(
            index, projectId, query, from,
            posting => isIn(posting.Conversation) && (sender is not { } wanted || posting.From == wanted)
                && (!query.HasFile || posting.HasFile) && (query.After is not { } after || posting.Time >= after)
                && (query.Before is not { } before || posting.Time < before));
        var (candidates, horizon) = await reader.ReadAsync(
            Math.Max(size, Candidates), query.After ?? 0, budget, cancellationToken);
        var hits = new List<SearchHit>(size);
        for (var i = 0; i < candidates.Count;)
        {
            // A view and a message each: three requests for every candidate, if they are all of different conversations.
            // One is always looked at: a page that gets nowhere would have the cursor that it began with.
            var take = Math.Min(
                Math.Min(size - hits.Count, candidates.Count - i),
                Math.Max(i == 0 ? 1 : 0, budget.All / (SearchViews.MaxRequests + 1)));
            if (take <= 0)
            {
                var next = candidates[i];
                return (hits, new SearchPlace(next.Time, next.Conversation, next.Sequence, Inclusive: true));
            }

            hits.AddRange(await ReadAsync(projectId, query, candidates.GetRange(i, take), budget, viewOf, with, cancellationToken));
            i += take;
        }

        // Messages of the very time of the horizon may be known or not: the next page begins with all of them.
        return (hits, horizon is { } time ? new SearchPlace(time, "", long.MaxValue, Inclusive: true) : null);
    }

    private async Task<List<SearchHit>> ReadAsync(
        string projectId, SearchQuery query, List<Posting> candidates, SearchBudget budget,
        Func<string, Task<Func<long, bool>?>> viewOf, Func<string, string?> with, CancellationToken cancellationToken)
    {
        var found = new Dictionary<(string, long), SearchHit>();
        foreach (var conversation in candidates.GroupBy(posting => posting.Conversation, StringComparer.Ordinal))
        {
            if (await viewOf(conversation.Key) is not { } sees)
            {
                continue;
            }

            var key = new ConversationKey(projectId, conversation.Key);
            foreach (var (first, last) in Ranges(conversation.Select(posting => posting.Sequence).Where(sees)))
            {
                budget.Take(1);
                foreach (var message in await conversations.ReadRangeAsync(key, first, last, cancellationToken))
                {
                    if (HitOf(key, message, query, with) is { } hit)
                    {
                        found[(key.Id, message.Sequence)] = hit;
                    }
                }
            }
        }

        return [.. candidates.Select(posting => found.GetValueOrDefault(posting.Identity)).OfType<SearchHit>()];
    }

    private static SearchHit? HitOf(ConversationKey key, Message message, SearchQuery query, Func<string, string?> with)
    {
        var text = SearchText.Of(message);
        if (text.Length == 0 || (query.From is { } sender && message.Draft.From != sender)
            || SearchMatch.Find(query, text) is not { } places)
        {
            return null;
        }

        var (excerpt, marks) = SearchExcerpt.Of(text, places);
        return new SearchHit(with(key.Id), excerpt, marks, MessageEvent.Of(key.Id, message));
    }

    private static List<(long First, long Last)> Ranges(IEnumerable<long> sequences)
    {
        var ranges = new List<(long First, long Last)>();
        foreach (var sequence in sequences.Order())
        {
            if (ranges is [.., var (first, last)] && sequence - last <= CloseTogether)
            {
                ranges[^1] = (first, sequence);
            }
            else
            {
                ranges.Add((sequence, sequence));
            }
        }

        return ranges;
    }
}
