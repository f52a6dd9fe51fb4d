using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Devices;
using Vox.Chat.Projects;
using Vox.Chat.Usage;
using Vox.Platform.Storage;

namespace Vox.Chat.Push;

/// <summary>
/// Counts push messages by project, day and kind of device, for people to look at. They gather in memory, and each process writes rows of
/// its own once a minute: sending costs no further request. A killed process loses that minute.
/// </summary>
public sealed partial class PushCounts(
    PushCountStore store, ProjectService projects, IOptions<UsageOptions> options, TimeProvider time, ILogger<PushCounts> logger)
    : IHostedService, IDisposable
{
    /// <summary>Days that are shown and kept, with today.</summary>
    public const int Days = 7;

    private readonly string process = Guid.NewGuid().ToString("N")[..12];
    private readonly ConcurrentDictionary<(string ProjectId, DateOnly Day), Counter> counters = new();
    private readonly SemaphoreSlim writing = new(1);
    private ITimer? timer;

    /// <summary>Notes what became of a push message. One that is to be tried again is not counted yet.</summary>
    public void Count(string projectId, DeviceKind kind, PushResult result)
    {
        var counter = counters.GetOrAdd((projectId, Today()), static _ => new Counter());
        lock (counter)
        {
            var before = counter.Counts.GetValueOrDefault(kind) ?? new(Today(), kind, 0, 0, 0);
            counter.Counts[kind] = result.Outcome switch
            {
                PushOutcome.Sent => before with { Sent = before.Sent + 1 },
                PushOutcome.Gone => before with { Removed = before.Removed + 1 },
                _ => before with { Failed = before.Failed + 1 },
            };
            if (result.Outcome is PushOutcome.Refused or PushOutcome.Later)
            {
                counter.Failures[kind] = new(kind, result.Reason, time.GetUtcNow());
            }

            counter.IsChanged = true;
        }
    }

    /// <summary>The last days, the newest first, and the last failure of each kind. Other processes' last minute may be missing.</summary>
    public async Task<(IReadOnlyList<PushDay> Days, IReadOnlyList<PushFailure> Failures)> ReadAsync(
        string projectId, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        var (days, failures) = await store.ReadAsync(projectId, Today().AddDays(1 - Days), cancellationToken);
        return ([.. days.OrderByDescending(day => day.Day).ThenBy(day => day.Kind)], failures);
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            foreach (var ((projectId, day), counter) in counters)
            {
                await WriteAsync(projectId, day, counter, cancellationToken);
                if (day < Today().AddDays(-1))
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

    private async Task WriteAsync(string projectId, DateOnly day, Counter counter, CancellationToken cancellationToken)
    {
        List<PushDay> counts;
        List<PushFailure> failures;
        lock (counter)
        {
            if (!counter.IsChanged)
            {
                return;
            }

            (counts, failures, counter.IsChanged) = ([.. counter.Counts.Values], [.. counter.Failures.Values], false);
        }

        try
        {
            // Nothing is written for a project that was deleted meanwhile: nobody would remove it.
            if (await projects.FindAsync(projectId, cancellationToken) is null)
            {
                return;
            }

            if (counter.IsNew)
            {
                // Once a day for each process and project.
                await store.ForgetAsync(projectId, Today().AddDays(1 - Days), cancellationToken);
                counter.IsNew = false;
            }

            await store.SetAsync(projectId, process, day, counts, failures, cancellationToken);
        }
        catch
        {
            lock (counter)
            {
                counter.IsChanged = true;
            }

            throw;
        }
    }

    private DateOnly Today() => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

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
        public Dictionary<DeviceKind, PushDay> Counts { get; } = [];

        public Dictionary<DeviceKind, PushFailure> Failures { get; } = [];

        public bool IsChanged { get; set; }

        public bool IsNew { get; set; } = true;
    }

    [LoggerMessage(6513, LogLevel.Warning, "Counts of push messages could not be written: they are written with the next ones")]
    private partial void NotWritten(Exception exception);
}
