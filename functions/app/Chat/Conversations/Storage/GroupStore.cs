using Azure;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>A member's row before and after; null for no row.</summary>
public sealed record MemberChange(GroupMember? Before, GroupMember? After)
{
    public string LoginId => (After ?? Before!).LoginId;
}

/// <summary>
/// Members of groups, in the partitions of their conversations. Every change of one goes with a change of the head, in one transaction, as
/// every message does: so changes and messages have one order.
/// </summary>
public sealed class GroupStore(StorageClients storage)
{
    /// <summary>Rows of members that one change may touch: they and the head are one transaction.</summary>
    public const int MaxChanges = 98;

    private readonly Table table = storage.ProjectTable("conversations");

    public async Task<GroupMember?> FindMemberAsync(ConversationKey key, string loginId, CancellationToken cancellationToken) =>
        await table.FindAsync(key.Partition, ChatKeys.GroupMember(loginId), cancellationToken) is { } row ? GroupRows.Member(row) : null;

    /// <summary>The present members, in the order of their joining.</summary>
    public Task<List<GroupMember>> ReadMembersAsync(ConversationKey key, CancellationToken cancellationToken) => ReadAsync(
        $"PartitionKey eq {key.Partition} and RowKey ge {ChatKeys.GroupMembersFrom} and RowKey lt {ChatKeys.GroupMembersTo} and Left eq {false}",
        cancellationToken);

    /// <summary>The owner and the admins, in the order of their joining.</summary>
    public Task<List<GroupMember>> ReadAdminsAsync(ConversationKey key, CancellationToken cancellationToken) => ReadAsync(
        $"PartitionKey eq {key.Partition} and RowKey ge {ChatKeys.GroupMembersFrom} and RowKey lt {ChatKeys.GroupMembersTo} and Left eq {false} and Role gt {0}",
        cancellationToken);

    /// <summary>Everybody who ever was a member, and is a user still.</summary>
    public Task<List<GroupMember>> ReadEverAsync(ConversationKey key, CancellationToken cancellationToken) => ReadAsync(
        $"PartitionKey eq {key.Partition} and RowKey ge {ChatKeys.GroupMembersFrom} and RowKey lt {ChatKeys.GroupMembersTo}", cancellationToken);

    /// <param name="head">The new head; its version is the one that it replaces, null to begin the group.</param>
    /// <returns>False when somebody else, a sender perhaps, was faster.</returns>
    public async Task<bool> TryCommitAsync(
        ConversationKey key, ConversationHead head, IReadOnlyCollection<MemberChange> changes, CancellationToken cancellationToken)
    {
        var row = ConversationRows.Head(key, head);
        var actions = new List<TableTransactionAction>(1 + changes.Count)
        {
            head.Version is { } version
                ? new(TableTransactionActionType.UpdateReplace, row, version)
                : new(TableTransactionActionType.Add, row),
        };
        actions.AddRange(changes.Select(change => GroupRows.Change(key, change.Before, change.After)));
        try
        {
            await table.SubmitAsync(actions, cancellationToken);
            return true;
        }
        catch (TableTransactionFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    /// <returns>The mark with its new version, or null when the member's row has changed meanwhile.</returns>
    public async Task<Mark?> TryMarkAsync(ConversationKey key, string loginId, Mark before, Mark after, CancellationToken cancellationToken) =>
        await table.TryMergeAsync(GroupRows.Mark(key, loginId, after), before.Version!.Value, cancellationToken) is { } version
            ? after with { Version = version }
            : null;

    private async Task<List<GroupMember>> ReadAsync(FormattableString filter, CancellationToken cancellationToken)
    {
        var members = new List<GroupMember>();
        await foreach (var row in table.EnumerateAsync(filter, 1_000, cancellationToken))
        {
            members.Add(GroupRows.Member(row));
        }

        members.Sort(static (a, b) => a.JoinedVersion != b.JoinedVersion
            ? a.JoinedVersion.CompareTo(b.JoinedVersion)
            : string.CompareOrdinal(a.LoginId, b.LoginId));
        return members;
    }
}
