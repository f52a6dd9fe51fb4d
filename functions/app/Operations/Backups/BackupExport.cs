using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Platform.Storage;

namespace Vox.Operations.Backups;

/// <summary>
/// Writes what has changed to the backup, in segments, and then goes on with the pass over all rows. It may be killed at any time: changes
/// are forgotten only when the segment with them is complete.
/// </summary>
public sealed partial class BackupExport(
    BackupStore store, ExportStore rows, BackupBlobs blobs, WorkLeases leases, IOptions<BackupOptions> options, TimeProvider time,
    ILogger<BackupExport> logger)
{
    /// <summary>Clocks of instances may differ by so much. What is noted still later is in the next export.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>The timer comes again; other work wants the instance, too.</summary>
    private static readonly TimeSpan PassTime = TimeSpan.FromMinutes(3);

    private const int ChangesPerSegment = 2_000;
    private const int PagesPerSegment = 50;
    private const long BytesPerSegment = 100_000_000;
    private const int Parallel = 16;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.NotesChanges)
        {
            return;
        }

        await using var lease = await leases.TryTakeAsync("export", cancellationToken);
        if (lease is null)
        {
            return;
        }

        var (state, version) = await store.FindStateAsync("export", BackupStateJson.Default.ExportState, cancellationToken);
        var run = new Run(state ?? new ExportState(), version);
        if (await ExportChangesAsync(run, lease, cancellationToken))
        {
            await GoOnWithPassAsync(run, lease, cancellationToken);
        }
    }

    internal async Task<ExportState> StateAsync(CancellationToken cancellationToken) =>
        (await store.FindStateAsync("export", BackupStateJson.Default.ExportState, cancellationToken)).State ?? new ExportState();

    private async Task<bool> ExportChangesAsync(Run run, WorkLease lease, CancellationToken cancellationToken)
    {
        // Intervals that are over, and in which nobody writes any more.
        var before = (time.GetUtcNow() - TimeSpan.FromMinutes(options.Value.IntervalMinutes) - Grace).ToUnixTimeMilliseconds();
        while (true)
        {
            var changes = await store.ReadChangesAsync(before, ChangesPerSegment, cancellationToken);
            if (changes.Rows.Count > 0)
            {
                if (!await lease.TryRenewAsync(cancellationToken))
                {
                    return false;
                }

                var count = 0L;
                await WriteAsync(run, async segment =>
                {
                    await System.Threading.Tasks.Parallel.ForEachAsync(
                        changes.Partitions,
                        new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
                        async (changed, stop) => await rows.ExportAsync(changed, segment, stop));
                    count = segment.Rows;
                }, cancellationToken);
                await store.RemoveAsync(changes, cancellationToken);
                Exported(changes.Partitions.Count, count);
            }

            if (changes.Rows.Count < ChangesPerSegment)
            {
                return await run.TrySaveAsync(store, run.State with { ExportedThrough = before }, cancellationToken);
            }
        }
    }

    private async Task GoOnWithPassAsync(Run run, WorkLease lease, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (run.State.Pass is not { } last
            || (last.Ended is not null && now - last.Began >= TimeSpan.FromDays(options.Value.FullPassDays).TotalMilliseconds))
        {
            // The segments of the pass are all later than its beginning, and so are changes that it no longer sees.
            var begun = new PassState(Math.Max(now, run.State.LastSegment), null, null, 0);
            if (!await run.TrySaveAsync(store, run.State with { Pass = begun }, cancellationToken))
            {
                return;
            }
        }

        var tables = await rows.TablesAsync(cancellationToken);
        while (run.State.Pass is { Ended: null } pass && time.GetElapsedTime(began) < PassTime)
        {
            if (!await lease.TryRenewAsync(cancellationToken))
            {
                return;
            }

            var position = pass.Position is null ? Next(tables, null) : Still(tables, pass.Position);
            var written = 0L;
            if (position is not null)
            {
                await WriteAsync(run, async segment =>
                {
                    for (var page = 0; page < PagesPerSegment && position is not null && segment.Bytes < BytesPerSegment; page++)
                    {
                        var next = await rows.ExportPageAsync(position, segment, cancellationToken);
                        position = next is null ? Next(tables, position) : position with { Continuation = next };
                    }

                    written = segment.Rows;
                }, cancellationToken);
            }

            pass = pass with { Position = position, Rows = pass.Rows + written };
            if (position is null)
            {
                pass = pass with { Ended = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), run.State.LastSegment) };
                await blobs.NotePassAsync(new BackupPass(pass.Began, pass.Ended.Value), cancellationToken);
                PassEnded(pass.Rows);
            }

            if (!await run.TrySaveAsync(store, run.State with { Pass = pass }, cancellationToken))
            {
                return;
            }
        }
    }

    /// <summary>The position, or the next table if this one is not there any more.</summary>
    private static PassPosition? Still(List<(string Table, int Account)> tables, PassPosition position) =>
        tables.Contains((position.Table, position.Account)) ? position : Next(tables, position);

    private static PassPosition? Next(List<(string Table, int Account)> tables, PassPosition? after)
    {
        foreach (var (table, account) in tables)
        {
            if (after is null || (string.CompareOrdinal(table, after.Table), account.CompareTo(after.Account)) is ( > 0, _) or (0, > 0))
            {
                return new PassPosition(table, account, null);
            }
        }

        return null;
    }

    private async Task WriteAsync(Run run, Func<SegmentWriter, Task> write, CancellationToken cancellationToken)
    {
        // The name is taken first. A run that was killed leaves a name without a file, never two files of one name.
        var at = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), run.State.LastSegment + 1);
        if (!await run.TrySaveAsync(store, run.State with { LastSegment = at }, cancellationToken))
        {
            throw new InvalidOperationException("Another instance exports at the same time.");
        }

        await blobs.WriteAsync(BackupBlobs.SegmentAt(at), write, cancellationToken);
    }

    private sealed class Run(ExportState state, RowVersion? version)
    {
        private RowVersion? version = version;

        public ExportState State { get; private set; } = state;

        public async Task<bool> TrySaveAsync(BackupStore store, ExportState next, CancellationToken cancellationToken)
        {
            var written = await store.TryWriteStateAsync("export", next, BackupStateJson.Default.ExportState, version, cancellationToken);
            (State, version) = written is null ? (State, version) : (next, written);
            return written is not null;
        }
    }

    [LoggerMessage(9300, LogLevel.Information, "Backed up {Partitions} changed partitions: {Rows} rows")]
    private partial void Exported(int partitions, long rows);

    [LoggerMessage(9301, LogLevel.Information, "All rows are backed up anew: {Rows}")]
    private partial void PassEnded(long rows);
}
