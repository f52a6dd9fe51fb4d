using Vox.Platform.Caching;

namespace Vox.Chat.Usage;

/// <summary>
/// Marks projects whose usage changes. A process writes one mark for each project, part and five minutes, before the change. So a change
/// costs next to nothing, and is added up even if the process ends right after it.
/// </summary>
public sealed class FoldMarks(FoldMarkStore store, TimeProvider time)
{
    /// <summary>For this long, the changes of a project are gathered.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    /// <summary>Longer than a change takes from its mark to its commit.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMinutes(2);

    private readonly ExpiringCache<string, (DateTimeOffset Until, Task Marking)> marked = new(30_000, Period, time);

    /// <param name="day">
    /// The day that changes; null: today. What was changed in the last minutes of a day is perhaps marked on the next.
    /// </param>
    public Task MarkAsync(string projectId, UsagePart part, DateOnly? day, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var first = day ?? DateOnly.FromDateTime((now - Settling).UtcDateTime);
        var until = new DateTimeOffset((now.UtcTicks / Period.Ticks * Period.Ticks) + Period.Ticks, TimeSpan.Zero);
        var key = $"{projectId}|{part}|{first.DayNumber}";
        if (!marked.TryGet(key, out var last) || last.Until != until || last.Marking.IsFaulted)
        {
            // Many may come at the same time: one of them marks, and not with its token.
            last = (until, store.AddAsync(projectId, part, first, until, CancellationToken.None));
            marked.Set(key, last);
        }

        return last.Marking.WaitAsync(cancellationToken);
    }
}
