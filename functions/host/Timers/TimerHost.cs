using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Vox.DevHost.Rpc;

namespace Vox.DevHost.Timers;

/// <summary>Runs timer functions, each in one process at a time.</summary>
internal sealed partial class TimerHost(
    IConfiguration configuration, ITimerLeases leases, FunctionRunner runner, TimeProvider time, ILogger<TimerHost> logger) : IDisposable
{
    public static readonly TimeSpan LeaseRetry = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);
    private static readonly TimeSpan PastDueAfter = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<Task, bool> runsNow = [];
    private Task timers = Task.CompletedTask;

    public void Start(IEnumerable<FunctionDescriptor> functions) => timers = Task.WhenAll(
        from function in functions
        where function.Timer is not null && !configuration.IsDisabled(function)
        let schedule = ScheduleOf(function)
        where schedule is not null
        select Task.Run(() => LeaseAsync(function, schedule, stop.Token)));

    /// <summary>Cancels the functions that are running and waits for them.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        await stop.CancelAsync();
        await Task.WhenAll(runsNow.Keys.Append(timers)).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Runs a timer outside its schedule and without its lease, and does not wait for it.</summary>
    public void RunNow(FunctionDescriptor function)
    {
        var run = Task.Run(() => RunOnceAsync(function, Info(null, isPastDue: false), stop.Token));
        runsNow[run] = true;
        _ = run.ContinueWith(
            done => runsNow.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public void Dispose() => stop.Dispose();

    private TimerSchedule? ScheduleOf(FunctionDescriptor function)
    {
        try
        {
            return TimerSchedule.Parse(function.Timer!.Schedule, configuration);
        }
        catch (InvalidOperationException e)
        {
            Disabled(function.Name, e.Message);
            return null;
        }
    }

    private async Task LeaseAsync(FunctionDescriptor function, TimerSchedule schedule, CancellationToken stop)
    {
        var name = $"{configuration["AzureFunctionsWebHost:hostid"] ?? function.Assembly.ToLowerInvariant()}/{function.EntryPoint}";
        var isFirst = true;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var lease = await leases.TryAcquireAsync(name, stop);
                if (lease is not null)
                {
                    using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, lease.Lost);
                    var runOnStartup = isFirst && function.Timer!.RunOnStartup;
                    isFirst = false;
                    await FollowAsync(function, schedule, runOnStartup, either.Token);
                }
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (OperationCanceledException)
            {
                LostLease(function.Name);
            }
            catch (Exception e)
            {
                // Only the message: a stack trace every few seconds would bury everything else.
                NoLease(function.Name, e.Message.Split('\n')[0]);
            }

            await Task.Delay(LeaseRetry, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(FunctionDescriptor function, TimerSchedule schedule, bool runOnStartup, CancellationToken stop)
    {
        var last = Now();
        DateTime former = default;
        if (runOnStartup)
        {
            await RunOnceAsync(function, Info(Status(former, schedule.NextAfter(last)), isPastDue: false), stop);
            former = last;
        }

        while (true)
        {
            // Occurrences during a long run are skipped, as on the platform.
            var due = schedule.NextAfter(Later(last, Now()));
            while (due - Now() is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait < LongestDelay ? wait : LongestDelay, time, stop);
            }

            // A run can be late after the machine has slept.
            var isPastDue = Now() - due > PastDueAfter;
            // As on the platform: when the run before this one was due, and when the one that follows on that was due, which is this one.
            var began = Now();
            await RunOnceAsync(function, Info(Status(former, former == default ? due : schedule.NextAfter(former)), isPastDue), stop);
            (last, former) = (due, isPastDue ? began : due);
        }
    }

    private async Task RunOnceAsync(FunctionDescriptor function, TypedData info, CancellationToken stop)
    {
        try
        {
            var now = new TypedData { String = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture) };
            await runner.RunAsync(function, info, stop, [KeyValuePair.Create("TimerTrigger", now)]);
        }
        catch (Exception)
        {
            // The runner has logged it. The next occurrence, if there is one, is another chance.
        }
    }

    private DateTime Now() => time.GetUtcNow().UtcDateTime;

    private static DateTime Later(DateTime a, DateTime b) => a > b ? a : b;

    private static object Status(DateTime last, DateTime next) => new { Last = last, Next = next, LastUpdated = last };

    private static TypedData Info(object? status, bool isPastDue) => new()
    {
        Json = JsonSerializer.Serialize(new { Schedule = new { AdjustForDST = true }, ScheduleStatus = status, IsPastDue = isPastDue }),
    };

    [LoggerMessage(9020, LogLevel.Warning, "Timer {Function} is disabled. {Reason}")]
    private partial void Disabled(string function, string reason);

    [LoggerMessage(9021, LogLevel.Warning, "Timer {Function} lost its lease and stops until it has it again")]
    private partial void LostLease(string function);

    [LoggerMessage(9022, LogLevel.Warning, "Timer {Function} waits: its lease could not be had from storage. {Reason}")]
    private partial void NoLease(string function, string reason);
}
