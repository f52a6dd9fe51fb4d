using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Files;

/// <summary>
/// Counts files in one shard. Those that are completed at the same time in this process are counted by one transaction. The figures are
/// remembered, so nothing is read unless another process has counted in between.
/// </summary>
/// <param name="oldBytesOf">The bytes that were counted for a user before there were shards.</param>
/// <param name="whyNot">Given the bytes of the user and the additional bytes of the project: why they may not have them, or null.</param>
/// <param name="committed">Is told by how much the shard has changed.</param>
public sealed class FileMeterLane(
    FileMeterStore store, string partition, Func<string, Task<long>> oldBytesOf, Func<long, long, Task<VoxException?>> whyNot,
    Action<long> committed, TimeProvider time)
{
    /// <summary>Each attempt but the last has failed, because another process has counted in the same shard at the same time.</summary>
    private const int Attempts = 60;

    /// <summary>With the rows of each one's user, upload and file, and two for all, a transaction has at most 98 of 100 rows.</summary>
    private const int MaxBatch = 32;

    /// <summary>After a lost race, this many transactions wait a little for more files.</summary>
    private const int Gatherings = 20;

    private const int MaxUsers = 1_000;

    /// <summary>A shard with at most this many rows of users and open uploads is read as a whole.</summary>
    private const int SmallShard = 200;

    private readonly Dictionary<string, UserFigures> users = new(StringComparer.Ordinal);
    private int gathering;
    private FileMeterFigure? total;

    /// <summary>The rows of all users that there were; null when the shard has too many, or nothing is known.</summary>
    private Dictionary<string, FileMeterFigure>? found;
    private bool isLarge;
    private Batcher<FileMeterChange>? batcher;

    public Batcher<FileMeterChange> Batcher => batcher ??= new Batcher<FileMeterChange>(
        10_000, MaxBatch, int.MaxValue, _ => 1, CommitAsync, Gather);

    /// <summary>If other processes count in the shard as well, fewer and larger transactions meet less often.</summary>
    private TimeSpan Gather() =>
        gathering-- > 0 ? TimeSpan.FromMilliseconds(Random.Shared.Next(20, 60)) : TimeSpan.Zero;

    private async Task CommitAsync(List<FileMeterChange> batch)
    {
        try
        {
            for (var attempt = 1; batch.Count > 0; attempt++)
            {
                if (attempt > Attempts)
                {
                    throw new VoxException(Errors.Busy, "Too many files are stored at once: try again shortly.");
                }

                // Two who count the same file must not meet in one transaction.
                await TryCommitAsync([.. batch.DistinctBy(change => change.FileId, StringComparer.Ordinal)], attempt);
                batch.RemoveAll(change => change.IsDone);
            }
        }
        catch (Exception e)
        {
            Forget();
            batch.ForEach(change => change.Fail(e));
        }
    }

    private async Task TryCommitAsync(List<FileMeterChange> changes, int attempt)
    {
        await ReadAsync(changes.Select(change => change.Uid).Distinct(StringComparer.Ordinal).ToList());
        var sums = new Dictionary<string, long>(StringComparer.Ordinal);
        var (added, removed) = (0L, 0L);
        for (var i = 0; i < changes.Count; i++)
        {
            var change = changes[i];
            var user = sums.TryGetValue(change.Uid, out var sum) ? sum : users[change.Uid].Bytes;
            var own = user + users[change.Uid].Old + change.Difference;
            if (change.Adds && await whyNot(own, added + removed + change.Difference) is { } why)
            {
                await RefuseAsync(change, why);
                changes.RemoveAt(i--);
                continue;
            }

            sums[change.Uid] = Math.Max(0, user + change.Difference);
            (added, removed) = change.Adds ? (added + change.Difference, removed) : (added, removed + change.Difference);
        }

        if (changes.Count == 0)
        {
            return;
        }

        var bytes = Math.Max(0, total!.Bytes + added + removed);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var outcome = await store.TryCountAsync(
            partition, total with { Bytes = bytes }, today,
            [.. sums.Select(user => new FileMeterUser(user.Key, new FileMeterFigure(user.Value, users[user.Key].Version)))], changes);
        if (outcome.Versions is { } versions)
        {
            Remember(bytes, sums, versions);
            committed(added + removed);
            changes.ForEach(change => change.Succeed());
        }
        else if (outcome.Unexpected is { } unexpected)
        {
            await LookAsync(unexpected, outcome.IsUpload);
        }
        else
        {
            // Another process has counted in this shard. Try again from the new figures.
            Forget();
            gathering = Gatherings;
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(2, 5 + (5 * Math.Min(attempt, 20)))));
        }
    }

    /// <summary>A file over the limit is refused, unless it is counted already and this is a repetition.</summary>
    private async Task RefuseAsync(FileMeterChange change, VoxException why)
    {
        if (await store.FindFileAsync(partition, change.FileId, CancellationToken.None) is null)
        {
            change.Fail(why);
        }
        else
        {
            change.Succeed();
        }
    }

    /// <summary>One file's own row was not as expected: it may be counted already, or not any more.</summary>
    private async Task LookAsync(FileMeterChange change, bool isUpload)
    {
        if (isUpload)
        {
            change.EndsUpload = false;
            return;
        }

        change.Counted = await store.FindFileAsync(partition, change.FileId, CancellationToken.None);
        if (change.Counted is null != change.Adds)
        {
            change.Succeed();
        }
    }

    private async Task ReadAsync(List<string> uids)
    {
        if (users.Count > MaxUsers)
        {
            Forget();
        }

        if (total is null && !isLarge)
        {
            // In one request, all users of a shard that has only a few.
            var rows = await store.ReadFiguresAsync(partition, SmallShard + 1, CancellationToken.None);
            isLarge = rows.Count > SmallShard;
            total = rows.GetValueOrDefault(ChatKeys.MeterTotal) ?? new FileMeterFigure(0, null);
            found = isLarge ? null : rows;
        }

        total ??= await store.FindFigureAsync(partition, ChatKeys.MeterTotal, CancellationToken.None);
        foreach (var (uid, figures) in await Task.WhenAll(uids.Where(uid => !users.ContainsKey(uid)).Select(ReadUserAsync)))
        {
            users[uid] = figures;
        }
    }

    private async Task<(string, UserFigures)> ReadUserAsync(string uid)
    {
        var key = ChatKeys.MeterUser(uid);
        var row = found is null
            ? await store.FindFigureAsync(partition, key, CancellationToken.None)
            : found.GetValueOrDefault(key) ?? new FileMeterFigure(0, null);
        return (uid, new UserFigures(row.Bytes, row.Version, await oldBytesOf(uid)));
    }

    private void Remember(long bytes, Dictionary<string, long> sums, IReadOnlyList<RowVersion> versions)
    {
        total = new FileMeterFigure(bytes, versions[0]);
        foreach (var ((uid, sum), version) in sums.Zip(versions.Skip(1)))
        {
            users[uid] = new UserFigures(sum, version, users[uid].Old);
        }
    }

    private void Forget()
    {
        (total, found) = (null, null);
        users.Clear();
    }

    private sealed record UserFigures(long Bytes, RowVersion? Version, long Old);
}
