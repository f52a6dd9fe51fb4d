using Vox.Platform.Storage;
using Vox.Platform.Timers;

namespace Vox.Chat.Usage;

/// <summary>
/// Adds up the usage of projects in which something has changed: users, messages and files, each counted in rows of its own by whoever
/// changes it. What a day has cost is then one row.
/// </summary>
public sealed class UsageFold(
    FoldMarkStore marks, DailyUsageStore days, IEnumerable<IDailyFigure> figures, TimerRuns timers, TimeProvider time)
{
    /// <summary>So many days fit into one transaction. Older ones are not charged any more.</summary>
    private const int MaxDays = 90;

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>Run by a timer; may run several times at once.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var run = timers.Begin("FoldUsage", cancellationToken);
        var (until, after) = (time.GetUtcNow() - FoldMarks.Settling, "");
        while (run.IsComplete && await marks.FindAsync(after, until, 1_000, cancellationToken) is { Count: > 0 } due)
        {
            await run.EachAsync(
                due.GroupBy(mark => mark.ProjectId, StringComparer.Ordinal),
                changes => changes.Key,
                (changes, token) => FoldAsync(changes.Key, [.. changes], token));
            after = due[^1].Row;
        }
    }

    /// <summary>What is still to be added up before the days up to this one can be charged, by project.</summary>
    public async Task<ILookup<string, FoldMark>> UnfoldedAsync(DateOnly last, CancellationToken cancellationToken) =>
        (await marks.OfDaysAsync(last, cancellationToken)).ToLookup(mark => mark.ProjectId, StringComparer.Ordinal);

    /// <summary>Adds up what these marks say. Those under which nothing more can come are ended.</summary>
    public async Task FoldAsync(string projectId, IReadOnlyList<FoldMark> changes, CancellationToken cancellationToken)
    {
        await FoldAsync(
            projectId, changes.Min(mark => mark.Day), changes.Select(mark => mark.Part).ToHashSet(), cancellationToken);
        var over = time.GetUtcNow() - FoldMarks.Settling;
        foreach (var mark in changes.Where(mark => mark.Until < over))
        {
            await marks.EndAsync(mark, cancellationToken);
        }
    }

    /// <summary>What the project has at the end of each of these days.</summary>
    public async Task<IReadOnlyList<DailyUsage>> ReadAsync(
        string projectId, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var rows = await days.ReadAsync(projectId, from, to, cancellationToken);
        if (rows.Count == 0 || rows[^1].Usage.Day > from)
        {
            // It was never added up, or not since that day: it is from before usage was added up, or nothing has ever happened in it.
            await FoldAsync(projectId, from, Enum.GetValues<UsagePart>().ToHashSet(), cancellationToken);
            rows = await days.ReadAsync(projectId, from, to, cancellationToken);
        }

        return
        [
            .. Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).Select(from.AddDays)
                .Select(day => rows.First(row => row.Usage.Day <= day).Usage with { Day = day }),
        ];
    }

    private async Task FoldAsync(string projectId, DateOnly from, HashSet<UsagePart> parts, CancellationToken cancellationToken)
    {
        var to = Today;
        from = from > to ? to : from.DayNumber <= to.DayNumber - MaxDays ? to.AddDays(1 - MaxDays) : from;
        var rows = await days.ReadAsync(projectId, from, to, cancellationToken);
        var before = rows.Find(row => row.Usage.Day < from).Usage;
        var values = new Dictionary<UsagePart, IReadOnlyList<long>>();
        foreach (var figure in figures.Where(figure => before is null || parts.Contains(figure.Part)))
        {
            values[figure.Part] = await figure.FoldAsync(projectId, from, to, before?.Of(figure.Part), cancellationToken);
        }

        while (!await days.TryWriteAsync(projectId, Merge(), cancellationToken))
        {
            // Somebody else has added up another part at the same time.
            rows = await days.ReadAsync(projectId, from, to, cancellationToken);
        }

        List<(DailyUsage, RowVersion?)> Merge()
        {
            var merged = new List<(DailyUsage, RowVersion?)>();
            var last = rows.Find(row => row.Usage.Day < from).Usage ?? new DailyUsage(from, 0, 0, 0);
            for (var day = from; day <= to; day = day.AddDays(1))
            {
                var row = rows.Find(row => row.Usage.Day == day);
                var known = row.Usage ?? last;
                last = new DailyUsage(day, ValueOf(UsagePart.Users), ValueOf(UsagePart.Messages), ValueOf(UsagePart.Files));
                merged.Add((last, row.Usage is null ? (RowVersion?)null : row.Version));

                long ValueOf(UsagePart part) =>
                    values.TryGetValue(part, out var all) ? all[day.DayNumber - from.DayNumber] : known.Of(part);
            }

            return merged;
        }
    }
}
