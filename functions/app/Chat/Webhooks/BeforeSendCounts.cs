using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Usage;
using Vox.Platform.Storage;

namespace Vox.Chat.Webhooks;

/// <summary>What became of a message that the customer's server was to be asked about.</summary>
public enum BeforeSendOutcome
{
    Allowed,
    Changed,
    Refused,
    Failed,
    Skipped,
}

/// <summary>
/// Counts by project, day and outcome, for people to look at. A send must not wait for them: they gather in memory, and each process writes
/// rows of its own once a minute. A killed process loses that minute.
/// </summary>
public sealed partial class BeforeSendCounts(
    BeforeSendStore store, IOptions<UsageOptions> options, TimeProvider time, ILogger<BeforeSendCounts> logger)
    : IHostedService, IDisposable
{
    /// <summary>Days that are shown and kept, with today.</summary>
    public const int Days = 7;

    private static readonly int Outcomes = Enum.GetValues<BeforeSendOutcome>().Length;

    private readonly string process = Guid.NewGuid().ToString("N")[..12];
    private readonly ConcurrentDictionary<(string ProjectId, DateOnly Day), Counter> counters = new();
    private readonly SemaphoreSlim writing = new(1);
    private ITimer? timer;

    public void Count(string projectId, BeforeSendOutcome outcome) => Interlocked.Increment(ref Of(projectId).Counts[(int)outcome]);

    /// <summary>This process stops asking for a while, or asks again. It is written soon, because people may be looking.</summary>
    public void Paused(string projectId, DateTimeOffset? until)
    {
        Of(projectId).PausedUntil = until;
        _ = TryFlushAsync();
    }

    /// <summary>The last days, the newest first, and until when some instance does not ask.</summary>
    public async Task<(IReadOnlyList<BeforeSendDay> Days, DateTimeOffset? PausedUntil)> ReadAsync(
        string projectId, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        var today = Today();
        var (days, paused) = await store.CountsAsync(projectId, today.AddDays(1 - Days), cancellationToken);
        days.Reverse();
        return (days, paused > time.GetUtcNow() ? paused : null);
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            var today = Today();
            foreach (var ((projectId, day), counter) in counters)
            {
                var now = Enumerable.Range(0, Outcomes).Select(i => Interlocked.Read(ref counter.Counts[i])).ToArray();
                var paused = counter.PausedUntil;
                if (!now.AsSpan().SequenceEqual(counter.Written) || paused != counter.WrittenPause)
                {
                    if (counter.IsNew)
                    {
                        // Once a day for each process and project.
                        await store.ForgetCountsAsync(projectId, today.AddDays(1 - Days), cancellationToken);
                        counter.IsNew = false;
                    }

                    await store.SetCountsAsync(
                        projectId, process, new BeforeSendDay(day, now[0], now[1], now[2], now[3], now[4]), paused, cancellationToken);
                    (counter.Written, counter.WrittenPause) = (now, paused);
                }

                if (day < today.AddDays(-1))
                {
                    counters.TryRemove((projectId, day), out _);
                }
            }
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>
    /// Removes what is older than seven days, of all projects. Run by a timer: where nobody sends any more, no process comes by to do it.
    /// </summary>
    internal Task SweepAsync(CancellationToken cancellationToken) => store.ForgetCountsAsync(Today().AddDays(1 - Days), cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var interval = options.Value.FlushInterval;
        timer = time.CreateTimer(_ => _ = TryFlushAsync(), null, interval, interval);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (timer is not null)
        {
            await timer.DisposeAsync();
        }

        await TryFlushAsync();
    }

    public void Dispose()
    {
        timer?.Dispose();
        writing.Dispose();
    }

    private DateOnly Today() => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private Counter Of(string projectId) => counters.GetOrAdd((projectId, Today()), static _ => new Counter());

    private async Task TryFlushAsync()
    {
        try
        {
            if (!counters.IsEmpty)
            {
                await FlushAsync(CancellationToken.None);
            }
        }
        catch (Exception e) when (StorageFailure.IsAny(e)
            || e is AggregateException or OperationCanceledException or ObjectDisposedException)
        {
            NotWritten(e);
        }
    }

    private sealed class Counter
    {
        public long[] Counts { get; } = new long[Outcomes];

        public long[] Written { get; set; } = new long[Outcomes];

        public DateTimeOffset? PausedUntil { get; set; }

        public DateTimeOffset? WrittenPause { get; set; }

        public bool IsNew { get; set; } = true;
    }

    [LoggerMessage(6418, LogLevel.Warning, "Counts of before-send hooks could not be written: they are written with the next ones")]
    private partial void NotWritten(Exception exception);
}
