using Azure;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Usage;

/// <summary>Table <c>usage</c>, a partition of each project: what it has at the end of each day on which something has changed.</summary>
public sealed class DailyUsageStore(StorageClients storage)
{
    private readonly Table table = storage.ProjectTable("usage");

    /// <summary>The days from the first to the last as far as they have rows, and the last one before the first. Newest first.</summary>
    public async Task<List<(DailyUsage Usage, RowVersion Version)>> ReadAsync(
        string projectId, DateOnly from, DateOnly to, CancellationToken cancellationToken) =>
        (await table.QueryAsync(
            $"PartitionKey eq {ChatKeys.UsageDays(projectId)} and RowKey ge {ChatKeys.MeterDay(to)} and RowKey lt {ChatKeys.MeterDaysEnd}",
            to.DayNumber - from.DayNumber + 2, cancellationToken))
            .ConvertAll(row => (
                new DailyUsage(
                    DateOnly.FromDayNumber(row.GetInt32("Day") ?? 0), row.GetInt64("Users") ?? 0, row.GetInt64("MessageBytes") ?? 0,
                    row.GetInt64("FileBytes") ?? 0),
                (RowVersion)row.ETag));

    /// <param name="days">At most 100, each with the version that it replaces; null for a new one.</param>
    /// <returns>False when one of them has changed meanwhile.</returns>
    public async Task<bool> TryWriteAsync(
        string projectId, IEnumerable<(DailyUsage Usage, RowVersion? Version)> days, CancellationToken cancellationToken)
    {
        try
        {
            await table.SubmitAsync([.. days.Select(day => ToAction(projectId, day.Usage, day.Version))], cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    private static TableTransactionAction ToAction(string projectId, DailyUsage usage, RowVersion? before)
    {
        var row = new TableEntity(ChatKeys.UsageDays(projectId), ChatKeys.MeterDay(usage.Day))
        {
            ["Day"] = usage.Day.DayNumber,
            ["Users"] = usage.Users,
            ["MessageBytes"] = usage.MessageBytes,
            ["FileBytes"] = usage.FileBytes,
        };
        return before is { } version
            ? new(TableTransactionActionType.UpdateReplace, row, version)
            : new(TableTransactionActionType.Add, row);
    }
}
