using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.ChatLogs;

/// <summary>
/// Messages on their way into a log that is made anew, in table <c>changes</c>. Conversations are read one after the other, but a log is in
/// the order of time: the keys here sort them, so no list of all is held in memory.
/// </summary>
public sealed class ChatLogSortStore(StorageClients storage)
{
    private const int MaxBatch = 100;
    private const int MaxBatchBytes = 3_000_000;
    private const long Day = 24 * 60 * 60 * 1_000;

    private readonly Table table = storage.Table("changes");

    /// <summary>Adds messages of one project. Those that are there already stay as they are.</summary>
    public async Task AddAsync(string projectId, IEnumerable<ChatLogEntry> entries, CancellationToken cancellationToken)
    {
        foreach (var day in entries.GroupBy(entry => entry.LoggedAt / Day))
        {
            var (batch, bytes) = (new List<TableTransactionAction>(), 0);
            foreach (var entry in day)
            {
                var size = 2_000 + JsonSize.Of(entry.Data) + JsonSize.Of(entry.From) + JsonSize.Of(entry.To);
                if (batch.Count == MaxBatch || (batch.Count > 0 && bytes + size > MaxBatchBytes))
                {
                    await table.SubmitAsync(batch, cancellationToken);
                    (batch, bytes) = ([], 0);
                }

                batch.Add(new(
                    TableTransactionActionType.UpsertReplace,
                    ChatLogStore.ToRow(
                        Keys.LogSort(projectId, day.Key), Keys.LogSortRow(entry.LoggedAt, entry.ConversationId, entry.Sequence), entry)));
                bytes += size;
            }

            await table.SubmitAsync(batch, cancellationToken);
        }
    }

    /// <summary>The next messages in the order of time.</summary>
    /// <param name="after">The last one that is not wanted; null for the beginning.</param>
    public async Task<List<ChatLogEntry>> ReadAsync(
        string projectId, ChatLogEntry? after, int take, CancellationToken cancellationToken)
    {
        var end = Keys.LogSortEnd(projectId);
        if (after is null)
        {
            return (await table.QueryAsync(
                $"PartitionKey ge {Keys.LogSort(projectId, 0)} and PartitionKey lt {end}", take, cancellationToken))
                .ConvertAll(ChatLogStore.FromRow);
        }

        var day = Keys.LogSort(projectId, after.LoggedAt / Day);
        var rows = await table.QueryAsync(
            $"PartitionKey eq {day} and RowKey gt {Keys.LogSortRow(after.LoggedAt, after.ConversationId, after.Sequence)}", take,
            cancellationToken);
        if (rows.Count < take)
        {
            rows.AddRange(await table.QueryAsync(
                $"PartitionKey gt {day} and PartitionKey lt {end}", take - rows.Count, cancellationToken));
        }

        return rows.ConvertAll(ChatLogStore.FromRow);
    }

    public Task RemoveAsync(string projectId, CancellationToken cancellationToken) =>
        table.DeleteRangeAsync(Keys.LogSort(projectId, 0), Keys.LogSortEnd(projectId), cancellationToken);
}
