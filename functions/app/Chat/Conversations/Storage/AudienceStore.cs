using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>
/// The members of broadcast groups, but for those who are or were admins: table <c>audience</c>, 16 partitions for each group. No message
/// touches it, and no change of it touches the conversation. Each partition counts its members in a row that every change replaces, so
/// two changes of one partition cannot both succeed.
/// </summary>
public sealed class AudienceStore(StorageClients storage, TimeProvider time)
{
    /// <summary>Members that one transaction may change, besides the count.</summary>
    public const int MaxChanges = 98;

    private readonly Table table = storage.ProjectTable("audience");

    public async Task<GroupMember?> FindAsync(ConversationKey key, string loginId, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.Audience(key, loginId), ChatKeys.GroupMember(loginId), cancellationToken) is { } row
            ? Member(row)
            : null;

    /// <summary>How many members there are. One request for each partition, all at once.</summary>
    public async Task<int> CountAsync(ConversationKey key, CancellationToken cancellationToken)
    {
        var rows = await Task.WhenAll(Enumerable.Range(0, ChatKeys.AudienceShards).Select(shard =>
            table.FindAsync(ChatKeys.Audience(key, shard), ChatKeys.AudienceCount, cancellationToken)));
        return rows.Sum(static row => row?.GetInt32("Count") ?? 0);
    }

    /// <summary>
    /// Changes members of one partition: at most <see cref="MaxChanges"/>, all or nothing, and again when somebody was faster.
    /// </summary>
    /// <param name="loginIds">All of one <see cref="ChatKeys.AudienceShard"/>.</param>
    /// <param name="decide">Given the login id and the present row, what is to be done; null: nothing. May be asked several times.</param>
    /// <exception cref="VoxException">busy, and what <paramref name="decide"/> throws</exception>
    public async Task<IReadOnlyList<MemberChange>> ChangeAsync(
        ConversationKey key, IReadOnlyCollection<string> loginIds, Func<string, GroupMember?, MemberChange?> decide, TimeSpan patience)
    {
        var partition = ChatKeys.Audience(key, loginIds.First());
        for (var (attempt, began) = (1, time.GetTimestamp()); ; attempt++)
        {
            // The count comes first: rows that change after it make the transaction fail.
            var count = await table.FindAsync(partition, ChatKeys.AudienceCount, CancellationToken.None);
            var rows = await ManyRequests.EachAsync(loginIds, async id => (Id: id, Row: await FindAsync(key, id, CancellationToken.None)));
            var changes = rows.Select(row => decide(row.Id, row.Row)).OfType<MemberChange>().ToList();
            if (changes.Count == 0 || await TryChangeAsync(partition, count, changes))
            {
                return changes;
            }

            if (time.GetElapsedTime(began) > patience)
            {
                throw new VoxException(Errors.Busy, "Too many are changing this group at once: try again shortly.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(2, 10 + (10 * Math.Min(attempt, 10)))));
        }
    }

    /// <returns>The mark with its new version. Null when the member's row has changed meanwhile.</returns>
    public async Task<Mark?> TryMarkAsync(ConversationKey key, GroupMember member, Mark after, CancellationToken cancellationToken) =>
        await table.TryMergeAsync(
            GroupRows.Mark(ChatKeys.Audience(key, member.LoginId), member.LoginId, after), member.Version!.Value, cancellationToken)
            is { } version
            ? after with { Version = version }
            : null;

    /// <summary>A page of the present members, in the order of the partitions and of their row keys: at most two queries.</summary>
    /// <param name="afterLoginId">The last one on the page before; null for the first page.</param>
    public async Task<List<GroupMember>> ReadPageAsync(
        ConversationKey key, string? afterLoginId, int take, CancellationToken cancellationToken)
    {
        var members = new List<GroupMember>();
        var last = afterLoginId is null ? key.Partition : ChatKeys.Audience(key, afterLoginId);
        if (afterLoginId is not null)
        {
            var rows = await table.QueryAsync(
                $"PartitionKey eq {last} and RowKey gt {ChatKeys.GroupMember(afterLoginId)} and RowKey lt {ChatKeys
                    .GroupMembersTo} and Left eq {false}",
                take, cancellationToken);
            members.AddRange(rows.Select(Member));
        }

        if (members.Count < take)
        {
            var rows = await table.QueryAsync(
                $"PartitionKey gt {last} and PartitionKey lt {ChatKeys.AudienceEnd(key)} and RowKey ge {ChatKeys
                    .GroupMembersFrom} and Left eq {false}",
                take - members.Count, cancellationToken);
            members.AddRange(rows.Select(Member));
        }

        return members;
    }

    /// <summary>How far each present member has received and read: one request for about 1,000 members.</summary>
    public async Task<List<(long Joined, long Delivered, long Read)>> ReadMarksAsync(
        ConversationKey key, CancellationToken cancellationToken)
    {
        var parts = await ManyRequests.EachAsync(
            Enumerable.Range(0, ChatKeys.AudienceShards),
            shard => table.QueryAsync(
                $"PartitionKey eq {ChatKeys.Audience(key, shard)} and RowKey ge {ChatKeys.GroupMembersFrom} and Left eq {false}",
                int.MaxValue, cancellationToken, ["JoinedSequence", "Delivered", "Read"]),
            cancellationToken);
        return [.. parts.SelectMany(rows => rows).Select(row =>
            (row.GetInt64("JoinedSequence") ?? 0, row.GetInt64("Delivered") ?? 0, row.GetInt64("Read") ?? 0))];
    }

    /// <summary>Some of those who have a row, in key order: for the removal of the group.</summary>
    public async Task<List<GroupMember>> ReadSomeAsync(ConversationKey key, int take, CancellationToken cancellationToken)
    {
        var rows = await table.QueryAsync(
            $"PartitionKey gt {key.Partition} and PartitionKey lt {ChatKeys.AudienceEnd(key)} and RowKey ge {ChatKeys.GroupMembersFrom}",
            take, cancellationToken);
        return rows.ConvertAll(Member);
    }

    /// <summary>Removes these rows of a deleted group. The count is not kept: nobody asks for it any more.</summary>
    public async Task RemoveAsync(ConversationKey key, IEnumerable<GroupMember> members, CancellationToken cancellationToken)
    {
        foreach (var portion in members.GroupBy(member => ChatKeys.Audience(key, member.LoginId), StringComparer.Ordinal)
            .SelectMany(part => part.Chunk(MaxChanges).Select(some => (Partition: part.Key, Members: some))))
        {
            try
            {
                await table.SubmitAsync(
                    [.. portion.Members.Select(member => GroupRows.Change(portion.Partition, member, null))], cancellationToken);
            }
            catch (TableTransactionFailedException e) when (e.Status == 404)
            {
                // Somebody else removes them as well: one by one, where a missing row is no error.
                await ManyRequests.EachAsync(
                    portion.Members,
                    member => table.DeleteAsync(portion.Partition, ChatKeys.GroupMember(member.LoginId), cancellationToken),
                    cancellationToken);
            }
        }
    }

    /// <summary>Removes what is left of a deleted group.</summary>
    public Task RemoveAllAsync(ConversationKey key, CancellationToken cancellationToken) =>
        table.DeleteRangeAsync(key.Partition + "|", ChatKeys.AudienceEnd(key), cancellationToken);

    private async Task<bool> TryChangeAsync(string partition, TableEntity? count, List<MemberChange> changes)
    {
        var row = new TableEntity(partition, ChatKeys.AudienceCount)
        {
            ["Count"] = (count?.GetInt32("Count") ?? 0) + changes.Sum(change => Count(change.After) - Count(change.Before)),
        };
        var actions = new List<TableTransactionAction>(1 + changes.Count)
        {
            count is null
                ? new(TableTransactionActionType.Add, row)
                : new(TableTransactionActionType.UpdateReplace, row, count.ETag),
        };
        actions.AddRange(changes.Select(change => GroupRows.Change(partition, change.Before, change.After)));
        try
        {
            await table.SubmitAsync(actions, CancellationToken.None);
            return true;
        }
        catch (TableTransactionFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    private static int Count(GroupMember? member) => member is { Left: false } ? 1 : 0;

    private static GroupMember Member(TableEntity row) => GroupRows.Member(row) with { InAudience = true };
}
