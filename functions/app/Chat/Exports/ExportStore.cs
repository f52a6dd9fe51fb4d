using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Exports;

/// <summary>
/// Table <c>exports</c>: the exports of each project, newest first. Partition <c>due</c> says which of them have something left to do.
/// </summary>
public sealed class ExportStore(StorageClients storage)
{
    private const string Failed = nameof(ExportState.Failed);
    private const string Expired = nameof(ExportState.Expired);

    private readonly Table table = storage.Table("exports");

    /// <summary>The note that it is due comes first, so that no request is ever forgotten.</summary>
    public async Task AddAsync(Export export, CancellationToken cancellationToken)
    {
        await NoteDueAsync(export, cancellationToken);
        await table.TryAddAsync(ToRow(export), cancellationToken);
    }

    public async Task<Export?> FindAsync(string projectId, string id, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.Exports(projectId), id, cancellationToken) is { } row ? FromRow(row) : null;

    /// <returns>Newest first.</returns>
    public async Task<IReadOnlyList<Export>> ListAsync(string projectId, int take, CancellationToken cancellationToken) =>
        (await table.QueryAsync($"PartitionKey eq {ChatKeys.Exports(projectId)}", take, cancellationToken)).ConvertAll(FromRow);

    /// <summary>Those that have an archive, or make one: all of them, however many there are.</summary>
    public async Task<IReadOnlyList<Export>> OpenAsync(string projectId, CancellationToken cancellationToken) =>
        (await table.QueryAsync(
            $"PartitionKey eq {ChatKeys.Exports(projectId)} and State ne {Failed} and State ne {Expired}",
            int.MaxValue, cancellationToken)).ConvertAll(FromRow);

    /// <summary>Stores a step on condition that nobody else was faster.</summary>
    /// <returns>Null when another process was.</returns>
    public async Task<Export?> TrySaveAsync(Export before, Export after, CancellationToken cancellationToken)
    {
        var moved = after.DueAt != before.DueAt;
        if (moved)
        {
            await NoteDueAsync(after, cancellationToken);
        }

        if (await table.TryReplaceAsync(ToRow(after), before.Version, cancellationToken) is not { } version)
        {
            return null;
        }

        if (moved)
        {
            await table.DeleteAsync(ChatKeys.ExportsDue, Due(before), cancellationToken);
        }

        return after with { Version = version };
    }

    public async Task RemoveAsync(Export export, CancellationToken cancellationToken)
    {
        await table.DeleteAsync(ChatKeys.Exports(export.ProjectId), export.Id, cancellationToken);
        await table.DeleteAsync(ChatKeys.ExportsDue, Due(export), cancellationToken);
    }

    /// <summary>Exports that are due, the longest overdue first.</summary>
    public IAsyncEnumerable<(string ProjectId, string Id, string Row)> DueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        table.EnumerateAsync(
            $"PartitionKey eq {ChatKeys.ExportsDue} and RowKey lt {ChatKeys.DueText(now.AddMilliseconds(1))}", 1_000, cancellationToken)
            .Select(row => (row.GetString("ProjectId"), row.GetString("Id"), row.RowKey));

    /// <summary>Removes a note that belongs to no step, if it is from before a time.</summary>
    public async Task EndOldDueAsync(string row, DateTimeOffset before, CancellationToken cancellationToken)
    {
        if (string.CompareOrdinal(row, ChatKeys.DueText(before)) < 0)
        {
            await table.DeleteAsync(ChatKeys.ExportsDue, row, cancellationToken);
        }
    }

    public static string Due(Export export) => ChatKeys.ErasureDue(export.DueAt, export.ProjectId, export.Id);

    private Task NoteDueAsync(Export export, CancellationToken cancellationToken) => table.UpsertAsync(
        new TableEntity(ChatKeys.ExportsDue, Due(export)) { ["ProjectId"] = export.ProjectId, ["Id"] = export.Id }, cancellationToken);

    private static TableEntity ToRow(Export export) => new(ChatKeys.Exports(export.ProjectId), export.Id)
    {
        ["Kind"] = export.Kind.ToString(),
        ["Subject"] = export.Subject,
        ["Uid"] = export.Uid,
        ["State"] = export.State.ToString(),
        ["RequestedAt"] = export.RequestedAt,
        ["RequestedBy"] = export.RequestedBy,
        ["DueAt"] = export.DueAt,
        ["ExpiresAt"] = export.ExpiresAt,
        ["Section"] = export.Section,
        ["Cursor"] = export.Cursor,
        ["Blocks"] = export.Blocks,
        ["Bytes"] = export.Bytes,
        ["Entries"] = export.Entries,
        ["Missing"] = export.Missing,
    };

    private static Export FromRow(TableEntity row) => new(
        row.PartitionKey,
        row.RowKey,
        Enum.Parse<ExportKind>(row.GetString("Kind")),
        row.GetString("Subject"),
        row.GetString("Uid"),
        Enum.Parse<ExportState>(row.GetString("State")),
        row.GetDateTimeOffset("RequestedAt") ?? default,
        row.GetString("RequestedBy"),
        row.GetDateTimeOffset("DueAt") ?? default,
        row.GetDateTimeOffset("ExpiresAt"),
        row.GetInt32("Section") ?? 0,
        row.GetString("Cursor"),
        row.GetString("Blocks"),
        row.GetInt64("Bytes") ?? 0,
        row.GetInt64("Entries") ?? 0,
        row.GetInt64("Missing") ?? 0,
        row.ETag);
}
