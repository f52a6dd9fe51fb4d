using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;
using Vox.Platform.Telemetry;

namespace Vox.Platform.Timers;

/// <summary>
/// One run of a timer. It does pieces of work, several at a time. One that fails does not hold up the others: it is noted, and tried again
/// after 1, 2, 4 … 60 minutes. After <see cref="TimerOptions.MaxAttempts"/> it is set aside, which operators see, and tried only every few
/// hours. A run ends when its time is over, and the next one goes on. Runs of two processes at the same time do no harm if the pieces of
/// work may be done twice.
/// </summary>
public sealed partial class TimerRun : IAsyncDisposable
{
    /// <summary>If this many have failed and none was done, it concerns all: the others are left for the next run.</summary>
    public const int HopelessAfter = 50;

    /// <summary>How often the position is noted, in pieces of work. If the process ends, so many are done again.</summary>
    private const int PositionEvery = 500;

    private const int MaxFailing = 10_000;

    private const string PositionNote = "position";

    /// <summary>Work that was to be tried again so long ago does not exist any more: for example, its project was deleted.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(3);

    private readonly string timer;
    private readonly TimerStore store;
    private readonly TimerOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Func<DateTimeOffset, bool> looksFirst;
    private readonly CancellationToken stopping;
    private readonly CancellationTokenSource limit;
    private readonly CancellationTokenSource either;
    private ConcurrentDictionary<string, FailingWork>? failing;
    private int done;
    private int failed;
    private int unfinished;
    private volatile Exception? last;

    internal TimerRun(
        string timer, TimerStore store, TimerOptions options, TimeProvider time, ILogger logger, Func<DateTimeOffset, bool> looksFirst,
        CancellationToken stopping)
    {
        (this.timer, this.store, this.options, this.time) = (timer, store, options, time);
        (this.logger, this.looksFirst, this.stopping) = (logger, looksFirst, stopping);
        limit = new CancellationTokenSource(options.MaxRun, time);
        either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
    }

    /// <summary>Whether everything was tried: the time was not over before.</summary>
    public bool IsComplete => !limit.IsCancellationRequested && unfinished == 0 && !IsHopeless;

    private bool IsHopeless => failed >= HopelessAfter && done == 0;

    /// <inheritdoc cref="EachAsync{T}(IAsyncEnumerable{T}, Func{T, string}, Func{T, CancellationToken, Task}, int?)"/>
    public Task EachAsync<T>(
        IEnumerable<T> items, Func<T, string> nameOf, Func<T, CancellationToken, Task> act, int? atATime = null) =>
        EachAsync(items.ToAsyncEnumerable(), nameOf, act, atATime);

    /// <summary>Does the work with each item.</summary>
    /// <param name="nameOf">Tells this item from the others, also in the next runs. Ids, never names of people: operators see it.</param>
    /// <param name="act">The token also ends it when the run's time is over: then it is not done, and has not failed.</param>
    /// <param name="atATime">How many at the same time; null: as the settings say.</param>
    public Task EachAsync<T>(
        IAsyncEnumerable<T> items, Func<T, string> nameOf, Func<T, CancellationToken, Task> act, int? atATime = null) =>
        WorkAsync(items, nameOf, act, atATime, null);

    /// <summary>
    /// The same with a list that is sorted by name and may be too long for one run. The next run goes on after what has ended.
    /// </summary>
    /// <param name="after">The items after a name; null: from the beginning.</param>
    /// <returns>Whether this run has gone through the whole list, from its beginning to its end.</returns>
    public async Task<bool> EachFromAsync<T>(
        Func<string?, IAsyncEnumerable<T>> after, Func<T, string> nameOf, Func<T, CancellationToken, Task> act, int? atATime = null)
    {
        var from = await store.FindNoteAsync(timer, PositionNote, stopping);
        var progress = new TimerProgress(from);
        try
        {
            await WorkAsync(after(from), nameOf, act, atATime, progress);
        }
        finally
        {
            var position = IsComplete && !stopping.IsCancellationRequested ? null : progress.Position;
            if (position != from)
            {
                await store.SaveNoteAsync(timer, PositionNote, position, CancellationToken.None);
            }
        }

        return from is null && IsComplete;
    }

    /// <summary>The names of what has failed and is to be tried now.</summary>
    public async Task<IReadOnlyList<string>> DueAgainAsync() =>
        [.. (await FailingAsync()).Values.Where(work => work.RetryAt <= time.GetUtcNow()).Select(work => work.Item)];

    /// <summary>What a former run has noted.</summary>
    public Task<string?> FindNoteAsync(string note) => store.FindNoteAsync(timer, note, stopping);

    public Task SaveNoteAsync(string note, string value) => store.SaveNoteAsync(timer, note, value, stopping);

    public async ValueTask DisposeAsync()
    {
        either.Dispose();
        limit.Dispose();
        if (unfinished > 0 || failed > 0)
        {
            Ended(timer, done, failed, unfinished);
        }

        if (failing is null && looksFirst(time.GetUtcNow()))
        {
            // There was nothing to do. What does not exist any more must not look as if it still failed.
            await FailingAsync();
        }
    }

    private async Task WorkAsync<T>(
        IAsyncEnumerable<T> items, Func<T, string> nameOf, Func<T, CancellationToken, Task> act, int? atATime, TimerProgress? progress)
    {
        await Parallel.ForEachAsync(
            BeginEachAsync(items, nameOf, progress),
            new ParallelOptions { MaxDegreeOfParallelism = Math.Min(atATime ?? options.AtATime, options.AtATime) },
            async (begun, _) =>
            {
                if (await TryAsync(begun.Step.Name, token => act(begun.Item, token))
                    && progress?.End(begun.Step, PositionEvery) is { } position)
                {
                    await store.SaveNoteAsync(timer, PositionNote, position, stopping);
                }
            });
        stopping.ThrowIfCancellationRequested();
        if (IsHopeless)
        {
            throw new InvalidOperationException(
                $"{failed} pieces of work of {timer} have failed, and none was done: the others are left for the next run.", last);
        }
    }

    /// <summary>The items until the time is over. Nobody runs this twice at the same time.</summary>
    private async IAsyncEnumerable<(T Item, TimerProgress.Step Step)> BeginEachAsync<T>(
        IAsyncEnumerable<T> items, Func<T, string> nameOf, TimerProgress? progress)
    {
        await using var all = items.GetAsyncEnumerator(either.Token);
        while (await MoveNextAsync())
        {
            await FailingAsync();
            var name = nameOf(all.Current);
            yield return (all.Current, progress?.Begin(name) ?? new TimerProgress.Step(name));
        }

        async ValueTask<bool> MoveNextAsync()
        {
            try
            {
                either.Token.ThrowIfCancellationRequested();
                return !IsHopeless && await all.MoveNextAsync();
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !stopping.IsCancellationRequested)
            {
                Interlocked.Increment(ref unfinished);
                return false;
            }
        }
    }

    /// <returns>False when it was not finished.</returns>
    private async Task<bool> TryAsync(string name, Func<CancellationToken, Task> act)
    {
        var known = failing!.GetValueOrDefault(name);
        if (known?.RetryAt > time.GetUtcNow())
        {
            return true;
        }

        try
        {
            await act(either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            Interlocked.Increment(ref unfinished);
            return false;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            await FailedAsync(name, known, e);
            return true;
        }

        Interlocked.Increment(ref done);
        Instruments.TimerWorked(timer, "done");
        if (known is not null)
        {
            failing!.TryRemove(name, out _);
            await store.RemoveAsync(timer, name, CancellationToken.None);
        }

        return true;
    }

    private async Task FailedAsync(string name, FailingWork? before, Exception e)
    {
        last = e;
        Interlocked.Increment(ref failed);
        var now = time.GetUtcNow();
        var attempts = (before?.Attempts ?? 0) + 1;
        var isAside = attempts >= options.MaxAttempts;
        var pause = isAside ? options.AsideTime : TimeSpan.FromMinutes(Math.Min(60, 1 << Math.Min(attempts - 1, 6)));
        var work = new FailingWork(timer, name, attempts, before?.Since ?? now, now + pause, isAside, KindOf(e));
        failing![name] = work;
        Instruments.TimerWorked(timer, isAside ? "aside" : "failed");
        if (isAside)
        {
            SetAside(e, timer, name, attempts);
        }
        else
        {
            Failed(e, timer, name, attempts);
        }

        try
        {
            await store.SaveAsync(work, CancellationToken.None);
        }
        catch (Exception failure) when (StorageFailure.IsAny(failure) || failure is AggregateException or OperationCanceledException)
        {
            // Then the next run tries it at once, as if it had not failed.
            NotNoted(failure, timer, name);
        }
    }

    private async ValueTask<ConcurrentDictionary<string, FailingWork>> FailingAsync()
    {
        if (failing is not null)
        {
            return failing;
        }

        looksFirst(time.GetUtcNow());
        var found = new ConcurrentDictionary<string, FailingWork>(StringComparer.Ordinal);
        foreach (var work in await store.ReadAsync(timer, MaxFailing, stopping))
        {
            if (work.RetryAt < time.GetUtcNow() - Forgotten)
            {
                await store.RemoveAsync(timer, work.Item, stopping);
            }
            else
            {
                found[work.Item] = work;
            }
        }

        return failing = found;
    }

    /// <summary>Messages of exceptions may name users, or say what they wrote.</summary>
    private static string KindOf(Exception e) => e switch
    {
        VoxException known => known.Error.Code,
        _ when StorageFailure.CodeOf(e) is { } code => code,
        _ => e.GetType().Name,
    };

    [LoggerMessage(4100, LogLevel.Warning, "{Timer} failed for {Item}, attempt {Attempt}: it is tried again later")]
    private partial void Failed(Exception exception, string timer, string item, int attempt);

    [LoggerMessage(4101, LogLevel.Error, "{Timer} failed for {Item}, attempt {Attempt}: it is set aside. See /api/health/details")]
    private partial void SetAside(Exception exception, string timer, string item, int attempt);

    [LoggerMessage(4102, LogLevel.Warning, "That {Timer} failed for {Item} could not be noted")]
    private partial void NotNoted(Exception exception, string timer, string item);

    [LoggerMessage(4103, LogLevel.Information, "{Timer}: {Done} done, {Failed} failed, {Unfinished} not finished in time")]
    private partial void Ended(string timer, int done, int failed, int unfinished);
}
