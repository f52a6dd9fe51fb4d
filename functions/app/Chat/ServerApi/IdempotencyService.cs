using Microsoft.Extensions.Logging;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;
using Vox.Platform.Timers;

namespace Vox.Chat.ServerApi;

/// <summary>
/// Does what a request asks for once for each idempotency key of a project, for 24 hours: whoever repeats it gets the first answer. Only
/// success is kept, because a request that failed is repeated in order to succeed.
/// </summary>
public sealed partial class IdempotencyService(
    IdempotencyStore store, TimerRuns timers, TimeProvider time, ILogger<IdempotencyService> logger)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>Whoever has not answered by then has ended: a request gets no more than 230 seconds on Azure.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(4);

    /// <summary>Longer than clocks of two instances differ.</summary>
    private static readonly TimeSpan NearMidnight = TimeSpan.FromMinutes(5);

    private readonly ExpiringCache<(string ProjectId, DateOnly Day), bool> marked = new(10_000, Lifetime, time);

    /// <param name="fingerprint">Of everything that makes the request another one.</param>
    /// <param name="act">Does the work.</param>
    /// <param name="again">
    /// The answer is not kept, because it has a secret: a repetition does the work again, which must be harmless. Only the request counts.
    /// </param>
    /// <returns>The answer, and whether it is that of an earlier request.</returns>
    /// <exception cref="VoxException">idempotency_key_reused, request_in_progress; and those of the work</exception>
    public async Task<(KeyedAnswer Answer, bool Repeated)> RunAsync(
        string projectId, string key, string fingerprint, Func<Task<KeyedAnswer>> act, CancellationToken cancellationToken,
        bool again = false)
    {
        var digest = KeyText.Digest(key);
        var (mine, first) = await ClaimAsync(projectId, digest, fingerprint, cancellationToken);
        if (first is not null)
        {
            return again ? (await act(), false) : (first, true);
        }

        KeyedAnswer answer;
        try
        {
            answer = await act();
        }
        catch
        {
            await ReleaseAsync(mine!);
            throw;
        }

        await KeepAsync(mine!, again ? answer with { Body = default } : answer);
        return (answer, false);
    }

    /// <summary>Removes what has expired. Run by a timer.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await using var run = timers.Begin("SweepIdempotencyKeys", cancellationToken);
        await run.EachAsync(
            store.DaysBeforeAsync(DayOf(time.GetUtcNow() - Lifetime), cancellationToken), mark => $"{mark.ProjectId}|{mark.Day:yyyy-MM-dd}",
            (mark, token) => store.RemoveDayAsync(mark.Day, mark.ProjectId, token));
    }

    /// <returns>Either the caller's claim to do the work, or the answer of whoever has done it.</returns>
    private async Task<(KeyedRequest? Mine, KeyedAnswer? First)> ClaimAsync(
        string projectId, string digest, string fingerprint, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var day = DayOf(now);
        if (!marked.TryGet((projectId, day), out _))
        {
            await store.MarkAsync(projectId, day, cancellationToken);
            marked.Set((projectId, day), true);
        }

        var claim = new KeyedRequest(projectId, day, digest, fingerprint, now, null, default);
        if (await store.TryAddAsync(claim, cancellationToken) is not { } mine)
        {
            return await store.FindAsync(projectId, day, digest, cancellationToken) is { } other
                ? await OfAnotherAsync(other, fingerprint, now, cancellationToken)
                : throw InProgress();
        }

        foreach (var otherDay in OtherDays(now, day))
        {
            // The look comes after the claim. Of two who meet around midnight, each under another day, at least one finds the other.
            if (await store.FindAsync(projectId, otherDay, digest, cancellationToken) is { } other && now - other.At < Lifetime)
            {
                await store.RemoveAsync(mine, CancellationToken.None);
                return await OfAnotherAsync(other, fingerprint, now, cancellationToken);
            }
        }

        return (mine, null);
    }

    private async Task<(KeyedRequest? Mine, KeyedAnswer? First)> OfAnotherAsync(
        KeyedRequest other, string fingerprint, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (other.Fingerprint != fingerprint)
        {
            throw new VoxException(
                Errors.IdempotencyKeyReused, "This idempotency key was used for another request in the last 24 hours: make a new one.",
                "Idempotency-Key");
        }

        if (other.Answer is { } answer)
        {
            return (null, answer);
        }

        return now - other.At > Abandoned && await store.TryReplaceAsync(other with { At = now }, cancellationToken) is { } mine
            ? (mine, null)
            : throw InProgress();
    }

    private static IEnumerable<DateOnly> OtherDays(DateTimeOffset now, DateOnly day)
    {
        yield return day.AddDays(-1);
        if (DayOf(now + NearMidnight) != day)
        {
            yield return day.AddDays(1);
        }
    }

    private async Task ReleaseAsync(KeyedRequest mine)
    {
        try
        {
            await store.RemoveAsync(mine, CancellationToken.None);
        }
        catch (Exception e) when (StorageFailure.IsAny(e))
        {
            // The failure of the work itself says more. The claim counts as abandoned after a while.
            NotKept(e, mine.ProjectId);
        }
    }

    private async Task KeepAsync(KeyedRequest mine, KeyedAnswer answer)
    {
        try
        {
            await (IdempotencyStore.CanKeep(answer)
                ? store.TryReplaceAsync(mine with { Answer = answer }, CancellationToken.None)
                : store.RemoveAsync(mine, CancellationToken.None));
        }
        catch (Exception e) when (StorageFailure.IsAny(e))
        {
            // The work is done, and the caller must learn that. A repetition waits until the claim counts as abandoned.
            NotKept(e, mine.ProjectId);
        }
    }

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    private static VoxException InProgress() => new(
        Errors.RequestInProgress, "A request with this idempotency key is being worked on: send it again when Retry-After is over.",
        "Idempotency-Key");

    [LoggerMessage(6402, LogLevel.Warning, "What became of a request with an idempotency key of project {Project} could not be kept")]
    private partial void NotKept(Exception exception, string project);
}
