using Microsoft.Extensions.Logging;

namespace Vox.Operations.Diagnostics;

/// <summary>The state of what the app depends on. Checked at most every ten seconds, however many ask. Changes are logged.</summary>
public sealed partial class Health(StorageProbe storage, RealtimeProbe realtime, TimeProvider time, ILogger<Health> logger)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim asking = new(1);
    private volatile Report? report;

    public async Task<IReadOnlyList<PartHealth>> ReadAsync(CancellationToken cancellationToken)
    {
        if (Fresh() is { } known)
        {
            return known.Parts;
        }

        await asking.WaitAsync(cancellationToken);
        try
        {
            if (Fresh() is { } meanwhile)
            {
                return meanwhile.Parts;
            }

            // Not with the caller's token: others wait for the same answer.
            var answers = await Task.WhenAll(
                realtime.Ask().Prepend((Part: "storage", Asking: storage.AskAsync())).Select(asked => AskAsync(asked.Part, asked.Asking)));
            report = new Report(answers, time.GetTimestamp());
            return answers;
        }
        finally
        {
            asking.Release();
        }
    }

    public static HealthLevel Worst(IEnumerable<PartHealth> parts) => parts.Max(part => part.Level);

    private Report? Fresh() => report is { } r && time.GetElapsedTime(r.At) < Freshness ? r : null;

    private async Task<PartHealth> AskAsync(string part, Task<(HealthLevel Level, string? Problem)> asking)
    {
        var (level, problem) = await asking;
        var before = report?.Parts.First(p => p.Part == part);
        if (before is not null && before.Level == level && before.Problem == problem)
        {
            return before;
        }

        if (level != HealthLevel.Ok)
        {
            Weak(part, level, problem);
        }
        else if (before is not null)
        {
            Recovered(part);
        }

        return new PartHealth(part, level, problem, time.GetUtcNow());
    }

    [LoggerMessage(9100, LogLevel.Warning, "{Part} is {Level}: {Problem}")]
    private partial void Weak(string part, HealthLevel level, string? problem);

    [LoggerMessage(4001, LogLevel.Information, "{Part} works again")]
    private partial void Recovered(string part);

    private sealed record Report(IReadOnlyList<PartHealth> Parts, long At);
}
