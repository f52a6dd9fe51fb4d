using Azure;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>A member's row before and after a change; null for no row.</summary>
public sealed record MemberChange(GroupMember? Before, GroupMember? After)
{
    public string LoginId => Member.LoginId;

    public GroupMember Member => After ?? Before!;

    /// <summary>The row's former user, when it is another user's now.</summary>
    public GroupMember? Former => Before is not null && After is not null && Before.Uid != After.Uid ? Before : null;
}

/// <summary>
/// Members of groups, in the partitions of their conversations. Every change of a member changes the head in the same transaction, as every
/// message does. So changes and messages have one order.
/// </summary>
public sealed class GroupStore(StorageClients storage, AudienceStore audience)
{
    /// <summary>Rows of members that one change may touch. They and the head are one transaction.</summary>
    public const int MaxChanges = 98;

    private readonly Table table = storage.ProjectTable("conversations");

    /// <summary>Any member. In a broadcast group most are found in the audience.</summary>
    public async Task<GroupMember?> FindMemberAsync(ConversationKey key, string loginId, CancellationToken cancellationToken) =>
        key.IsBroadcast && await audience.FindAsync(key, loginId, cancellationToken) is { } member
            ? member
            : await FindInConversationAsync(key, loginId, cancellationToken);

    /// <summary>Any member, for a change of the group: whoever is or was an admin counts as such first.</summary>
    public async Task<GroupMember?> FindForChangeAsync(ConversationKey key, string loginId) =>
        await FindInConversationAsync(key, loginId, CancellationToken.None)
        ?? (key.IsBroadcast ? await audience.FindAsync(key, loginId, CancellationToken.None) : null);

    /// <summary>A member whose row changes together with the head. In a broadcast group: who is or was an admin.</summary>
    public async Task<GroupMember?> FindInConversationAsync(
        ConversationKey key, string loginId, CancellationToken cancellationToken) =>
        await table.FindAsync(key.Partition, ChatKeys.GroupMember(loginId), cancellationToken) is { } row ? GroupRows.Member(row) : null;

    /// <summary>Why this sender may not write to the group.</summary>
    /// <param name="frozen">Whether the group is.</param>
    public async Task<VoxException> RefusalAsync(ConversationKey key, MessageDraft draft, bool frozen)
    {
        if (!(key.IsBroadcast || frozen) || (await FindMemberAsync(key, draft.From, CancellationToken.None))?.Is(draft.FromUid) != true)
        {
            return GroupErrors.NotAMember();
        }

        return key.IsBroadcast
            ? new VoxException(Errors.NotAllowed, "Only the owner and the admins write to a broadcast group.", "group")
            : new VoxException(Errors.GroupFrozen, "The group is frozen: only its owner and its admins write to it for now.", "group");
    }

    /// <summary>The present members, in the order in which they joined. Not those in a broadcast group's audience.</summary>
    public Task<List<GroupMember>> ReadMembersAsync(ConversationKey key, CancellationToken cancellationToken) => ReadAsync(
        $"PartitionKey eq {key.Partition} and RowKey ge {ChatKeys.GroupMembersFrom} and RowKey lt {ChatKeys
            .GroupMembersTo} and Left eq {false}",
        cancellationToken);

    /// <summary>The owner and the admins, in the order in which they joined.</summary>
    public Task<List<GroupMember>> ReadAdminsAsync(ConversationKey key, CancellationToken cancellationToken) => ReadAsync(
        $"PartitionKey eq {key.Partition} and RowKey ge {ChatKeys.GroupMembersFrom} and RowKey lt {ChatKeys
            .GroupMembersTo} and Left eq {false} and Role gt {0}",
        cancellationToken);

    /// <summary>Everyone who ever was a member and still is a user.</summary>
    public Task<List<GroupMember>> ReadEverAsync(ConversationKey key, CancellationToken cancellationToken) => ReadAsync(
        $"PartitionKey eq {key.Partition} and RowKey ge {ChatKeys.GroupMembersFrom} and RowKey lt {ChatKeys.GroupMembersTo}",
        cancellationToken);

    /// <summary>Those who were banned and still are, in no particular order.</summary>
    /// <param name="now">Unix ms.</param>
    public Task<List<GroupMember>> ReadBannedAsync(ConversationKey key, long now, CancellationToken cancellationToken) => ReadAsync(
        $"PartitionKey eq {key.Partition} and RowKey ge {ChatKeys.GroupMembersFrom} and RowKey lt {ChatKeys
            .GroupMembersTo} and BannedUntil gt {now}",
        cancellationToken);

    /// <param name="head">The new head. Its version is the one that it replaces; null begins the group.</param>
    /// <returns>False when another writer was faster, perhaps a sender.</returns>
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
        actions.AddRange(changes.Select(change => GroupRows.Change(key.Partition, change.Before, change.After)));
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

    /// <returns>The mark with its new version. Null when the member's row has changed meanwhile.</returns>
    public async Task<Mark?> TryMarkAsync(
        ConversationKey key, GroupMember member, Mark after, CancellationToken cancellationToken) => member.InAudience
            ? await audience.TryMarkAsync(key, member, after, cancellationToken)
            : await table.TryMergeAsync(
                GroupRows.Mark(key.Partition, member.LoginId, after), member.Version!.Value, cancellationToken) is { } version
                ? after with { Version = version }
                : null;

    /// <summary>A page of the present members, by their row keys.</summary>
    /// <param name="after">The row key of the last one on the page before; empty for the first page.</param>
    public async Task<List<GroupMember>> ReadPageAsync(ConversationKey key, string after, int take, CancellationToken cancellationToken)
    {
        var from = after.Length > 0 ? after : ChatKeys.GroupMembersFrom;
        var rows = await table.QueryAsync(
            $"PartitionKey eq {key.Partition} and RowKey gt {from} and RowKey lt {ChatKeys.GroupMembersTo} and Left eq {false}", take,
            cancellationToken);
        return rows.ConvertAll(GroupRows.Member);
    }

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
