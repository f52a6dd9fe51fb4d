using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Vox.Platform.Timers;
using Vox.Tests.Fixture;

namespace Vox.Tests.Timers;

/// <summary>How a run does its work, on the real storage.</summary>
public sealed class TimerRunTests(Backends backends)
{
    private readonly string timer = "Timer" + Guid.NewGuid().ToString("N");
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task EachAsync_OneFails_TheOthersAreDoneAndItIsTriedLessAndLessOften()
    {
        await using var app = await StartAsync();
        var (tried, done) = (0, 0);

        for (var minute = 0; minute < 16; minute++)
        {
            await RunAsync(app, Names(5), name => name == "002"
                ? Interlocked.Increment(ref tried) > 0 ? throw new InvalidDataException("alice wrote hello") : Task.CompletedTask
                : Task.FromResult(Interlocked.Increment(ref done)));
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        // At once, and after 1, 2, 4 and 8 minutes more.
        Assert.Equal((16 * 4, 5), (done, tried));
        var failing = Assert.Single(await app.Get<TimerStore>().ReadAsync(timer, 10, CancellationToken.None));
        Assert.Equal(("002", 5, false, "InvalidDataException"), (failing.Item, failing.Attempts, failing.IsAside, failing.Reason));

        clock.Advance(TimeSpan.FromHours(1));
        await RunAsync(app, Names(5), _ => Task.CompletedTask);
        Assert.Empty(await app.Get<TimerStore>().ReadAsync(timer, 10, CancellationToken.None));
    }

    [Fact]
    public async Task EachAsync_FailsTooOften_IsSetAsideAndTriedEveryFewHours()
    {
        await using var app = await StartAsync("Timers:MaxAttempts=3", "Timers:AsideHours=6");
        var tried = 0;
        Task RunOnceAsync() => RunAsync(app, ["bad", "good"], name => name == "bad"
            ? Interlocked.Increment(ref tried) > 0 ? throw new IOException() : Task.CompletedTask
            : Task.CompletedTask);

        for (var minute = 0; minute < 300; minute += 5)
        {
            await RunOnceAsync();
            clock.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.Equal(3, tried);
        var aside = Assert.Single(
            await app.Get<TimerStore>().ReadAllAsync(isAside: true, 1_000, CancellationToken.None), work => work.Timer == timer);
        Assert.Equal("bad", aside.Item);
        clock.Advance(TimeSpan.FromHours(2));
        await RunOnceAsync();
        Assert.Equal(4, tried);
    }

    [Fact]
    public async Task EachAsync_ManyItems_SeveralAtATimeAndNoMoreThanTheSettingSays()
    {
        await using var app = await StartAsync("Timers:AtATime=4");
        var (under, most, gate) = (0, 0, new Lock());
        var four = new TaskCompletionSource();

        await RunAsync(app, Names(40), async _ =>
        {
            lock (gate)
            {
                most = Math.Max(most, ++under);
                if (most == 4)
                {
                    four.TrySetResult();
                }
            }

            await four.Task;
            await Task.Yield();
            lock (gate)
            {
                under--;
            }
        });

        Assert.Equal(4, most);
    }

    [Fact]
    public async Task EachFromAsync_TimeIsOver_TheNextRunGoesOnWhereItStood()
    {
        await using var app = await StartAsync("Timers:AtATime=2", "Timers:MaxRunSeconds=60");
        var done = new ConcurrentQueue<string>();
        var starts = new List<string?>();
        var endsAt = "0004";
        for (var run = 0; run < 3; run++)
        {
            await FromAsync(app, 10, starts, async (name, token) =>
            {
                if (name == endsAt)
                {
                    endsAt = "";
                    clock.Advance(TimeSpan.FromMinutes(2));
                    await Task.Delay(Timeout.Infinite, token);
                }

                done.Enqueue(name);
            });
        }

        // The second run begins with the one that was not finished, which has not failed. The third is a new round.
        Assert.Equal([null, "0003", null], starts);
        Assert.Equal(Names(10, "D4"), done.Take(done.Count - 10).Distinct().Order());
        Assert.Empty(await app.Get<TimerStore>().ReadAsync(timer, 10, CancellationToken.None));
    }

    [Fact]
    public async Task EachFromAsync_ProcessEndsInTheMiddle_TheNextRunGoesOnNearThere()
    {
        await using var app = await StartAsync("Timers:AtATime=1");
        var starts = new List<string?>();
        using var end = new CancellationTokenSource();

        // The store's last word cannot be written either: nothing is, from then on.
        app.Storage.Sent = (_, _) =>
        {
            if (end.IsCancellationRequested)
            {
                throw new IOException("The process has ended.");
            }
        };
        await Assert.ThrowsAnyAsync<Exception>(() => FromAsync(app, 2_000, starts, async (name, _) =>
        {
            if (name == "1200")
            {
                await end.CancelAsync();
                throw new OperationCanceledException(end.Token);
            }
        }, end.Token));
        app.Storage.Sent = null;
        await FromAsync(app, 2_000, starts, (_, _) => Task.CompletedTask);

        Assert.Equal([null, "0999"], starts);
    }

    [Fact]
    public async Task EachAsync_NothingSucceeds_StopsAndLeavesTheRest()
    {
        await using var app = await StartAsync("Timers:AtATime=1");
        var tried = 0;

        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(app, Names(500), _ =>
        {
            tried++;
            throw new IOException();
        }));

        Assert.Equal(TimerRun.HopelessAfter, tried);
    }

    [Fact]
    public async Task EachAsync_WhatFailedIsGone_IsForgotten()
    {
        await using var app = await StartAsync("Timers:MaxAttempts=1");
        await RunAsync(app, ["bad"], _ => throw new IOException());
        Assert.Single(await app.Get<TimerStore>().ReadAsync(timer, 10, CancellationToken.None));

        clock.Advance(TimeSpan.FromDays(4));
        await RunAsync(app, [], _ => Task.CompletedTask);

        Assert.Empty(await app.Get<TimerStore>().ReadAsync(timer, 10, CancellationToken.None));
    }

    [Fact]
    public async Task EachAsync_NothingToDo_CostsNoRequest()
    {
        await using var app = await StartAsync();
        await RunAsync(app, [], _ => Task.CompletedTask);
        var before = app.Storage.Count;

        await RunAsync(app, [], _ => Task.CompletedTask);

        Assert.Equal(before, app.Storage.Count);
    }

    private static string[] Names(int count, string format = "D3") =>
        [.. Enumerable.Range(0, count).Select(n => n.ToString(format, System.Globalization.CultureInfo.InvariantCulture))];

    private async Task RunAsync(VoxApp app, IEnumerable<string> names, Func<string, Task> act)
    {
        await using var run = app.Get<TimerRuns>().Begin(timer, CancellationToken.None);
        await run.EachAsync(names, name => name, (name, _) => act(name));
    }

    private async Task FromAsync(
        VoxApp app, int count, List<string?> starts, Func<string, CancellationToken, Task> act, CancellationToken stop = default)
    {
        await using var run = app.Get<TimerRuns>().Begin(timer, stop);
        await run.EachFromAsync(
            after =>
            {
                starts.Add(after);
                return Names(count, "D4").Where(name => string.CompareOrdinal(name, after) > 0).ToAsyncEnumerable();
            },
            name => name, act);
    }

    private Task<VoxApp> StartAsync(params string[] settings) =>
        VoxApp.StartAsync(backends, clock, [.. settings, "Logging:LogLevel:Vox=None", "Storage:Retries=0"]);
}
