using System.Globalization;

namespace Vox.Chat.Conversations.Storage;

/// <summary>A set of sequences, kept as ranges in order: <c>3 7-9 12</c>.</summary>
public sealed class SequenceSet
{
    /// <summary>More do not fit into a column.</summary>
    public const int MaxRanges = 1_000;

    private readonly IReadOnlyList<(long First, long Last)> ranges;

    private SequenceSet(IReadOnlyList<(long First, long Last)> ranges) => this.ranges = ranges;

    public static SequenceSet Empty { get; } = new([]);

    public bool IsEmpty => ranges.Count == 0;

    public bool IsFull => ranges.Count >= MaxRanges;

    public bool Contains(long sequence)
    {
        var (low, high) = (0, ranges.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (sequence > ranges[middle].Last)
            {
                low = middle + 1;
            }
            else if (sequence < ranges[middle].First)
            {
                high = middle - 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How many are from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public long Count(long first, long last) =>
        ranges.Sum(range => Math.Max(0, Math.Min(last, range.Last) - Math.Max(first, range.First) + 1));

    /// <summary>The newest of those from <paramref name="first"/> to <paramref name="last"/>, oldest first.</summary>
    public IReadOnlyList<long> Within(long first, long last, int take)
    {
        var found = new List<long>();
        for (var i = ranges.Count - 1; i >= 0; i--)
        {
            for (var sequence = Math.Min(last, ranges[i].Last); sequence >= Math.Max(first, ranges[i].First); sequence--)
            {
                if (found.Count == take)
                {
                    break;
                }

                found.Add(sequence);
            }
        }

        found.Reverse();
        return found;
    }

    /// <summary>The highest sequence up to <paramref name="last"/> that is not in the set; 0 for none.</summary>
    public long LastOutside(long last)
    {
        for (var i = ranges.Count - 1; i >= 0; i--)
        {
            if (last > ranges[i].Last)
            {
                break;
            }

            if (last >= ranges[i].First)
            {
                last = ranges[i].First - 1;
            }
        }

        return last;
    }

    public SequenceSet With(long sequence)
    {
        if (Contains(sequence))
        {
            return this;
        }

        var joined = new List<(long First, long Last)>(ranges.Count + 1);
        var added = (First: sequence, Last: sequence);
        foreach (var range in ranges)
        {
            if (range.Last + 1 == added.First)
            {
                added.First = range.First;
            }
            else if (range.First - 1 == added.Last)
            {
                added.Last = range.Last;
            }
            else
            {
                joined.Add(range);
            }
        }

        joined.Add(added);
        joined.Sort();
        return new SequenceSet(joined);
    }

    /// <summary>Only those from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public SequenceSet Only(long first, long last) => ranges.All(range => range.First >= first && range.Last <= last)
        ? this
        : new([.. ranges.Select(range => (First: Math.Max(first, range.First), Last: Math.Min(last, range.Last)))
            .Where(range => range.First <= range.Last)]);

    public override string ToString() => string.Join(' ', ranges.Select(range => range.First == range.Last
        ? range.First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}")));

    public static SequenceSet Parse(string? text) => text is not { Length: > 0 }
        ? Empty
        : new([.. text.Split(' ').Select(static part =>
        {
            var ends = part.Split('-');
            var first = long.Parse(ends[0], CultureInfo.InvariantCulture);
            return (first, ends.Length > 1 ? long.Parse(ends[1], CultureInfo.InvariantCulture) : first);
        })]);
}
