using Microsoft.Extensions.Logging;
using Vox.Platform.Storage;
using Vox.Platform.Telemetry;
using Vox.Platform.Timers;

namespace Vox.Platform.RowVersions;

/// <summary>
/// Brings the rows of tables with a <see cref="RowSchema"/> to the newest shape, page by page. It notes how far it is after each page, so
/// a run may end anywhere. A day after the end of a pass the next begins: an earlier release, which ran meanwhile, may have written rows of
/// the older shape. A pass that changed nothing says that there are none left.
/// </summary>
public sealed partial class RowSweep(
    IEnumerable<RowSchema> schemas, StorageClients storage, RowSweepStore store, TimerRuns timers, TimeProvider time,
    ILogger<RowSweep> logger)
{
    /// <summary>Pages of one run. A page has up to 1,000 rows and costs one request, and one more for each row that is changed.</summary>
    private const int MaxPages = 100;
    private static readonly TimeSpan Rest = TimeSpan.FromDays(1);

    /// <summary>Goes on with every table. A timer runs it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var run = timers.Begin("UpgradeRows", cancellationToken);
        await run.EachAsync(schemas, schema => schema.Table, RunAsync);
    }

    /// <summary>The last pass of every table; null for one that has not begun.</summary>
    public async Task<IReadOnlyList<(RowSchema Schema, RowSweepState? State)>> ReadAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(schemas.Select(async schema => (schema, await store.FindAsync(schema.Table, cancellationToken))));

    private async Task RunAsync(RowSchema schema, CancellationToken cancellationToken)
    {
        var table = schema.OfProjects ? storage.ProjectTable(schema.Table, schema) : storage.Table(schema.Table, schema);
        var state = Begin(schema, await store.FindAsync(schema.Table, cancellationToken));
        for (var page = 0; page < MaxPages && state is { FinishedAt: null }; page++)
        {
            var (rows, next) = await table.ReadPageAsync(state.Account, state.Next, cancellationToken);
            var old = rows.Where(row => RowSchema.VersionOf(row) < schema.Version).ToList();
            // A row that somebody has changed meanwhile is in the newest shape, or the next pass meets it again.
            var changed = await ManyRequests.EachAsync(old, row => table.TryUpgradeAsync(row, cancellationToken), cancellationToken);
            state = state with { Rows = state.Rows + rows.Count, Changed = state.Changed + changed.Count(done => done), Next = next };
            if (next is null)
            {
                state = state.Account + 1 < table.Accounts
                    ? state with { Account = state.Account + 1 }
                    : state with { FinishedAt = time.GetUtcNow() };
            }

            Instruments.RowsUpgraded.Add(changed.Count(done => done));

            // Null: another process sweeps as well, and is ahead.
            state = await store.TrySaveAsync(state, cancellationToken);
        }

        if (state is { FinishedAt: not null, Changed: > 0 })
        {
            Finished(state.Table, state.Version, state.Changed, state.Rows);
        }
    }

    /// <returns>The pass to go on with; null while there is nothing to do.</returns>
    private RowSweepState? Begin(RowSchema schema, RowSweepState? last)
    {
        var now = time.GetUtcNow();
        // A later release has its own pass under way, for shapes that this one does not know.
        return last is null ? new RowSweepState(schema.Table, schema.Version, 0, null, 0, 0, now, null, default)
            : last.Version > schema.Version ? null
            : last.Version < schema.Version || last.FinishedAt + Rest <= now
                ? new RowSweepState(schema.Table, schema.Version, 0, null, 0, 0, now, null, last.Etag)
            : last.FinishedAt is null ? last
            : null;
    }

    [LoggerMessage(8100, LogLevel.Information, "Table {Table} is in shape {Version}: {Changed} of {Rows} rows were older")]
    private partial void Finished(string table, int version, long changed, long rows);
}
