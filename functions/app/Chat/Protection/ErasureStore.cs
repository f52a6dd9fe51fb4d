using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Protection;

/// <summary>
/// Table <c>erasures</c>: the requests of each project, newest first. They stay when their project is deleted, because they are the proof.
/// Partition <c>due</c> says which of them have something left to do, by time.
/// </summary>
public sealed class ErasureStore(StorageClients storage)
{
    private readonly Table table = storage.Table("erasures");

    /// <summary>The note that it is due comes first, so that no request is ever forgotten.</summary>
    public async Task AddAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        await NoteDueAsync(erasure, cancellationToken);
        await table.TryAddAsync(ToRow(erasure), cancellationToken);
    }

    public async Task<Erasure?> FindAsync(string projectId, string id, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.Erasures(projectId), id, cancellationToken) is { } row ? FromRow(row) : null;

    /// <returns>Newest first.</returns>
    /// <param name="after">The id of the last one of the page before; null: the first page.</param>
    public async Task<IReadOnlyList<Erasure>> ListAsync(
        string projectId, string? after, int take, CancellationToken cancellationToken) =>
        (await table.QueryAsync(
            $"PartitionKey eq {ChatKeys.Erasures(projectId)} and RowKey gt {after ?? ""}", take, cancellationToken)).ConvertAll(FromRow);

    /// <summary>Those of a project that are not done.</summary>
    public async Task<IReadOnlyList<Erasure>> OpenAsync(string projectId, int take, CancellationToken cancellationToken) =>
        (await table.QueryAsync(
            $"PartitionKey eq {ChatKeys.Erasures(projectId)} and State ne {nameof(ErasureState.Done)}", take, cancellationToken))
            .ConvertAll(FromRow);

    /// <summary>Stores a step. Whoever comes second with the same version has done it for nothing.</summary>
    /// <returns>Null when another process was faster.</returns>
    public async Task<Erasure?> TrySaveAsync(Erasure before, Erasure after, CancellationToken cancellationToken)
    {
        if (after.State != ErasureState.Done && after.DueAt != before.DueAt)
        {
            await NoteDueAsync(after, cancellationToken);
        }

        if (await table.TryReplaceAsync(ToRow(after), before.Version, cancellationToken) is not { } version)
        {
            return null;
        }

        if (after.State == ErasureState.Done || after.DueAt != before.DueAt)
        {
            await table.DeleteAsync(ChatKeys.ErasuresDue, Due(before), cancellationToken);
        }

        return after with { Version = version };
    }

    /// <summary>Requests that are due, the longest overdue first.</summary>
    public IAsyncEnumerable<(string ProjectId, string Id, string Row)> DueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        table.EnumerateAsync(
            $"PartitionKey eq {ChatKeys.ErasuresDue} and RowKey lt {ChatKeys.DueText(now.AddMilliseconds(1))}", 1_000, cancellationToken)
            .Select(row => (row.GetString("ProjectId"), row.GetString("Id"), row.RowKey));

    /// <summary>Removes a note that belongs to no step, if it is from before a time.</summary>
    public async Task EndOldDueAsync(string row, DateTimeOffset before, CancellationToken cancellationToken)
    {
        if (string.CompareOrdinal(row, ChatKeys.DueText(before)) < 0)
        {
            await table.DeleteAsync(ChatKeys.ErasuresDue, row, cancellationToken);
        }
    }

    public static string Due(Erasure erasure) => ChatKeys.ErasureDue(erasure.DueAt, erasure.ProjectId, erasure.Id);

    private Task NoteDueAsync(Erasure erasure, CancellationToken cancellationToken) => table.UpsertAsync(
        new TableEntity(ChatKeys.ErasuresDue, Due(erasure)) { ["ProjectId"] = erasure.ProjectId, ["Id"] = erasure.Id },
        cancellationToken);

    private static TableEntity ToRow(Erasure erasure) => new(ChatKeys.Erasures(erasure.ProjectId), erasure.Id)
    {
        ["Kind"] = erasure.Kind.ToString(),
        ["Subject"] = erasure.Subject,
        ["Uid"] = erasure.Uid,
        ["Pseudonym"] = erasure.Pseudonym,
        ["LastSequence"] = erasure.LastSequence,
        ["State"] = erasure.State.ToString(),
        ["RequestedAt"] = erasure.RequestedAt,
        ["RequestedBy"] = erasure.RequestedBy,
        ["DueAt"] = erasure.DueAt,
        ["DoneAt"] = erasure.DoneAt,
        ["Cursor"] = erasure.Cursor,
        ["Users"] = erasure.Counts.Users,
        ["Conversations"] = erasure.Counts.Conversations,
        ["Messages"] = erasure.Counts.Messages,
        ["LogRows"] = erasure.Counts.LogRows,
        ["Files"] = erasure.Counts.Files,
        ["References"] = erasure.Counts.References,
    };

    private static Erasure FromRow(TableEntity row) => new(
        row.PartitionKey,
        row.RowKey,
        Enum.Parse<ErasureKind>(row.GetString("Kind")),
        row.GetString("Subject"),
        row.GetString("Uid"),
        row.GetString("Pseudonym"),
        row.GetInt64("LastSequence") ?? 0,
        Enum.Parse<ErasureState>(row.GetString("State")),
        row.GetDateTimeOffset("RequestedAt") ?? default,
        row.GetString("RequestedBy"),
        row.GetDateTimeOffset("DueAt") ?? default,
        row.GetDateTimeOffset("DoneAt"),
        new ErasureCounts(
            row.GetInt64("Users") ?? 0, row.GetInt64("Conversations") ?? 0, row.GetInt64("Messages") ?? 0, row.GetInt64("LogRows") ?? 0,
            row.GetInt64("Files") ?? 0, row.GetInt64("References") ?? 0),
        row.GetString("Cursor"),
        row.ETag);
}
