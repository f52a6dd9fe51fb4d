using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Vox.Platform.Telemetry;

namespace Vox.Platform.Timers;

/// <summary>Says when a run of a timer takes longer than the time until the next one: while it still goes on.</summary>
public sealed partial class TimerWatch : IDisposable
{
    private readonly ConcurrentDictionary<string, Run> runs = new(StringComparer.Ordinal);
    private readonly Meter meter = new(Instruments.Name);
    private readonly TimeProvider time;
    private readonly ILogger logger;

    public TimerWatch(TimeProvider time, ILogger<TimerWatch> logger)
    {
        (this.time, this.logger) = (time, logger);
        meter.CreateObservableGauge(
            "vox.timer.overrun",
            () => runs.Select(run => new Measurement<double>(
                OverrunOf(run.Value).TotalSeconds, new KeyValuePair<string, object?>("timer", run.Key))),
            "s", "By how much the run under way, or else the last one, is longer than its timer's interval, by timer. 0 when it is not.");
    }

    /// <param name="interval">The time from one run to the next.</param>
    /// <returns>Is disposed when the run ends.</returns>
    public IDisposable Begin(string timer, TimeSpan interval)
    {
        var run = new Run(this, timer, interval);
        runs[timer] = run;
        return run;
    }

    /// <summary>By how much the run under way, or else the last one, was too long. Zero when it was not.</summary>
    public TimeSpan OverrunOf(string timer) => runs.TryGetValue(timer, out var run) ? OverrunOf(run) : TimeSpan.Zero;

    public void Dispose() => meter.Dispose();

    private TimeSpan OverrunOf(Run run) =>
        time.GetElapsedTime(run.Began, run.Ended ?? time.GetTimestamp()) - run.Interval is { Ticks: > 0 } over ? over : TimeSpan.Zero;

    [LoggerMessage(4110, LogLevel.Warning,
        "{Timer} has been running for longer than {Seconds} s, which is the time from one run to the next")]
    private partial void TooLong(string timer, double seconds);

    private sealed class Run : IDisposable
    {
        private readonly TimerWatch watch;
        private readonly ITimer alarm;

        public Run(TimerWatch watch, string timer, TimeSpan interval)
        {
            (this.watch, Interval, Began) = (watch, interval, watch.time.GetTimestamp());
            alarm = watch.time.CreateTimer(
                _ => watch.TooLong(timer, interval.TotalSeconds), null, interval, Timeout.InfiniteTimeSpan);
        }

        public TimeSpan Interval { get; }

        public long Began { get; }

        public long? Ended { get; private set; }

        public void Dispose()
        {
            Ended = watch.time.GetTimestamp();
            alarm.Dispose();
        }
    }
}
