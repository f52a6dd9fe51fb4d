using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Platform.RowVersions;

/// <summary>Table <c>rowsweeps</c>: how far the sweep of each table is, so that any process goes on where another ended.</summary>
public sealed class RowSweepStore(StorageClients storage)
{
    private readonly Table table = storage.Table("rowsweeps");

    public async Task<RowSweepState?> FindAsync(string name, CancellationToken cancellationToken) =>
        await table.FindAsync(Keys.RowSweeps, name, cancellationToken) is { } row
            ? new RowSweepState(
                name, row.GetInt32("Version") ?? 1, row.GetInt32("Account") ?? 0, row.GetString("Next"), row.GetInt64("Rows") ?? 0,
                row.GetInt64("Changed") ?? 0, row.GetDateTimeOffset("StartedAt") ?? default, row.GetDateTimeOffset("FinishedAt"), row.ETag)
            : null;

    /// <returns>The state with its new version; null when another process was faster.</returns>
    public async Task<RowSweepState?> TrySaveAsync(RowSweepState state, CancellationToken cancellationToken)
    {
        TableEntity row = new(Keys.RowSweeps, state.Table)
        {
            ["Version"] = state.Version,
            ["Account"] = state.Account,
            ["Next"] = state.Next,
            ["Rows"] = state.Rows,
            ["Changed"] = state.Changed,
            ["StartedAt"] = state.StartedAt,
            ["FinishedAt"] = state.FinishedAt,
        };
        var saved = state.Etag == default
            ? await table.TryAddAsync(row, cancellationToken)
            : await table.TryReplaceAsync(row, state.Etag, cancellationToken);
        return saved is { } version ? state with { Etag = version } : null;
    }
}
