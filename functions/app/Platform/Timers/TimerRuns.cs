using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Vox.Platform.Timers;

/// <summary>Begins runs of timers. Every timer does its work in one, see <see cref="TimerRun"/>.</summary>
public sealed class TimerRuns(TimerStore store, IOptions<TimerOptions> options, TimeProvider time, ILogger<TimerRuns> logger)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> lookedAt = new(StringComparer.Ordinal);

    /// <param name="timer">The name of the function.</param>
    public TimerRun Begin(string timer, CancellationToken cancellationToken) =>
        new(timer, store, options.Value, time, logger, at => IsFirstIn(timer, at), cancellationToken);

    /// <summary>Whether this process has not looked through the timer's failing work for an hour.</summary>
    private bool IsFirstIn(string timer, DateTimeOffset now)
    {
        if (lookedAt.TryGetValue(timer, out var last) && now - last is { Ticks: >= 0 } since && since < TimeSpan.FromHours(1))
        {
            return false;
        }

        lookedAt[timer] = now;
        return true;
    }
}
