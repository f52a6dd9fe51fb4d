using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.Storage;

namespace Vox.Chat.Usage;

/// <summary>
/// Table <c>usage</c> in the account of what belongs to no project: whose usage has changed, by time. A project that nothing happens in has
/// no row.
/// </summary>
public sealed class FoldMarkStore(StorageClients storage) : IProjectRemovalStep
{
    private readonly Table table = storage.Table("usage");

    /// <summary>The previous version has marked projects there, and only their files.</summary>
    private readonly Table former = storage.Table("uploads");

    public Task AddAsync(string projectId, UsagePart part, DateOnly day, DateTimeOffset until, CancellationToken cancellationToken) =>
        table.UpsertAsync(
            new TableEntity(ChatKeys.UsageMarks, ChatKeys.UsageMark(until, projectId, part.ToString(), day))
            {
                ["Project"] = projectId,
                ["Part"] = (int)part,
                ["Day"] = day.DayNumber,
                ["Until"] = until,
            },
            cancellationToken);

    /// <summary>What has changed before a time, the oldest first.</summary>
    /// <param name="after">Only those after this mark's row; empty: from the first.</param>
    public async Task<List<FoldMark>> FindAsync(string after, DateTimeOffset until, int take, CancellationToken cancellationToken)
    {
        var found = (await table.QueryAsync(
            $"PartitionKey eq {ChatKeys.UsageMarks} and RowKey gt {after} and RowKey lt {ChatKeys.DueText(until)}", take,
            cancellationToken)).ConvertAll(FromRow);
        if (after.Length == 0)
        {
            found.InsertRange(0, (await former.QueryAsync(
                $"PartitionKey eq {ChatKeys.UsageMarks} and RowKey lt {ChatKeys.DueText(until)}", take, cancellationToken))
                .Select(row => new FoldMark(
                    row.RowKey[(row.RowKey.IndexOf('|', StringComparison.Ordinal) + 1)..], UsagePart.Files,
                    DateOnly.FromDayNumber(row.GetInt32("Day") ?? 0), default, row.RowKey, row.ETag, IsFormer: true)));
        }

        return found;
    }

    /// <summary>What has changed of the days up to one, inclusive, whenever it is to be added up.</summary>
    public async Task<List<FoldMark>> OfDaysAsync(DateOnly last, CancellationToken cancellationToken) =>
        (await table.QueryAsync(
            $"PartitionKey eq {ChatKeys.UsageMarks} and Day le {last.DayNumber}", int.MaxValue, cancellationToken)).ConvertAll(FromRow);

    public Task EndAsync(FoldMark mark, CancellationToken cancellationToken) =>
        (mark.IsFormer ? former : table).TryDeleteAsync(ChatKeys.UsageMarks, mark.Row, mark.Version, cancellationToken);

    /// <summary>A project that is removed is not added up any more.</summary>
    public Task RemoveAsync(string projectId, CancellationToken cancellationToken) =>
        table.DeleteAllAsync($"PartitionKey eq {ChatKeys.UsageMarks} and Project eq {projectId}", cancellationToken);

    private static FoldMark FromRow(TableEntity row) => new(
        row.GetString("Project"), (UsagePart)(row.GetInt32("Part") ?? 0), DateOnly.FromDayNumber(row.GetInt32("Day") ?? 0),
        row.GetDateTimeOffset("Until") ?? default, row.RowKey, row.ETag);
}
