using Vox.Platform.ErrorCatalogue;

namespace Vox.Portal.Accounts;

/// <summary>
/// Limits on guessing. An attempt is counted before it is made, so many attempts at once gain nothing. The name is counted as it was
/// typed, so an account that does not exist is locked just like one that does.
/// </summary>
public sealed class AttemptGuard(AttemptStore store, TimeProvider time)
{
    private const int Free = 5;
    private static readonly TimeSpan MaxLock = TimeSpan.FromHours(1);
    private static readonly TimeSpan Memory = TimeSpan.FromHours(24);

    /// <summary>Five attempts are free. Then each failure locks for 1, 2, 4, … minutes, up to an hour.</summary>
    /// <exception cref="VoxException">too_many_attempts</exception>
    public Task BeginAsync(string what, string who, CancellationToken cancellationToken) =>
        ChangeAsync(what, who, (before, now) =>
        {
            if (before.Until > now)
            {
                throw Locked(before.Until - now);
            }

            var count = now - before.Since > Memory ? 1 : before.Count + 1;
            var pause = count < Free
                ? TimeSpan.Zero
                : TimeSpan.FromMinutes(Math.Min(MaxLock.TotalMinutes, Math.Pow(2, Math.Min(count - Free, 10))));
            return before with { Count = count, Since = now, Until = now + pause };
        }, cancellationToken);

    /// <summary>Allows at most <paramref name="limit"/> attempts in a window that begins with the first of them.</summary>
    /// <exception cref="VoxException">too_many_attempts</exception>
    public Task CountAsync(string what, string who, int limit, TimeSpan window, CancellationToken cancellationToken) =>
        ChangeAsync(what, who, (before, now) =>
        {
            if (now - before.Since > window)
            {
                return before with { Count = 1, Since = now, Until = now };
            }

            return before.Count >= limit
                ? throw Locked(before.Since + window - now)
                : before with { Count = before.Count + 1, Until = now };
        }, cancellationToken);

    public Task ClearAsync(string what, string who, CancellationToken cancellationToken) => store.RemoveAsync(what, who, cancellationToken);

    /// <summary>Removes counts that no limit looks at any more. A timer runs it.</summary>
    public Task SweepAsync(CancellationToken cancellationToken) =>
        store.RemoveBeforeAsync(time.GetUtcNow() - Memory - MaxLock, cancellationToken);

    private async Task ChangeAsync(
        string what, string who, Func<AttemptCount, DateTimeOffset, AttemptCount> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = await store.FindAsync(what, who, cancellationToken);
            var now = time.GetUtcNow();
            var changed = change(before ?? new AttemptCount(0, now, now, default), now);
            var done = before is null
                ? await store.TryAddAsync(what, who, changed, cancellationToken)
                : await store.TryReplaceAsync(what, who, changed, cancellationToken);
            if (done)
            {
                return;
            }
        }
    }

    private static VoxException Locked(TimeSpan rest)
    {
        var minutes = Math.Max(1, (int)Math.Ceiling(rest.TotalMinutes));
        return new VoxException(
            Errors.TooManyAttempts, $"Too many attempts: try again in {minutes} {(minutes == 1 ? "minute" : "minutes")}.");
    }
}
