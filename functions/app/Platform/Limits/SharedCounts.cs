using System.Threading.RateLimiting;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Platform.Limits;

/// <summary>
/// Counts that hold for all processes together. Each process remembers what it saw last, so a change costs one storage request, and
/// looking costs none. Only when another process was faster, the count is read and changed again. So a process that has never seen a
/// count finds out with its first change: with N processes a limit may be exceeded by N.
/// </summary>
public sealed class SharedCounts(SharedCountStore store, TimeProvider time) : IDisposable
{
    private static readonly ConcurrencyLimiterOptions OneAtATime = new() { PermitLimit = 1, QueueLimit = 1_000 };
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private readonly ExpiringCache<string, (SharedCount Count, DateTimeOffset ReadAt)> known = new(20_000, TimeSpan.FromHours(24), time);

    // One change at a time: changes of the same count would only get in each other's way.
    private readonly PartitionedRateLimiter<string> turns = PartitionedRateLimiter.Create<string, string>(
        key => RateLimitPartition.GetConcurrencyLimiter(key, _ => OneAtATime));

    /// <summary>What this process saw last, without a storage request.</summary>
    public SharedCount? Known(string what, string who) =>
        known.TryGet(Keys.Attempts(what, who), out var entry) ? entry.Count : null;

    /// <summary>What is stored now, or was up to ten seconds ago: whoever is refused must not cost a request each time.</summary>
    public async Task<SharedCount?> RefreshAsync(string what, string who, CancellationToken cancellationToken)
    {
        var key = Keys.Attempts(what, who);
        if (known.TryGet(key, out var entry) && time.GetUtcNow() - entry.ReadAt < Fresh)
        {
            return entry.Count;
        }

        return await ReadAsync(key, cancellationToken);
    }

    /// <param name="change">Makes the next count of the present one, which is null when there is none. It may be called again.</param>
    public async Task<SharedCount> ChangeAsync(
        string what, string who, Func<SharedCount?, SharedCount> change, CancellationToken cancellationToken)
    {
        var key = Keys.Attempts(what, who);
        using var turn = await turns.AcquireAsync(key, cancellationToken: cancellationToken);
        if (!turn.IsAcquired)
        {
            throw new VoxException(Errors.TooManyRequests, "Too many of these requests at once: try again shortly.");
        }

        var before = known.TryGet(key, out var entry) ? entry.Count : null;
        while (true)
        {
            var changed = change(before);
            var version = before is null
                ? await store.TryAddAsync(key, changed, cancellationToken)
                : await store.TryReplaceAsync(key, changed with { Version = before.Version }, cancellationToken);
            if (version is { } stored)
            {
                changed = changed with { Version = stored };
                known.Set(key, (changed, time.GetUtcNow()));
                return changed;
            }

            before = await ReadAsync(key, cancellationToken);
        }
    }

    /// <summary>Starts again from nothing.</summary>
    public async Task RemoveAsync(string what, string who, CancellationToken cancellationToken)
    {
        await store.RemoveAsync(Keys.Attempts(what, who), cancellationToken);
        known.Remove(Keys.Attempts(what, who));
    }

    /// <summary>Removes counts that began before a time.</summary>
    public Task SweepAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        store.RemoveBeforeAsync(before, cancellationToken);

    public void Dispose() => turns.Dispose();

    private async Task<SharedCount?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        var count = await store.FindAsync(key, cancellationToken);
        if (count is null)
        {
            known.Remove(key);
        }
        else
        {
            known.Set(key, (count, time.GetUtcNow()));
        }

        return count;
    }
}
