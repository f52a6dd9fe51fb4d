using Azure.Data.Tables;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Portal.Accounts;

/// <summary>
/// Limits on guessing, in table <c>attempts</c>. An attempt is counted before it is made, so that many at once gain nothing, and what
/// is counted is the name that was typed: an account that does not exist is locked just like one that does.
/// </summary>
public sealed class AttemptGuard(StorageClients storage, TimeProvider time)
{
    private const int Free = 5;
    private static readonly TimeSpan MaxLock = TimeSpan.FromHours(1);
    private static readonly TimeSpan Memory = TimeSpan.FromHours(24);

    private readonly Table table = storage.Table("attempts");

    /// <summary>Five attempts are free; then each failure locks for 1, 2, 4, … minutes up to an hour.</summary>
    /// <exception cref="VoxException">too_many_attempts</exception>
    public Task BeginAsync(string what, string who, CancellationToken cancellationToken) =>
        ChangeAsync(what, who, (count, since, until, now) =>
        {
            if (until > now)
            {
                throw Locked(until - now);
            }

            count = now - since > Memory ? 1 : count + 1;
            var pause = count < Free ? TimeSpan.Zero : TimeSpan.FromMinutes(Math.Min(MaxLock.TotalMinutes, Math.Pow(2, Math.Min(count - Free, 10))));
            return (count, now, now + pause);
        }, cancellationToken);

    /// <summary>At most <paramref name="limit"/> in a window that begins with the first.</summary>
    /// <exception cref="VoxException">too_many_attempts</exception>
    public Task CountAsync(string what, string who, int limit, TimeSpan window, CancellationToken cancellationToken) =>
        ChangeAsync(what, who, (count, since, _, now) =>
        {
            if (now - since > window)
            {
                return (1, now, default);
            }

            return count >= limit ? throw Locked(since + window - now) : (count + 1, since, default);
        }, cancellationToken);

    public Task ClearAsync(string what, string who, CancellationToken cancellationToken) =>
        table.DeleteAsync(PortalKeys.Attempts(what, who), PortalKeys.AttemptsRow, cancellationToken);

    /// <summary>Removes what is over; run by a timer.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var old = time.GetUtcNow() - Memory - MaxLock;
        await foreach (var row in table.EnumerateAsync($"Since lt {old}", 1_000, cancellationToken, ["PartitionKey", "RowKey"]))
        {
            await table.DeleteAsync(row.PartitionKey, row.RowKey, cancellationToken);
        }
    }

    private async Task ChangeAsync(
        string what, string who,
        Func<int, DateTimeOffset, DateTimeOffset, DateTimeOffset, (int Count, DateTimeOffset Since, DateTimeOffset Until)> change,
        CancellationToken cancellationToken)
    {
        var partition = PortalKeys.Attempts(what, who);
        while (true)
        {
            var row = await table.FindAsync(partition, PortalKeys.AttemptsRow, cancellationToken);
            var now = time.GetUtcNow();
            var (count, since, until) = change(
                row?.GetInt32("Count") ?? 0, row?.GetDateTimeOffset("Since") ?? now, row?.GetDateTimeOffset("Until") ?? now, now);
            var changed = new TableEntity(partition, PortalKeys.AttemptsRow)
            {
                ["Count"] = count, ["Since"] = since, ["Until"] = until == default ? now : until,
            };
            var done = row is null
                ? await table.TryAddAsync(changed, cancellationToken)
                : await table.TryReplaceAsync(changed, row.ETag, cancellationToken);
            if (done is not null)
            {
                return;
            }
        }
    }

    private static VoxException Locked(TimeSpan rest)
    {
        var minutes = Math.Max(1, (int)Math.Ceiling(rest.TotalMinutes));
        return new VoxException(Errors.TooManyAttempts, $"Too many attempts: try again in {minutes} {(minutes == 1 ? "minute" : "minutes")}.");
    }
}
