using Azure;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.ChatLogs;

/// <summary>What an erasure is about, as the rows of a log know it.</summary>
/// <param name="Id">Names the erasure. It is noted in what it leaves behind.</param>
/// <param name="LoginId">The user's name in the log. Empty for a whole conversation.</param>
/// <param name="ConversationId">The conversation. Empty for a user.</param>
/// <param name="IsOwnAsync">
/// Which of these messages of a conversation are to be emptied, and whether a message to the login id was to this very user.
/// </param>
public sealed record LogErasure(
    string ProjectId, string Id, string LoginId, string Pseudonym, string ConversationId,
    Func<ConversationKey, IReadOnlyList<long>, Task<(IReadOnlySet<long> Own, bool IsMember)>> IsOwnAsync);

/// <summary>
/// Erases in the log of a project. Rows keep their position, so that pages stay as long as they are; they show nothing but the time.
/// The log has no index by user: the storage walks through its blocks.
/// </summary>
public sealed class ChatLogErasureStore(StorageClients storage)
{
    private readonly Table table = storage.ProjectTable("chatlog");

    /// <summary>Erases in the blocks after one, in key order.</summary>
    /// <param name="after">The block's partition to go on after; empty: from the newest.</param>
    /// <param name="more">Asked after each block, with its partition: whether to go on.</param>
    /// <returns>How many rows this erasure has emptied in these blocks, now and before.</returns>
    public async Task<long> EraseAsync(
        LogErasure erasure, string after, Func<string, long, bool> more, CancellationToken cancellationToken)
    {
        var (from, to) = Keys.ProjectRange(erasure.ProjectId);
        var start = after.Length > 0 ? after : from;
        var emptied = 0L;
        var block = new List<TableEntity>();
        var (id, name) = (erasure.Id, erasure.LoginId);
        var rows = erasure.ConversationId.Length > 0
            ? table.EnumerateAsync(
                $"PartitionKey gt {start} and PartitionKey lt {to} and Conversation eq {erasure.ConversationId}", 1_000, cancellationToken)
            : table.EnumerateAsync(
                $"PartitionKey gt {start} and PartitionKey lt {to} and (From eq {name} or To eq {name} or Erased eq {id})", 1_000,
                cancellationToken);
        await foreach (var row in rows)
        {
            if (block.Count > 0 && block[0].PartitionKey != row.PartitionKey)
            {
                emptied += await EraseBlockAsync(erasure, block, cancellationToken);
                if (!more(block[0].PartitionKey, emptied))
                {
                    return emptied;
                }

                block.Clear();
            }

            block.Add(row);
        }

        return emptied + await EraseBlockAsync(erasure, block, cancellationToken);
    }

    private async Task<long> EraseBlockAsync(LogErasure erasure, List<TableEntity> block, CancellationToken cancellationToken)
    {
        var emptied = block.Count(row => row.GetString("Erased") == erasure.Id);
        var changes = new List<TableEntity>();
        foreach (var conversation in block.Where(row => row.GetString("Erased") is null)
            .GroupBy(row => row.GetString("Conversation"), StringComparer.Ordinal))
        {
            var sequences = conversation.Select(Sequence).ToList();
            var (own, isMember) = await erasure.IsOwnAsync(new(erasure.ProjectId, conversation.Key), sequences);
            foreach (var row in conversation)
            {
                var to = isMember && row.GetString("To") == erasure.LoginId ? erasure.Pseudonym : row.GetString("To");
                if (own.Contains(Sequence(row)))
                {
                    emptied++;
                    changes.Add(Emptied(row, erasure.LoginId.Length > 0 ? erasure.Pseudonym : row.GetString("From"), to, erasure.Id));
                }
                else if (to != row.GetString("To"))
                {
                    changes.Add(new TableEntity(row.PartitionKey, row.RowKey) { ["To"] = to });
                }
            }
        }

        // Stubs of other erasures, for example of the whole conversation, may still name the user.
        changes.AddRange(block.Where(row => row.GetString("Erased") is { } by && by != erasure.Id && erasure.LoginId.Length > 0).Select(
            row => new TableEntity(row.PartitionKey, row.RowKey)
            {
                ["From"] = row.GetString("From") == erasure.LoginId ? erasure.Pseudonym : row.GetString("From"),
                ["To"] = row.GetString("To") == erasure.LoginId ? erasure.Pseudonym : row.GetString("To"),
            }));
        foreach (var batch in changes.Chunk(100))
        {
            await UpdateAsync(batch, cancellationToken);
        }

        return emptied;
    }

    private async Task UpdateAsync(TableEntity[] rows, CancellationToken cancellationToken)
    {
        try
        {
            await table.SubmitAsync(
                [.. rows.Select(row => new TableTransactionAction(
                    row.ContainsKey("Erased") ? TableTransactionActionType.UpdateReplace : TableTransactionActionType.UpdateMerge, row,
                    ETag.All))],
                cancellationToken);
        }
        catch (TableTransactionFailedException e) when (e.Status == 404)
        {
            // Retention has deleted a row meanwhile. Then the others go one by one.
            foreach (var row in rows.Length > 1 ? rows : [])
            {
                await UpdateAsync([row], cancellationToken);
            }
        }
    }

    private static TableEntity Emptied(TableEntity row, string from, string to, string erasureId) => new(row.PartitionKey, row.RowKey)
    {
        ["Position"] = row.GetInt64("Position"),
        ["LoggedAt"] = row.GetInt64("LoggedAt"),
        ["Conversation"] = row.GetString("Conversation"),
        ["Sequence"] = row.GetInt64("Sequence"),
        ["Id"] = "erased." + Sequence(row),
        ["From"] = from,
        ["To"] = to,
        ["Type"] = ChatLogEntry.Erased,
        ["Data"] = "",
        ["Erased"] = erasureId,
    };

    private static long Sequence(TableEntity row) => row.GetInt64("Sequence") ?? 0;
}
