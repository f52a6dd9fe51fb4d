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
/// <param name="Audience">The conversations are done: the members of broadcast groups follow, from the first account again.</param>
public sealed record CheckPosition(
    int Account = 0, string? Continuation = null, string Partition = "", long Last = -1, long Next = 0, long Conversations = 0,
    long Messages = 0, long Removed = 0, long Missing = 0, long LastChange = 0, bool Audience = false)
{
    /// <summary>At the beginning of another conversation. What the one before still lacks is missing.</summary>
    public CheckPosition After(string partition) =>
        this with { Partition = partition, Last = -1, Next = 0, LastChange = 0, Missing = Missing + Math.Max(0, Next) };
}

/// <summary>
/// Goes through all conversations after a restore, or after a failover that lost the last minutes, while nobody uses them. A copy may have
/// been made in the middle of a transaction, so whatever lies beyond a conversation's head is removed, and marks end at its last message.
/// The conversation gets its new epoch. The members of broadcast groups, which are in a table of their own, come after all conversations.
/// </summary>
public sealed class ConversationCheckStore(StorageClients storage, ProjectStore projects, ChatLogRebuild logs, AudienceCheckStore audience)
{
    private readonly Table table = storage.ProjectTable("conversations");

    /// <summary>Checks one page of up to 1,000 rows. It can be repeated.</summary>
    /// <param name="project">The only project that is wanted; null for all.</param>
    /// <param name="epoch">Null to leave conversations in their epoch.</param>
    /// <param name="seen">Projects that were read already.</param>
    /// <returns>The position after it; null at the end of everything, and what was found by then.</returns>
    public async Task<(CheckPosition? Next, CheckPosition Found)> CheckPageAsync(
        CheckPosition position, string? project, long? epoch, Dictionary<string, Project?> seen, CancellationToken cancellationToken)
    {
        if (position.Audience)
        {
            return await audience.CheckPageAsync(position, project, cancellationToken);
        }

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

        await CheckRows.WriteAsync(table, actions, cancellationToken);
        foreach (var group in collected.GroupBy(item => item.Project, StringComparer.Ordinal))
        {
            await logs.CollectAsync(group.Key, group.Select(item => (item.Conversation, item.Message)), cancellationToken);
        }

        if (continuation is not null)
        {
            return (position with { Continuation = continuation }, position);
        }

        position = position.After("") with { Account = position.Account + 1, Continuation = null };
        position = position.Account < table.Accounts ? position : position with { Account = 0, Audience = true };
        return (position, position);
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
                actions.Add(CheckRows.Merge(row, ("Epochs", ConversationEpoch.Write(epochs))));
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
                actions.Add(CheckRows.Merge(row, ("Change", position.LastChange)));
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

        if (CheckRows.Limit(row, position.Last) is { } limit)
        {
            actions.Add(limit);
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
}
