using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Vox.Platform.Timers;
using Vox.Tests.Fixture;

namespace Vox.Tests.Timers;

public sealed class TimerWatchTests(Backends backends)
{
    private static readonly DateTime Noon = new(2026, 11, 30, 12, 0, 0, DateTimeKind.Utc);

    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public void Run_LongerThanItsInterval_SaysSoWhileItGoesOnAndForgetsItWithTheNext()
    {
        var log = new Lines();
        using var watch = new TimerWatch(clock, log);
        using (watch.Begin("SweepUploads", TimeSpan.FromMinutes(10)))
        {
            clock.Advance(TimeSpan.FromMinutes(9));
            Assert.Equal(TimeSpan.Zero, watch.OverrunOf("SweepUploads"));
            Assert.Empty(log.Events);

            clock.Advance(TimeSpan.FromMinutes(3));
            Assert.Equal(TimeSpan.FromMinutes(2), watch.OverrunOf("SweepUploads"));
            Assert.Equal([4110], log.Events);
        }

        clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(TimeSpan.FromMinutes(2), watch.OverrunOf("SweepUploads"));
        watch.Begin("SweepUploads", TimeSpan.FromMinutes(10)).Dispose();
        Assert.Equal(TimeSpan.Zero, watch.OverrunOf("SweepUploads"));
        Assert.Single(log.Events);
    }

    [Fact]
    public void Interval_OfTheSchedule_IsTheTimeFromTheRunBeforeToThisOne()
    {
        Assert.Equal(
            TimeSpan.FromMinutes(5),
            TimerMiddleware.IntervalOf(new ScheduleStatus { Last = Noon, Next = Noon.AddMinutes(5) }));
        Assert.Null(TimerMiddleware.IntervalOf(new ScheduleStatus { Next = Noon }));
        Assert.Null(TimerMiddleware.IntervalOf(new ScheduleStatus { Last = Noon, Next = Noon }));
    }

    /// <summary>The clock runs so fast that hardly any run of a timer is over within its minute.</summary>
    [Fact]
    public async Task Timers_OfTheHost_AreWatched()
    {
        await using var app = await VoxApp.StartAsync(
            backends,
            ["Logging:LogLevel:Vox=None"],
            builder => builder.Services.AddSingleton<TimeProvider>(clock),
            timers: true);
        var watch = app.Get<TimerWatch>();
        var began = Stopwatch.GetTimestamp();
        while (watch.OverrunOf("RepairChatLog") == TimeSpan.Zero)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "No run of the timer was watched.");
            clock.Advance(TimeSpan.FromSeconds(30));
            await Task.Delay(1);
        }
    }

    private sealed class Lines : ILogger<TimerWatch>
    {
        public List<int> Events { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Events.Add(eventId.Id);
    }
}
