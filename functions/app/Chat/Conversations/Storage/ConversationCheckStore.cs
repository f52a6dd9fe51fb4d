using Azure;
using Azure.Data.Tables;
using Vox.Chat.ChatLogs;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>Where a check of conversations is, and what it has found so far.</summary>
/// <param name="Continuation">Where the storage goes on; null for the beginning.</param>
/// <param name="Partition">The conversation that the last page ended in.</param>
/// <param name="Last">Its last sequence; -1 when it has no head.</param>
/// <param name="Next">The sequence that its next message should have, from the newest down.</param>
/// <param name="Removed">Rows that belonged to no message or to no conversation.</param>
/// <param name="Missing">Sequences without a message.</param>
/// <param name="LastChange">The conversation's last change of a message.</param>
public sealed record CheckPosition(
    int Account = 0, string? Continuation = null, string Partition = "", long Last = -1, long Next = 0, long Conversations = 0,
    long Messages = 0, long Removed = 0, long Missing = 0, long LastChange = 0)
{
    /// <summary>At the beginning of another conversation. What the one before still lacks is missing.</summary>
    public CheckPosition After(string partition) =>
        this with { Partition = partition, Last = -1, Next = 0, LastChange = 0, Missing = Missing + Math.Max(0, Next) };
}

/// <summary>
/// Goes through all conversations after a restore, or after a failover that lost the last minutes, while nobody uses them. A copy may have
/// been made in the middle of a transaction, so whatever lies beyond a conversation's head is removed, and marks end at its last message.
/// The conversation gets its new epoch.
/// </summary>
public sealed class ConversationCheckStore(StorageClients storage, ProjectStore projects, ChatLogRebuild logs)
{
    private const int MaxBatch = 100;
    private const int Parallel = 16;

    /// <summary>Columns with sequences, in the rows of marks and of group members.</summary>
    private static readonly string[] Marks =
        ["Delivered", "Read", "LastOwn", "LastUnseen", "JoinedSequence", "LeftSequence", .. PersonalStateRows.Sequences];

    private readonly Table table = storage.ProjectTable("conversations");

    /// <summary>Checks one page of up to 1,000 rows. It can be repeated.</summary>
    /// <param name="project">The only project that is wanted; null for all.</param>
    /// <param name="epoch">Null to leave conversations in their epoch.</param>
    /// <param name="seen">Projects that were read already.</param>
    /// <returns>The position after it; null at the end of everything, and what was found by then.</returns>
    public async Task<(CheckPosition? Next, CheckPosition Found)> CheckPageAsync(
        CheckPosition position, string? project, long? epoch, Dictionary<string, Project?> seen, CancellationToken cancellationToken)
    {
        var (from, to) = project is null ? ("", "~") : Keys.ProjectRange(project);
        var (rows, continuation) = await table.ReadPageAsync(
            position.Account, position.Continuation, cancellationToken, $"PartitionKey ge {from} and PartitionKey lt {to}");
        var (actions, collected) = (new List<TableTransactionAction>(), new List<(string Project, string Conversation, Message Message)>());
        foreach (var row in rows)
        {
            if (row.PartitionKey != position.Partition)
            {
                position = position.After(row.PartitionKey);
            }

            position = await CheckAsync(position, row, epoch, actions, collected, seen, cancellationToken);
        }

        await WriteAsync(actions, cancellationToken);
        foreach (var group in collected.GroupBy(item => item.Project, StringComparer.Ordinal))
        {
            await logs.CollectAsync(group.Key, group.Select(item => (item.Conversation, item.Message)), cancellationToken);
        }

        if (continuation is not null)
        {
            return (position with { Continuation = continuation }, position);
        }

        position = position.After("") with { Account = position.Account + 1, Continuation = null };
        return (position.Account < table.Accounts ? position : null, position);
    }

    private async Task<CheckPosition> CheckAsync(
        CheckPosition position, TableEntity row, long? epoch, List<TableTransactionAction> actions,
        List<(string Project, string Conversation, Message Message)> collected, Dictionary<string, Project?> seen,
        CancellationToken cancellationToken)
    {
        if (row.RowKey == ChatKeys.HeadRow)
        {
            var head = ConversationRows.Head(row);
            if (epoch is { } next && ConversationEpoch.Next(head.Epochs, next, head.LastSequence) is var epochs && epochs != head.Epochs)
            {
                actions.Add(Merge(row, ("Epochs", ConversationEpoch.Write(epochs))));
            }

            return position with
            {
                Last = head.LastSequence,
                Next = head.LastSequence,
                LastChange = head.LastChange,
                Conversations = position.Conversations + 1,
            };
        }

        var isMessage = row.RowKey.StartsWith("m|", StringComparison.Ordinal);
        if (position.Last < 0
            || (IsOfChange(row) && row.GetInt64("Change") > position.LastChange)
            || ((isMessage || row.RowKey is ['x' or 't', '|', ..]) && row.GetInt64("Sequence") > position.Last))
        {
            actions.Add(new(TableTransactionActionType.Delete, row, ETag.All));
            return position with { Removed = position.Removed + 1 };
        }

        if (isMessage)
        {
            var message = ConversationRows.Message(row);
            if (message.State.Change > position.LastChange)
            {
                // Copied after the head was. The next change would otherwise look older than this state.
                actions.Add(Merge(row, ("Change", position.LastChange)));
            }

            var key = KeyOf(row.PartitionKey);
            if (await FindProjectAsync(key.ProjectId, seen, cancellationToken) is { } project && logs.Logs(project, message))
            {
                collected.Add((key.ProjectId, key.Id, message));
            }

            return position with
            {
                Next = message.Sequence - 1,
                Messages = position.Messages + 1,
                Missing = position.Missing + Math.Max(0, position.Next - message.Sequence),
            };
        }

        var beyond = Marks.Where(name => row.GetInt64(name) > position.Last).Select(name => (name, (object)position.Last)).ToList();
        var mentioned = ConversationRows.Sequences(row.GetString("Mentioned"));
        if (mentioned.Any(sequence => sequence > position.Last))
        {
            beyond.Add(("Mentioned", string.Join(' ', mentioned.Where(sequence => sequence <= position.Last))));
        }

        var hidden = SequenceSet.Parse(row.GetString(PersonalStateRows.Hidden));
        if (hidden.Only(0, position.Last) is var left && left != hidden)
        {
            beyond.Add((PersonalStateRows.Hidden, left.ToString()));
        }

        if (beyond.Count > 0)
        {
            actions.Add(Merge(row, [.. beyond]));
        }

        return position;
    }

    /// <summary>A change, its result, or a reaction.</summary>
    private static bool IsOfChange(TableEntity row) => row.RowKey is ['n' or 'r' or 's' or 'y', '|', ..];

    private async Task<Project?> FindProjectAsync(string id, Dictionary<string, Project?> seen, CancellationToken cancellationToken)
    {
        if (!seen.TryGetValue(id, out var project))
        {
            seen[id] = project = await projects.FindAsync(id, cancellationToken);
        }

        return project;
    }

    private static ConversationKey KeyOf(string partition)
    {
        var project = Keys.ProjectIdOf(partition);
        return new ConversationKey(project, partition[(project.Length + 1)..]);
    }

    private static TableTransactionAction Merge(TableEntity row, params (string Name, object Value)[] columns)
    {
        var change = new TableEntity(row.PartitionKey, row.RowKey);
        foreach (var (name, value) in columns)
        {
            change[name] = value;
        }

        return new(TableTransactionActionType.UpdateMerge, change, ETag.All);
    }

    private Task WriteAsync(List<TableTransactionAction> actions, CancellationToken cancellationToken) =>
        System.Threading.Tasks.Parallel.ForEachAsync(
            actions.GroupBy(action => action.Entity.PartitionKey, StringComparer.Ordinal).SelectMany(group => group.Chunk(MaxBatch)),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (batch, stop) => await table.SubmitAsync([.. batch], stop));
}
