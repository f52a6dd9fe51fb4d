using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.ChatLogs;

/// <summary>
/// Brings rows of a project's log in line with messages that were edited or deleted. The log has no index by message: the time at which it
/// was sent tells in which block its row is, or in which of the next ones.
/// </summary>
public sealed class ChatLogChangeStore(StorageClients storage, ChatLogStore log)
{
    /// <summary>
    /// Blocks that are looked through. A message is logged seconds after it was sent, or minutes when a process has ended.
    /// </summary>
    private const int MaxBlocks = 50;

    private readonly Table table = storage.ProjectTable("chatlog");

    /// <summary>Can be repeated, in any order: a row never goes back to an earlier state of its message.</summary>
    /// <returns>False when the message has no row there: not yet, or it is not logged at all.</returns>
    public async Task<bool> ApplyAsync(ConversationKey key, Message message, CancellationToken cancellationToken)
    {
        while (await FindAsync(key, message, cancellationToken) is { } row)
        {
            if (row.GetInt32("Type") is ChatLogEntry.Removed or ChatLogEntry.Erased || row.GetInt64("Change") >= message.State.Change)
            {
                return true;
            }

            var entry = ChatLogEntry.Of(key.Id, message);
            var change = new TableEntity(row.PartitionKey, row.RowKey)
            {
                ["Data"] = entry.Data,
                ["Type"] = entry.Type,
                ["Change"] = message.State.Change,
                ["EditedAt"] = entry.EditedAt,
            };
            if (await table.TryMergeAsync(change, row.ETag, cancellationToken) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private async Task<TableEntity?> FindAsync(ConversationKey key, Message message, CancellationToken cancellationToken)
    {
        var newest = ChatLogStore.BlockOf((await log.ReadTailAsync(key.ProjectId, cancellationToken)).Next);
        var after = await log.FindBlockAfterAsync(key.ProjectId, message.SentAt - 1, cancellationToken) ?? newest + 1;
        var (first, sequence) = (Math.Max(0, after - 1), message.Sequence);
        for (var block = first; block <= Math.Min(newest, first + MaxBlocks); block++)
        {
            var rows = await table.QueryAsync(
                $"PartitionKey eq {ChatKeys.LogBlock(key.ProjectId, block)} and Conversation eq {key.Id} and Sequence eq {sequence}",
                1, cancellationToken);
            if (rows is [var row])
            {
                return row;
            }
        }

        return null;
    }
}
