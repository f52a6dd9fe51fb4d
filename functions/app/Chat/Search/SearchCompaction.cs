namespace Vox.Chat.Search;

/// <summary>
/// Changes rows of words: gathers them into blocks, and takes messages out of them. Each step is one transaction that fails if anybody
/// else has changed one of its rows, so any number of processes may do it at once.
/// </summary>
public sealed class SearchCompaction(SearchIndexStore store)
{
    /// <summary>One in so many messages with a word has the word's rows gathered: so many rows wait on average.</summary>
    private const int Every = 128;

    /// <summary>Fewer rows stay as they are.</summary>
    private const int MinRows = 32;

    /// <summary>A block that is half full or more stays as it is.</summary>
    private const int Full = PostingBlock.MaxPostings / 2;

    private const int MaxRowsInTransaction = 99;

    /// <summary>
    /// The words whose rows are due after a message. Who writes the message, and how often, makes no difference, so no process needs to
    /// remember anything.
    /// </summary>
    public static IEnumerable<string> Due(Posting posting, IEnumerable<string> words) => words.Where(
        word => (uint)HashCodeOf(word, posting) % Every == 0);

    /// <summary>Gathers the rows of a word, as far as that is worth it.</summary>
    /// <returns>How many rows became blocks.</returns>
    public async Task<int> CompactAsync(string projectId, string word, CancellationToken cancellationToken)
    {
        var (gathered, after) = (0, "");
        while (true)
        {
            var rows = await store.ReadWordAsync(projectId, word, after, long.MaxValue / 2, cancellationToken);
            var small = rows.Where(row => row.Postings.Count < Full).ToList();
            foreach (var group in Groups(small))
            {
                if (group.Count >= MinRows
                    && await store.TryReplaceAsync(projectId, word, group, [Merged(group)], cancellationToken))
                {
                    gathered += group.Count;
                }
            }

            // What lies behind a page of rows that were small is a backlog: an index that is just being made has one.
            if (rows.Count < SearchIndexStore.Page || small.Count < SearchIndexStore.Page / 2)
            {
                return gathered;
            }

            after = rows[^1].Key;
        }
    }

    /// <summary>Takes messages out of the rows of a word.</summary>
    public async Task RemoveAsync(
        string projectId, string word, IReadOnlyCollection<Posting> postings, CancellationToken cancellationToken)
    {
        var gone = postings.Select(posting => posting.Identity).ToHashSet();
        while (true)
        {
            var rows = await store.ReadWordAsync(
                projectId, word, postings.Min(posting => posting.Time), postings.Max(posting => posting.Time), cancellationToken);
            var changed = true;
            foreach (var part in rows.Where(row => row.Postings.Any(posting => gone.Contains(posting.Identity))).Chunk(40))
            {
                var blocks = part.Select(row => row.Postings.Where(posting => !gone.Contains(posting.Identity)).ToList())
                    .Where(block => block.Count > 0).ToList();
                changed &= await store.TryReplaceAsync(projectId, word, part, blocks, cancellationToken);
            }

            if (changed)
            {
                return;
            }
        }
    }

    private static IEnumerable<List<PostingRow>> Groups(List<PostingRow> rows)
    {
        var (group, count, bytes) = (new List<PostingRow>(), 0, 0);
        foreach (var row in rows)
        {
            var size = row.Postings.Sum(PostingBlock.SizeOf);
            if (group.Count == MaxRowsInTransaction || count + row.Postings.Count > PostingBlock.MaxPostings
                || bytes + size > PostingBlock.MaxBytes)
            {
                yield return group;
                (group, count, bytes) = ([], 0, 0);
            }

            group.Add(row);
            count += row.Postings.Count;
            bytes += size;
        }

        yield return group;
    }

    private static List<Posting> Merged(List<PostingRow> rows) =>
        [.. rows.SelectMany(row => row.Postings).DistinctBy(posting => posting.Identity).Order(Posting.NewestFirst)];

    /// <summary>The same in every process, unlike the runtime's own.</summary>
    private static int HashCodeOf(string word, Posting posting)
    {
        var hash = 2_166_136_261u;
        foreach (var c in word)
        {
            hash = (hash ^ c) * 16_777_619;
        }

        foreach (var c in posting.Conversation)
        {
            hash = (hash ^ c) * 16_777_619;
        }

        // The low bits of a sequence alone would meet again in every conversation.
        hash = (hash ^ (uint)posting.Sequence) * 16_777_619;
        return (int)(hash ^ (hash >> 15));
    }
}
