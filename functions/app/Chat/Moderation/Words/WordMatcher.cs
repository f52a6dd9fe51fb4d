namespace Vox.Chat.Moderation.Words;

/// <summary>An entry of a word list that stands in a text.</summary>
/// <param name="Start">Index into the folded text.</param>
/// <param name="End">After it.</param>
internal readonly record struct WordMatch(WordEntry Entry, int Start, int End);

/// <summary>
/// Finds all entries of a project's word lists in one pass over a text, however many there are (Aho–Corasick). The time grows with the
/// length of the text, whatever stands in lists and text: there are no patterns that could go back.
/// </summary>
internal sealed class WordMatcher
{
    private readonly Dictionary<long, int> steps = [];
    private readonly List<int> fails = [0];
    private readonly List<int> lengths = [0];
    private readonly List<List<WordEntry>?> ends = [null];

    /// <summary>The next shorter entry that ends where this one does; 0 for none.</summary>
    private readonly List<int> shorter = [0];

    public WordMatcher(IEnumerable<WordEntry> entries)
    {
        var edges = new List<(int From, char By, int To)>();
        foreach (var entry in entries)
        {
            var node = 0;
            foreach (var value in entry.Folded)
            {
                if (!steps.TryGetValue(Key(node, value), out var next))
                {
                    next = fails.Count;
                    fails.Add(0);
                    lengths.Add(lengths[node] + 1);
                    ends.Add(null);
                    shorter.Add(0);
                    steps.Add(Key(node, value), next);
                    edges.Add((node, value, next));
                }

                node = next;
            }

            (ends[node] ??= []).Add(entry);
        }

        foreach (var (from, by, to) in edges.OrderBy(edge => lengths[edge.To]))
        {
            fails[to] = from == 0 ? 0 : Next(fails[from], by);
            shorter[to] = ends[fails[to]] is null ? shorter[fails[to]] : fails[to];
        }
    }

    public IEnumerable<WordMatch> Find(FoldedText text)
    {
        var characters = text.Characters;
        var letters = new int[characters.Count + 1];
        var node = 0;
        for (var at = 0; at < characters.Count; at++)
        {
            letters[at + 1] = letters[at] + (characters[at].IsLetter ? 1 : 0);
            node = Next(node, characters[at].Value);
            for (var found = ends[node] is null ? shorter[node] : node; found != 0; found = shorter[found])
            {
                var start = at + 1 - lengths[found];
                var hasLetters = letters[at + 1] > letters[start];
                foreach (var entry in ends[found]!)
                {
                    // 455 is a number, though 4 and 5 are written for letters.
                    if ((hasLetters || !entry.HasLetters) && (!entry.IsWhole || IsWhole(characters, start, at + 1)))
                    {
                        yield return new WordMatch(entry, start, at + 1);
                    }
                }
            }
        }
    }

    private static bool IsWhole(IReadOnlyList<FoldedCharacter> characters, int start, int end) =>
        IsEdge(characters, start - 1, start) && IsEdge(characters, end - 1, end);

    /// <summary>Scripts that write no blanks between words have an edge everywhere.</summary>
    private static bool IsEdge(IReadOnlyList<FoldedCharacter> characters, int left, int right) =>
        left < 0 || right >= characters.Count || !characters[left].IsWord || !characters[right].IsWord
        || WritesNoBlanks(characters[left].Value) || WritesNoBlanks(characters[right].Value);

    /// <summary>Thai, Lao, Burmese, Khmer; Kana; Han with those outside of the basic plane.</summary>
    private static bool WritesNoBlanks(char value) => value
        is (>= '\u0E00' and <= '\u0EFF') or (>= '\u1000' and <= '\u109F') or (>= '\u1780' and <= '\u17FF')
        or (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF')
        or (>= '\uD840' and <= '\uD8BF');

    private int Next(int node, char value)
    {
        int next;
        while (!steps.TryGetValue(Key(node, value), out next) && node != 0)
        {
            node = fails[node];
        }

        return next;
    }

    private static long Key(int node, char value) => ((long)node << 16) | value;
}
