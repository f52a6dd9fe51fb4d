using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.ChatLogs;

/// <summary>
/// The log of each project in table <c>chatlog</c>: rows numbered without gaps, newest first, a new partition every
/// <see cref="ChatKeys.LogBlockSize"/> rows. There is no head row: a writer adds rows at the end as it knows it, in one transaction, and
/// if somebody else was faster, the place of the first row is taken and nothing is written.
/// </summary>
public sealed class ChatLogStore(StorageClients storage)
{
    private static readonly string[] TailColumns = ["Position", "LoggedAt"];
    private static readonly string[] IdentityColumns = ["Position", "LoggedAt", "Conversation", "Sequence"];

    private readonly Table table = storage.ProjectTable("chatlog");

    public static long BlockOf(long position) => position / ChatKeys.LogBlockSize;

    public async Task<ChatLogTail> ReadTailAsync(string projectId, CancellationToken cancellationToken)
    {
        var (from, to) = Keys.ProjectRange(projectId);
        var rows = await table.QueryAsync(
            $"PartitionKey ge {from} and PartitionKey lt {to}", 1, cancellationToken, TailColumns);
        return rows is [var row] ? new(Position(row) + 1, LoggedAt(row)) : new(0, 0);
    }

    /// <summary>Which messages stand at or after a position, and the tail behind them.</summary>
    public async Task<(HashSet<(string ConversationId, long Sequence)> Messages, ChatLogTail Tail)> ReadAfterAsync(
        string projectId, ChatLogTail tail, CancellationToken cancellationToken)
    {
        var messages = new HashSet<(string, long)>();
        var end = tail;
        var from = Keys.ProjectRange(projectId).From;
        var lastBlock = ChatKeys.LogBlock(projectId, BlockOf(tail.Next));
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey ge {from} and PartitionKey le {lastBlock} and RowKey le {ChatKeys.LogRow(tail.Next)}",
            1_000, cancellationToken, IdentityColumns))
        {
            messages.Add((row.GetString("Conversation"), row.GetInt64("Sequence") ?? 0));
            if (Position(row) >= end.Next)
            {
                end = new(Position(row) + 1, LoggedAt(row));
            }
        }

        return (messages, end);
    }

    /// <summary>Which messages were logged at or after a time.</summary>
    public async IAsyncEnumerable<(string ConversationId, long Sequence)> ReadSinceAsync(
        string projectId, long loggedAt, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (from, to) = Keys.ProjectRange(projectId);
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey ge {from} and PartitionKey lt {to}", 1_000, cancellationToken, IdentityColumns))
        {
            if (LoggedAt(row) < loggedAt)
            {
                break;
            }

            yield return (row.GetString("Conversation"), row.GetInt64("Sequence") ?? 0);
        }
    }

    /// <summary>
    /// To be called before the first row of a block is added, when the block before is full. Settles the time at which the block begins: no
    /// row before the block is later, and no row in it is earlier. Whoever comes first decides.
    /// </summary>
    /// <param name="wanted">Not less than the time of the last row.</param>
    /// <returns>The time that was settled.</returns>
    public async Task<long> BeginBlockAsync(string projectId, long block, long wanted, CancellationToken cancellationToken)
    {
        var partition = ChatKeys.LogTimes(projectId);
        try
        {
            await table.SubmitAsync(
                [
                    new(TableTransactionActionType.Add, new TableEntity(partition, ChatKeys.LogBlockTime(block)) { ["LoggedAt"] = wanted }),
                    new(TableTransactionActionType.Add, new TableEntity(partition, ChatKeys.LogTime(wanted, block)) { ["Block"] = block }),
                ],
                cancellationToken);
            return wanted;
        }
        catch (TableTransactionFailedException e) when (e.Status == 409)
        {
            // Somebody else was faster, or this process was, and the answer was lost.
            var row = await table.FindAsync(partition, ChatKeys.LogBlockTime(block), cancellationToken);
            return Math.Max(wanted, row is null ? 0 : LoggedAt(row));
        }
    }

    /// <summary>Adds rows of one block in one transaction.</summary>
    /// <exception cref="TableTransactionFailedException">409: somebody else has written at the end.</exception>
    public async Task AppendAsync(string projectId, IReadOnlyList<ChatLogEntry> entries, CancellationToken cancellationToken)
    {
        var partition = ChatKeys.LogBlock(projectId, BlockOf(entries[0].Position));
        var actions = new List<TableTransactionAction>(entries.Count);
        foreach (var entry in entries)
        {
            actions.Add(new(TableTransactionActionType.Add, ToRow(partition, entry)));
        }

        await table.SubmitAsync(actions, cancellationToken);
    }

    /// <summary>
    /// Deletes what was logged before a time. The newest row of all stays, because the next position is counted from it, but it is emptied:
    /// its type is then <see cref="ChatLogEntry.Removed"/>, and readers leave it out.
    /// </summary>
    public async Task DeleteBeforeAsync(string projectId, long time, CancellationToken cancellationToken)
    {
        var (from, to) = Keys.ProjectRange(projectId);
        if (await FindBlockAfterAsync(projectId, time, cancellationToken) is { } block)
        {
            var newest = ChatKeys.LogBlock(projectId, block - 1);
            await table.DeleteAllAsync($"PartitionKey ge {newest} and PartitionKey lt {to} and LoggedAt lt {time}", cancellationToken);
            await table.DeleteAllAsync(
                $"PartitionKey eq {ChatKeys.LogTimes(projectId)} and RowKey lt {ChatKeys.LogTime(time, 0)} and Block lt {block - 1}",
                cancellationToken);
            return;
        }

        var rows = await table.QueryAsync($"PartitionKey ge {from} and PartitionKey lt {to}", 1, cancellationToken);
        if (rows is not [var last])
        {
            return;
        }

        var position = Position(last);
        await table.DeleteAllAsync(
            $"PartitionKey ge {from} and PartitionKey lt {to} and LoggedAt lt {time} and Position lt {position}", cancellationToken);
        if (LoggedAt(last) < time && last.GetInt32("Type") != ChatLogEntry.Removed)
        {
            var entry = FromRow(last);
            await table.TryReplaceAsync(
                ToRow(last.PartitionKey, entry with { From = "", To = "", Data = "", Group = "", Type = ChatLogEntry.Removed }), last.ETag,
                cancellationToken);
        }
    }

    /// <summary>The first block of which all rows are later than a time, or null when there is none: one request.</summary>
    public async Task<long?> FindBlockAfterAsync(string projectId, long loggedAt, CancellationToken cancellationToken)
    {
        var rows = await table.QueryAsync(
            $"PartitionKey eq {ChatKeys.LogTimes(projectId)} and RowKey ge {ChatKeys.LogTime(
                loggedAt + 1, 0)} and RowKey lt {ChatKeys.LogTimesEnd}",
            1, cancellationToken);
        return rows is [var row] ? row.GetInt64("Block") : null;
    }

    /// <summary>Rows of positions <paramref name="first"/> to <paramref name="last"/>, newest first: one request for up to 1,000.</summary>
    public async Task<List<ChatLogEntry>> ReadRangeAsync(
        string projectId, long first, long last, ChatLogFilter filter, CancellationToken cancellationToken)
    {
        if (last < first)
        {
            return [];
        }

        var rows = await table.QueryAsync(
            $"PartitionKey ge {ChatKeys.LogBlock(projectId, BlockOf(last))} and PartitionKey le {ChatKeys.LogBlock(
                projectId, BlockOf(first))} and RowKey ge {ChatKeys.LogRow(last)} and RowKey le {ChatKeys.LogRow(
                first)} and LoggedAt ge {filter.Start ?? 0}",
            (int)(last - first + 1), cancellationToken);
        return rows.ConvertAll(FromRow);
    }

    /// <summary>Rows from a block back to the oldest, newest first, as far as the filter lets them through.</summary>
    public async IAsyncEnumerable<ChatLogEntry> ScanAsync(
        string projectId, long? newestBlock, long? oldestBlock, ChatLogFilter filter, int pageSize,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (from, to) = Keys.ProjectRange(projectId);
        var newest = newestBlock is { } n ? ChatKeys.LogBlock(projectId, n) : from;
        var oldest = oldestBlock is { } o ? ChatKeys.LogBlock(projectId, o) : to;
        var format = new StringBuilder("PartitionKey ge {0} and PartitionKey le {1} and LoggedAt ge {2} and LoggedAt le {3}");
        var values = new List<object> { newest, oldest, filter.Start ?? 0, filter.End ?? long.MaxValue };
        foreach (var (column, value) in new[] { ("From", filter.From), ("To", filter.To), ("Group", filter.Group) })
        {
            if (value is not null)
            {
                format.Append(CultureInfo.InvariantCulture, $" and {column} eq {{{values.Count}}}");
                values.Add(value);
            }
        }

        var rows = table.EnumerateAsync(FormattableStringFactory.Create(format.ToString(), [.. values]), pageSize, cancellationToken);
        await foreach (var row in rows)
        {
            yield return FromRow(row);
        }
    }

    public async Task DeleteAllAsync(string projectId, CancellationToken cancellationToken)
    {
        var (from, to) = Keys.ProjectRange(projectId);
        await table.DeleteRangeAsync(from, to, cancellationToken);
        await table.DeleteRangeAsync(ChatKeys.LogTimes(projectId), ChatKeys.LogTimes(projectId) + "~", cancellationToken);
    }

    private static TableEntity ToRow(string partition, ChatLogEntry entry) => ToRow(partition, ChatKeys.LogRow(entry.Position), entry);

    internal static TableEntity ToRow(string partition, string key, ChatLogEntry entry)
    {
        var row = new TableEntity(partition, key)
        {
            ["Position"] = entry.Position,
            ["LoggedAt"] = entry.LoggedAt,
            ["Conversation"] = entry.ConversationId,
            ["Sequence"] = entry.Sequence,
            ["Id"] = entry.Id,
            ["From"] = entry.From,
            ["To"] = entry.To,
            ["Type"] = entry.Type,
            ["Data"] = entry.Data,
        };
        if (entry.Group.Length > 0)
        {
            row["Group"] = entry.Group;
        }

        if (entry.EditedAt > 0)
        {
            row["EditedAt"] = entry.EditedAt;
        }

        return row;
    }

    internal static ChatLogEntry FromRow(TableEntity row) => new(
        Position(row),
        LoggedAt(row),
        row.GetString("Conversation"),
        row.GetInt64("Sequence") ?? 0,
        row.GetString("Id"),
        row.GetString("From"),
        row.GetString("To"),
        row.GetInt32("Type") ?? 0,
        row.GetString("Data"),
        row.GetString("Group") ?? "")
    {
        EditedAt = row.GetInt64("EditedAt") ?? 0,
    };

    private static long Position(TableEntity row) => row.GetInt64("Position") ?? 0;

    private static long LoggedAt(TableEntity row) => row.GetInt64("LoggedAt") ?? 0;
}
