using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Platform.Timers;

/// <summary>
/// Table <c>timerwork</c>: in a partition per timer, what fails, and where the next run goes on. It has as many rows as there is work that
/// fails, however many projects there are.
/// </summary>
public sealed class TimerStore(StorageClients storage)
{
    private readonly Table table = storage.Table("timerwork");

    public async Task<List<FailingWork>> ReadAsync(string timer, int take, CancellationToken cancellationToken) =>
        (await table.QueryAsync(
            $"PartitionKey eq {timer} and RowKey ge {Keys.FailingWorkFrom} and RowKey lt {Keys.FailingWorkTo}", take, cancellationToken))
            .ConvertAll(FromRow);

    /// <summary>What fails, of all timers.</summary>
    /// <param name="isAside">Only what is set aside.</param>
    public async Task<List<FailingWork>> ReadAllAsync(bool isAside, int take, CancellationToken cancellationToken) =>
        (isAside
            ? await table.QueryAsync($"Aside eq {true}", take, cancellationToken)
            : await table.QueryAsync(
                $"RowKey ge {Keys.FailingWorkFrom} and RowKey lt {Keys.FailingWorkTo}", take, cancellationToken))
            .ConvertAll(FromRow);

    public Task SaveAsync(FailingWork work, CancellationToken cancellationToken) => table.UpsertAsync(
        new TableEntity(work.Timer, Keys.FailingWork(work.Item))
        {
            ["Item"] = work.Item,
            ["Attempts"] = work.Attempts,
            ["Since"] = work.Since,
            ["RetryAt"] = work.RetryAt,
            ["Aside"] = work.IsAside,
            ["Reason"] = work.Reason,
        },
        cancellationToken);

    public Task RemoveAsync(string timer, string item, CancellationToken cancellationToken) =>
        table.DeleteAsync(timer, Keys.FailingWork(item), cancellationToken);

    /// <summary>What a timer has noted about itself.</summary>
    public async Task<string?> FindNoteAsync(string timer, string note, CancellationToken cancellationToken) =>
        (await table.FindAsync(timer, Keys.TimerNote(note), cancellationToken))?.GetString("Value");

    /// <param name="value">Null to forget it.</param>
    public Task SaveNoteAsync(string timer, string note, string? value, CancellationToken cancellationToken) => value is null
        ? table.DeleteAsync(timer, Keys.TimerNote(note), cancellationToken)
        : table.UpsertAsync(new TableEntity(timer, Keys.TimerNote(note)) { ["Value"] = value }, cancellationToken);

    private static FailingWork FromRow(TableEntity row) => new(
        row.PartitionKey, row.GetString("Item") ?? "", row.GetInt32("Attempts") ?? 0, row.GetDateTimeOffset("Since") ?? default,
        row.GetDateTimeOffset("RetryAt") ?? default, row.GetBoolean("Aside") ?? false, row.GetString("Reason") ?? "");
}
