using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>Finds the replies of threads in the partitions of conversations.</summary>
public sealed class ThreadStore(StorageClients storage)
{
    private readonly Table table = storage.ProjectTable("conversations");

    /// <summary>Sequences of replies, newest first: one request.</summary>
    /// <param name="before">Only earlier ones.</param>
    public async Task<List<long>> ReadAsync(
        ConversationKey key, long thread, long before, int take, CancellationToken cancellationToken)
    {
        var rows = await table.QueryAsync(
            $"PartitionKey eq {key.Partition} and RowKey gt {ChatKeys.ThreadReply(thread, before)} and RowKey lt {ChatKeys.ThreadReplies(
                thread)[..^1] + "}"}",
            take, cancellationToken);
        return rows.ConvertAll(row => row.GetInt64("Sequence") ?? 0);
    }
}
