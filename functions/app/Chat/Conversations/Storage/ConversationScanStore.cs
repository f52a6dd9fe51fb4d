using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>A row of a project's conversations, and where to go on after it.</summary>
public sealed record Scanned<T>(ConversationKey Key, T Item, string Cursor);

/// <summary>Goes through all conversations of a project, page by page, in key order.</summary>
public sealed class ConversationScanStore(StorageClients storage)
{
    private readonly Table table = storage.ProjectTable("conversations");

    /// <param name="after">The cursor of the last one of the page before; empty: from the beginning.</param>
    public Task<List<Scanned<ConversationHead>>> HeadsAsync(
        string projectId, string after, int take, CancellationToken cancellationToken) =>
        ReadAsync(projectId, after, ChatKeys.HeadRow, ChatKeys.HeadRow + "|", take, ConversationRows.Head, cancellationToken);

    /// <inheritdoc cref="HeadsAsync"/>
    public Task<List<Scanned<Message>>> MessagesAsync(
        string projectId, string after, int take, CancellationToken cancellationToken) =>
        ReadAsync(projectId, after, "m|", ChatKeys.MessagesEnd, take, ConversationRows.Message, cancellationToken);

    /// <inheritdoc cref="HeadsAsync"/>
    public Task<List<Scanned<GroupMember>>> MembersAsync(
        string projectId, string after, int take, CancellationToken cancellationToken) => ReadAsync(
        projectId, after, ChatKeys.GroupMembersFrom, ChatKeys.GroupMembersTo, take, GroupRows.Member, cancellationToken);

    /// <summary>
    /// The first group after another one, in the order of their ids: one request, however many messages lie between. It may be a deleted
    /// one.
    /// </summary>
    /// <param name="after">The id of a group; empty: from the beginning.</param>
    /// <returns>The id, and null instead of a head that is not there. Null when there is no further group.</returns>
    public async Task<(string Id, ConversationHead? Head)?> NextGroupAsync(
        string projectId, string after, CancellationToken cancellationToken)
    {
        var (from, _) = Keys.ProjectRange(projectId);
        var to = from + (char)(ConversationKey.Group + 1);
        var begin = from + (after.Length > 0 ? after : ConversationKey.Group.ToString());
        return await table.QueryAsync($"PartitionKey gt {begin} and PartitionKey lt {to}", 1, cancellationToken) is [var row, ..]
            ? (row.PartitionKey[from.Length..], row.RowKey == ChatKeys.HeadRow ? ConversationRows.Head(row) : null)
            : null;
    }

    /// <summary>Conversations with messages from before a time that were not erased, and the newest of these messages.</summary>
    /// <param name="sentAt">Unix ms.</param>
    /// <param name="after">Only conversations after this one; empty: from the beginning.</param>
    public async Task<List<(ConversationKey Key, long Sequence)>> OlderAsync(
        string projectId, long sentAt, string after, int take, CancellationToken cancellationToken)
    {
        var (from, to) = Keys.ProjectRange(projectId);
        var found = new List<(ConversationKey, long)>();
        var last = "";
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey gt {from + after} and PartitionKey lt {to} and SentAt lt {sentAt} and Type ge {1} and Data ne {""}", 1_000,
            cancellationToken, ["PartitionKey", "RowKey", "Sequence"]))
        {
            // Newest first: time and sequence go together.
            if (row.PartitionKey != last)
            {
                last = row.PartitionKey;
                found.Add((new ConversationKey(projectId, last[from.Length..]), row.GetInt64("Sequence") ?? 0));
                if (found.Count == take)
                {
                    break;
                }
            }
        }

        return found;
    }

    private async Task<List<Scanned<T>>> ReadAsync<T>(
        string projectId, string after, string firstRow, string endRow, int take, Func<TableEntity, T> read,
        CancellationToken cancellationToken)
    {
        var (from, to) = Keys.ProjectRange(projectId);

        // Conversation ids have no blanks.
        var split = after.IndexOf(' ', StringComparison.Ordinal);
        var (partition, row) = split < 0 ? (from, "") : (from + after[..split], after[(split + 1)..]);
        var rows = await table.QueryAsync(
            FormattableStringFactory.Create(
                "PartitionKey ge {0} and PartitionKey lt {1} and RowKey ge {2} and RowKey lt {3} "
                + "and (PartitionKey gt {0} or RowKey gt {4})",
                partition, to, firstRow, endRow, row),
            take, cancellationToken);
        return rows.ConvertAll(found =>
        {
            var key = new ConversationKey(projectId, found.PartitionKey[from.Length..]);
            return new Scanned<T>(key, read(found), $"{key.Id} {found.RowKey}");
        });
    }
}
