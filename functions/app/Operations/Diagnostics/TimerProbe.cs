using Vox.Platform.Timers;

namespace Vox.Operations.Diagnostics;

/// <summary>Whether timers have set work aside. Only operators see it: it keeps no instance from serving chats.</summary>
public sealed class TimerProbe(TimerStore store, TimeProvider time)
{
    private const int MaxCounted = 1_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public async Task<PartHealth> AskAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var aside = await store.ReadAllAsync(isAside: true, MaxCounted, limit.Token);
            return aside.Count == 0
                ? new PartHealth("timers", HealthLevel.Ok, null, time.GetUtcNow())
                : new PartHealth("timers", HealthLevel.Degraded, Sentence(aside), aside.Min(work => work.Since));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new PartHealth(
                "timers", HealthLevel.Degraded, "Storage does not tell whether timers have set work aside: see storage.",
                time.GetUtcNow());
        }
    }

    private static string Sentence(List<FailingWork> aside) =>
        $"Work that has failed too often is set aside{(aside.Count < MaxCounted ? "" : $" (only {MaxCounted} are counted)")}: "
        + string.Join(", ", aside.GroupBy(work => work.Timer, StringComparer.Ordinal).OrderBy(timer => timer.Key, StringComparer.Ordinal)
            .Select(timer => $"{timer.Key} {timer.Count()} ({timer.First().Reason})"))
        + ". GET /api/operator/v1/timers/work lists them; POST …/retry has them taken up again.";
}
