using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>
/// The second part of a check, see <see cref="ConversationCheckStore"/>: members of broadcast groups. Their rows are in another table than
/// the group's head and were copied at another moment, so their marks, and where they joined, may lie beyond its last message. New messages
/// would then count as read, or be hidden from those who had just joined.
/// </summary>
public sealed class AudienceCheckStore(StorageClients storage)
{
    private readonly Table table = storage.ProjectTable("audience");
    private readonly Table conversations = storage.ProjectTable("conversations");

    /// <summary>
    /// Checks one page of up to 1,000 rows. One query, a read for each group on the page, and a transaction for each 100 rows of a
    /// partition that change. It can be repeated.
    /// </summary>
    /// <param name="project">The only project that is wanted; null for all.</param>
    /// <returns>The position after it; null at the end of the table.</returns>
    public async Task<(CheckPosition? Next, CheckPosition Found)> CheckPageAsync(
        CheckPosition position, string? project, CancellationToken cancellationToken)
    {
        var (from, to) = project is null ? ("", "~") : Keys.ProjectRange(project);
        var (rows, continuation) = await table.ReadPageAsync(
            position.Account, position.Continuation, cancellationToken, $"PartitionKey ge {from} and PartitionKey lt {to}");
        var members = rows.Where(row => row.RowKey.StartsWith(ChatKeys.GroupMembersFrom, StringComparison.Ordinal))
            .GroupBy(row => GroupOf(row.PartitionKey), StringComparer.Ordinal).ToList();
        var limits = await ManyRequests.EachAsync(members, group => LimitAsync(group.Key, group, cancellationToken), cancellationToken);
        await CheckRows.WriteAsync(table, [.. limits.SelectMany(limit => limit)], cancellationToken);

        if (continuation is not null)
        {
            return (position with { Continuation = continuation }, position);
        }

        position = position with { Account = position.Account + 1, Continuation = null };
        return (position.Account < table.Accounts ? position : null, position);
    }

    /// <summary>The partition <c>pid_…|gBroadcast…</c> of the group's head, for one of its members' partitions.</summary>
    private static string GroupOf(string partition) => partition[..partition.LastIndexOf('|')];

    /// <summary>Without a head the group is deleted, and its members' rows are still needed to take it from their lists.</summary>
    private async Task<List<TableTransactionAction>> LimitAsync(
        string group, IEnumerable<TableEntity> members, CancellationToken cancellationToken)
    {
        if (await conversations.FindAsync(group, ChatKeys.HeadRow, cancellationToken) is not { } row)
        {
            return [];
        }

        var last = ConversationRows.Head(row).LastSequence;
        return [.. members.Select(member => CheckRows.Limit(member, last)).OfType<TableTransactionAction>()];
    }
}
