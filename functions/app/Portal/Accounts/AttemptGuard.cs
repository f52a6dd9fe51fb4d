using System.Threading.RateLimiting;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Limits;

namespace Vox.Portal.Accounts;

/// <summary>
/// Limits on guessing, for all processes together. Attempts for the same name are made one after the other, so many at once gain nothing.
/// A failure costs one storage request, and a success none, unless there were failures before it. The name is counted as it was typed,
/// so an account that does not exist is locked just like one that does.
/// </summary>
public sealed class AttemptGuard(SharedCounts counts, TimeProvider time) : IDisposable
{
    private const int Free = 5;
    private static readonly TimeSpan MaxLock = TimeSpan.FromHours(1);
    private static readonly TimeSpan Memory = TimeSpan.FromHours(24);
    private static readonly FixedWindowRateLimiterOptions OfAddress = new() { PermitLimit = 200, Window = TimeSpan.FromMinutes(15) };
    private static readonly ConcurrencyLimiterOptions OneAtATime = new() { PermitLimit = 1, QueueLimit = 50 };

    private readonly PartitionedRateLimiter<(string What, string Who)> turns =
        PartitionedRateLimiter.Create<(string, string), (string, string)>(
            key => RateLimitPartition.GetConcurrencyLimiter(key, _ => OneAtATime));

    private readonly PartitionedRateLimiter<string> addresses = PartitionedRateLimiter.Create<string, string>(
        network => RateLimitPartition.GetFixedWindowLimiter(network, _ => OfAddress));

    /// <summary>Refuses an address with too many failures, of whatever accounts. Each process counts for itself.</summary>
    /// <exception cref="VoxException">too_many_attempts</exception>
    public void CheckAddress(ClientAddress client)
    {
        if (client.Network is { } network)
        {
            using var lease = addresses.AttemptAcquire(network, permitCount: 0);
            if (!lease.IsAcquired)
            {
                throw Locked(OfAddress.Window);
            }
        }
    }

    public void AddressFailed(ClientAddress client)
    {
        if (client.Network is { } network)
        {
            addresses.AttemptAcquire(network).Dispose();
        }
    }

    /// <summary>Waits until no other attempt for this name is under way. Disposing the result ends the attempt.</summary>
    /// <exception cref="VoxException">too_many_attempts</exception>
    public async Task<Attempt> BeginAsync(string what, string who, CancellationToken cancellationToken)
    {
        var turn = await turns.AcquireAsync((what, who), cancellationToken: cancellationToken);
        try
        {
            if (!turn.IsAcquired)
            {
                throw Locked(TimeSpan.FromMinutes(1));
            }

            var now = time.GetUtcNow();
            // Looked at again before a refusal: another process may have ended the lock.
            if (counts.Known(what, who) is { } known && known.Until > now
                && await counts.RefreshAsync(what, who, cancellationToken) is { } stored && stored.Until > now)
            {
                throw Locked(stored.Until - now);
            }

            return new Attempt(this, what, who, turn);
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    /// <summary>Allows at most <paramref name="limit"/> attempts in a window that begins with the first of them.</summary>
    /// <exception cref="VoxException">too_many_attempts</exception>
    public async Task CountAsync(string what, string who, int limit, TimeSpan window, CancellationToken cancellationToken)
    {
        if (await TryCountAsync(what, who, limit, window, cancellationToken) is { } rest)
        {
            throw Locked(rest);
        }
    }

    /// <summary>The same for limits that nobody must notice.</summary>
    /// <returns>Null when there was room; otherwise how long there will be none.</returns>
    public async Task<TimeSpan?> TryCountAsync(string what, string who, int limit, TimeSpan window, CancellationToken cancellationToken)
    {
        try
        {
            await counts.ChangeAsync(
                what, who, before =>
                {
                    var now = time.GetUtcNow();
                    return before is null || now - before.Since > window ? new SharedCount(1, now, now)
                        : before.Count < limit ? before with { Count = before.Count + 1, Until = now }
                        : throw new FullException(before.Since + window - now);
                },
                cancellationToken);
            return null;
        }
        catch (FullException e)
        {
            return e.Rest;
        }
    }

    public Task ClearAsync(string what, string who, CancellationToken cancellationToken) =>
        counts.RemoveAsync(what, who, cancellationToken);

    /// <summary>Removes counts that no limit looks at any more. A timer runs it.</summary>
    public Task SweepAsync(CancellationToken cancellationToken) =>
        counts.SweepAsync(time.GetUtcNow() - Memory - MaxLock, cancellationToken);

    public void Dispose()
    {
        turns.Dispose();
        addresses.Dispose();
    }

    /// <summary>Five failures are free. The fifth and each further one lock for 1, 2, 4, … minutes, up to an hour.</summary>
    private Task FailedAsync(string what, string who, CancellationToken cancellationToken) => counts.ChangeAsync(
        what, who, before =>
        {
            var now = time.GetUtcNow();
            if (before?.Until > now)
            {
                // Locked by another process, of which this one has just learned. The caller must not learn more than if it had known.
                throw Locked(before.Until - now);
            }

            var count = before is null || now - before.Since > Memory ? 1 : before.Count + 1;
            var pause = count < Free
                ? TimeSpan.Zero
                : TimeSpan.FromMinutes(Math.Min(MaxLock.TotalMinutes, Math.Pow(2, Math.Min(count - Free, 10))));
            return new SharedCount(count, now, now + pause);
        },
        cancellationToken);

    private bool Knows(string what, string who) => counts.Known(what, who) is not null;

    private static VoxException Locked(TimeSpan rest)
    {
        var minutes = Math.Max(1, (int)Math.Ceiling(rest.TotalMinutes));
        return new VoxException(
            Errors.TooManyAttempts, $"Too many attempts: try again in {minutes} {(minutes == 1 ? "minute" : "minutes")}.");
    }

    /// <summary>An attempt under way.</summary>
    public sealed class Attempt(AttemptGuard guard, string what, string who, IDisposable turn) : IDisposable
    {
        /// <exception cref="VoxException">too_many_attempts, when another process has locked the name meanwhile</exception>
        public Task FailedAsync(CancellationToken cancellationToken) => guard.FailedAsync(what, who, cancellationToken);

        /// <summary>Forgets the failures before it, if this process knows of any.</summary>
        public Task SucceededAsync(CancellationToken cancellationToken) =>
            guard.Knows(what, who) ? guard.ClearAsync(what, who, cancellationToken) : Task.CompletedTask;

        public void Dispose() => turn.Dispose();
    }

    private sealed class FullException(TimeSpan rest) : Exception
    {
        public TimeSpan Rest { get; } = rest;
    }
}
