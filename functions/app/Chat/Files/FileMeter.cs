using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Vox.Chat.Events;
using Vox.Chat.Model;
using Vox.Chat.Usage;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Files;

/// <summary>
/// Counts the bytes that projects and users store. A project has eight shards, so that uploads of different users do not wait for one row.
/// One transaction changes a shard's figures and adds the file's own row, which says that the file has been counted. So a repetition, a
/// crash or an unanswered request can neither count a file twice nor forget one. A timer folds the shards: see <see cref="UsageFold"/>.
/// </summary>
/// <remarks>
/// A user's limit is exact. A project's is checked against the folded figure and what this process has counted since. Above nine tenths of
/// the limit all shards are read. So a project may get over its limit only by what is counted at the same moment, or if several processes
/// fill its last tenth within about ten minutes.
/// </remarks>
public sealed class FileMeter(FileMeterStore store, FoldMarks marks, IOptions<FilesOptions> options, TimeProvider time)
    : IDailyFigure
{
    private const int MaxLanes = 5_000;

    private readonly ConcurrentDictionary<string, FileMeterLane> lanes = new(StringComparer.Ordinal);
    private readonly ExpiringCache<string, Task<Known>> projects = new(10_000, TimeSpan.FromMinutes(1), time);

    /// <summary>
    /// A first check, so that nobody uploads a file that would be refused in the end. Open uploads count as if they were there.
    /// </summary>
    /// <exception cref="VoxException">quota_exceeded, limit_reached</exception>
    public Task CheckAsync(string projectId, string uid, long bytes, CancellationToken cancellationToken) =>
        CheckAsync(projectId, uid, bytes, options.Value.MaxPendingUploads - 1, cancellationToken);

    /// <summary>
    /// The same check again, for an upload that was just announced: several may have been checked at the same moment. Then each of them may
    /// be refused.
    /// </summary>
    /// <exception cref="VoxException">quota_exceeded, limit_reached</exception>
    public Task CheckAnnouncedAsync(string projectId, string uid, CancellationToken cancellationToken) =>
        CheckAsync(projectId, uid, 0, options.Value.MaxPendingUploads, cancellationToken);

    /// <summary>Notes an open upload. It ends when the file is counted or removed.</summary>
    public Task AnnounceAsync(string projectId, string uid, string fileId, long bytes, CancellationToken cancellationToken) =>
        store.AnnounceAsync(projectId, uid, fileId, bytes, cancellationToken);

    /// <exception cref="VoxException">quota_exceeded, busy</exception>
    public Task AddAsync(string projectId, string uid, string fileId, long bytes, CancellationToken cancellationToken) =>
        ChangeAsync(
            projectId, ChatKeys.MeterShard(projectId, uid), new FileMeterChange(uid, fileId, bytes, null), cancellationToken);

    /// <summary>Counts a file no more, and ends its upload if it is open.</summary>
    public async Task RemoveAsync(string projectId, string uid, string fileId, CancellationToken cancellationToken)
    {
        foreach (var part in new[] { ChatKeys.MeterShard(projectId, uid), projectId })
        {
            // The project's own partition has files from before there were shards.
            if ((part != projectId || (await KnownAsync(projectId, cancellationToken)).HasOld)
                && await store.FindFileAsync(part, fileId, cancellationToken) is { } counted && counted.Uid == uid)
            {
                await ChangeAsync(projectId, part, new FileMeterChange(uid, fileId, null, counted), cancellationToken);
                break;
            }
        }

        await store.EndAnnouncedAsync(projectId, uid, fileId, cancellationToken);
    }

    /// <summary>The bytes that the project stores now.</summary>
    public Task<long> TotalAsync(string projectId, CancellationToken cancellationToken) => store.SumAsync(projectId, cancellationToken);

    /// <summary>The bytes that were stored at the end of a day (UTC), or at the last fold of today.</summary>
    public Task<long> StoredAsync(string projectId, DateOnly day, CancellationToken cancellationToken) =>
        store.StoredAsync(projectId, day, cancellationToken);

    public UsagePart Part => UsagePart.Files;

    /// <summary>Adds up the shards of a project that has changed.</summary>
    public Task<IReadOnlyList<long>> FoldAsync(
        string projectId, DateOnly from, DateOnly to, long? before, CancellationToken cancellationToken) =>
        store.FoldAsync(projectId, from, to, cancellationToken);

    private async Task ChangeAsync(string projectId, string partition, FileMeterChange change, CancellationToken cancellationToken)
    {
        // Before the change, so that it is folded even if this process ends after it. And again if the change has taken that long.
        await MarkAsync(projectId, cancellationToken);
        while (!Lane(projectId, partition).Batcher.TryAdd(change, out var closed))
        {
            if (!closed)
            {
                throw new VoxException(Errors.Busy, "Too many files are stored at once: try again shortly.");
            }

            lanes.TryRemove(partition, out _);
        }

        await change.Done.WaitAsync(cancellationToken);
        await MarkAsync(projectId, cancellationToken);
    }

    private Task MarkAsync(string projectId, CancellationToken cancellationToken) =>
        marks.MarkAsync(projectId, UsagePart.Files, null, cancellationToken);

    private FileMeterLane Lane(string projectId, string partition)
    {
        if (lanes.TryGetValue(partition, out var lane))
        {
            return lane;
        }

        if (lanes.Count >= MaxLanes)
        {
            foreach (var (key, idle) in lanes.Where(other => other.Value.Batcher.TryClose()).Take(MaxLanes / 10))
            {
                lanes.TryRemove(new KeyValuePair<string, FileMeterLane>(key, idle));
            }
        }

        return lanes.GetOrAdd(partition, _ => new FileMeterLane(
            store, partition,
            uid => partition == projectId ? Task.FromResult(0L) : OldBytesAsync(projectId, uid, CancellationToken.None),
            (user, project) => WhyNotAsync(projectId, user, project, CancellationToken.None),
            difference => Counted(projectId, difference), time));
    }

    private async Task<long> OldBytesAsync(string projectId, string uid, CancellationToken cancellationToken) =>
        (await KnownAsync(projectId, cancellationToken)).HasOld
            ? (await store.FindFigureAsync(projectId, ChatKeys.MeterUser(uid), cancellationToken)).Bytes
            : 0;

    /// <param name="open">The most uploads that the user may have open now.</param>
    private async Task CheckAsync(string projectId, string uid, long bytes, int open, CancellationToken cancellationToken)
    {
        var reading = store.ReadUserAsync(projectId, uid, open + 1, cancellationToken);
        var old = OldBytesAsync(projectId, uid, cancellationToken);
        var user = await reading;
        if (await WhyNotAsync(projectId, user.Bytes + await old + user.Announced + bytes, bytes, cancellationToken) is { } why)
        {
            throw why;
        }

        if (user.Uploads > open)
        {
            throw new VoxException(
                Errors.LimitReached,
                $"At most {options.Value.MaxPendingUploads:N0} uploads can be open at once: complete or cancel one of them.", "size");
        }
    }

    /// <param name="user">What the user would have.</param>
    /// <param name="more">How much more the project would have.</param>
    private async Task<VoxException?> WhyNotAsync(string projectId, long user, long more, CancellationToken cancellationToken)
    {
        if (user > options.Value.UserQuotaBytes)
        {
            return Refusal(
                LimitEvents.UserStorage, $"The user's files may have {options.Value.UserQuotaBytes:N0} bytes together.");
        }

        var max = options.Value.ProjectQuotaBytes;
        return (await KnownAsync(projectId, cancellationToken)).Bytes + more > max / 10 * 9
            && await store.SumAsync(projectId, cancellationToken) + more > max
            ? Refusal(LimitEvents.ProjectStorage, $"The project's files may have {max:N0} bytes together.")
            : null;
    }

    private static VoxException Refusal(string limit, string detail)
    {
        var refusal = new VoxException(Errors.QuotaExceeded, detail, "size");
        refusal.Data[LimitEvents.DataKey] = limit;
        return refusal;
    }

    private Task<Known> KnownAsync(string projectId, CancellationToken cancellationToken)
    {
        if (!projects.TryGet(projectId, out var known) || known.IsFaulted)
        {
            projects.Set(projectId, known = ReadAsync());
        }

        return known.WaitAsync(cancellationToken);

        async Task<Known> ReadAsync()
        {
            var folded = await store.ReadFoldedAsync(projectId, CancellationToken.None);
            return new Known(folded.HasOld) { Counted = folded.Bytes };
        }
    }

    private void Counted(string projectId, long difference)
    {
        if (projects.TryGet(projectId, out var known) && known.IsCompletedSuccessfully)
        {
            Interlocked.Add(ref known.Result.Counted, difference);
        }
    }

    /// <summary>What was folded, and what this process has counted since it was read.</summary>
    private sealed class Known(bool hasOld)
    {
        public long Counted;

        public bool HasOld => hasOld;

        public long Bytes => Interlocked.Read(ref Counted);
    }
}
