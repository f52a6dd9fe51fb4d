using Microsoft.Extensions.Options;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Users;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Groups;

/// <summary>
/// Members of broadcast groups who only read: they join and leave by up to 1,000 in a call. Their changes touch neither the conversation
/// nor one another, but for the count of their partition. Every call can be repeated: it finishes what an earlier one has left undone.
/// </summary>
public sealed class AudienceService(
    GroupReader reader, GroupStore groups, AudienceStore audience, AudienceAdmission admission, AudienceLive told, AudienceLeaving leaving,
    ConversationStore conversations, RecentStore recents, UserStore users, IOptions<ConversationOptions> options, TimeProvider time)
{
    // For lists of groups: to count means 16 requests for each of them.
    private readonly ExpiringCache<ConversationKey, int> counts = new(2_000, TimeSpan.FromMinutes(1), time);

    private TimeSpan Patience => options.Value.CommitPatience;

    /// <summary>How many members there are in all; in lists it may be a minute old.</summary>
    /// <param name="head">Knows how many are or were admins.</param>
    public async Task<int> CountAsync(ConversationKey key, ConversationHead head, bool exact, CancellationToken cancellationToken)
    {
        if (exact || !counts.TryGet(key, out var count))
        {
            count = await audience.CountAsync(key, cancellationToken);
            counts.Set(key, count);
        }

        return head.Group!.MemberCount + count;
    }

    /// <summary>Makes users members. Whoever is a member already stays as they are.</summary>
    /// <param name="all">If one of them is refused, nobody is added. Otherwise the others are.</param>
    /// <exception cref="VoxException">
    /// group_not_found, not_a_member, not_allowed, missing_field, too_long, limit_reached, busy; with <paramref name="all"/> also
    /// user_not_found, blocked
    /// </exception>
    public async Task<MembersChanged> AddAsync(
        GroupActor actor, ConversationKey key, IReadOnlyList<string>? ids, bool all, CancellationToken cancellationToken)
    {
        var head = await CheckActorAsync(actor, key, GroupAction.AddMembers, cancellationToken);
        var wanted = admission.CheckIds(ids);
        var speakers = (await groups.ReadMembersAsync(key, cancellationToken)).Select(member => member.LoginId)
            .ToHashSet(StringComparer.Ordinal);
        wanted.RemoveAll(speakers.Contains);
        await admission.CheckRoomAsync(key, wanted.Count, cancellationToken);
        var candidates = wanted.Count == 0 ? [] : await admission.FindAsync(actor, wanted, cancellationToken);
        var refused = candidates.Where(candidate => candidate.Refusal is not null).ToList();
        if (all && refused is [{ Refusal: { } refusal }, ..])
        {
            throw refusal;
        }

        var found = candidates.Select(candidate => candidate.User).OfType<User>()
            .ToDictionary(user => user.LoginId, StringComparer.Ordinal);

        // No cancellation from here on. The lists come first: the deletion of a user finds their groups there.
        await ManyRequests.EachAsync(
            found.Values, user => recents.SetGroupAsync(user.Identity, key.Id, left: false, CancellationToken.None));
        var blocked = new HashSet<string>(StringComparer.Ordinal);
        var added = await ChangeAsync(key, found.Keys, (id, row) => PlanToAdd(head, found[id], row, blocked));

        // Again, because somebody who was removing them may have looked at the table before this.
        await ManyRequests.EachAsync(
            added, change => recents.SetGroupAsync(change.Member.In(key), key.Id, left: false, CancellationToken.None));
        await UndoAsync(key, found, blocked);
        var members = found.Values.Where(user => !blocked.Contains(user.LoginId)).ToList();
        var gone = await RemoveGoneAsync(key, members);
        counts.Remove(key);
        await told.JoinedAsync(
            actor, key, head, [.. members.Where(user => !gone.Contains(user.LoginId)).Select(user => user.Identity)]);
        return new MembersChanged(
            added.Count(change => !gone.Contains(change.LoginId)),
            [
                .. refused.Select(candidate => new MemberRefused(candidate.LoginId, candidate.Refusal!.Error.Code)),
                .. blocked.Select(id => new MemberRefused(id, Errors.Blocked.Code)),
                .. gone.Select(id => new MemberRefused(id, Errors.UserNotFound.Code)),
            ]);
    }

    /// <summary>Refuses what <see cref="AddAsync"/> would refuse, before there is a group.</summary>
    /// <exception cref="VoxException">missing_field, too_long, user_not_found, blocked, limit_reached</exception>
    public async Task CheckAsync(GroupActor actor, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var wanted = admission.CheckIds(ids).FindAll(id => id != actor.LoginId);
        if (wanted.Count > 0
            && (await admission.FindAsync(actor, wanted, cancellationToken)).FirstOrDefault(one => one.Refusal is not null) is { } refused)
        {
            throw refused.Refusal!;
        }
    }

    /// <summary>Removes members. It is no error if a user is not a member.</summary>
    /// <exception cref="VoxException">
    /// group_not_found, not_a_member, not_allowed, missing_field, too_long, realtime_unavailable, busy
    /// </exception>
    public async Task<MembersChanged> RemoveAsync(
        GroupActor actor, ConversationKey key, IReadOnlyList<string>? ids, CancellationToken cancellationToken)
    {
        var head = await CheckActorAsync(actor, key, GroupAction.RemoveMember, cancellationToken);
        var wanted = admission.CheckIds(ids);
        var speakers = (await groups.ReadMembersAsync(key, cancellationToken)).Select(member => member.LoginId)
            .ToHashSet(StringComparer.Ordinal);
        var removed = await leaving.LeaveAsync(key, wanted.FindAll(id => !speakers.Contains(id)), uid: null, expels: true);
        counts.Remove(key);
        await told.LeftAsync(actor, key, GroupEvents.Removed, head, removed);
        return new MembersChanged(
            removed.Count, [.. wanted.Where(speakers.Contains).Select(id => new MemberRefused(id, Errors.NotAllowed.Code))]);
    }

    /// <summary>The caller leaves.</summary>
    /// <param name="erase">Nothing remains of the member, because they are no user any more.</param>
    /// <exception cref="VoxException">group_not_found, not_a_member</exception>
    public async Task LeaveAsync(GroupActor actor, ConversationKey key, bool erase)
    {
        if (!erase)
        {
            await reader.GetWindowAsync(actor.Sender, key, CancellationToken.None, orEnded: true);
        }

        var left = await leaving.LeaveAsync(key, [actor.LoginId], actor.Uid, expels: false, erase);
        counts.Remove(key);
        if (!erase && left.Count > 0 && await conversations.FindHeadAsync(key, CancellationToken.None) is { Group: not null } head)
        {
            await told.LeftAsync(actor, key, GroupEvents.Left, head, left);
        }
    }

    /// <summary>Blocks a group for oneself, see <see cref="GroupMembership.BlockAsync"/>.</summary>
    /// <returns>False when nothing has changed.</returns>
    /// <exception cref="VoxException">not_a_member</exception>
    public async Task<bool> BlockAsync(GroupActor actor, ConversationKey key, bool blocked) =>
        await leaving.BlockAsync(key, actor.Identity, blocked);

    /// <summary>Takes out those whose rows are in the conversation, because they have become admins.</summary>
    public async Task DropAsync(ConversationKey key, IReadOnlyCollection<string> ids)
    {
        await ChangeAsync(key, ids, (_, row) => row is null ? null : new MemberChange(row, null));
        counts.Remove(key);
    }

    /// <summary>Whether this is a broadcast group, and the user none of those who are or were its admins.</summary>
    public async Task<bool> IsForAsync(ConversationKey key, string loginId)
    {
        if (!key.IsBroadcast)
        {
            return false;
        }

        if (await groups.FindInConversationAsync(key, loginId, CancellationToken.None) is null)
        {
            return true;
        }

        // Somebody made them an admin and did not come to this.
        await DropAsync(key, [loginId]);
        return false;
    }

    private async Task<ConversationHead> CheckActorAsync(
        GroupActor actor, ConversationKey key, GroupAction action, CancellationToken cancellationToken)
    {
        var window = await reader.GetWindowAsync(actor.Sender, key, cancellationToken);
        GroupPolicy.Check(window.Member.Left ? null : window.Member.Role, action);
        return key.IsBroadcast
            ? window.Head
            : throw new VoxException(Errors.InvalidField, "This is no broadcast group: its members come and go by other calls.", "group");
    }

    private async Task<List<MemberChange>> ChangeAsync(
        ConversationKey key, IEnumerable<string> ids, Func<string, GroupMember?, MemberChange?> decide)
    {
        var portions = ids.GroupBy(ChatKeys.AudienceShard).SelectMany(shard => shard.Chunk(AudienceStore.MaxChanges));
        var changes = new List<MemberChange>();
        foreach (var portion in portions)
        {
            changes.AddRange(await audience.ChangeAsync(key, portion, decide, Patience));
        }

        return changes;
    }

    private MemberChange? PlanToAdd(ConversationHead head, User user, GroupMember? row, HashSet<string> blocked)
    {
        var same = row?.Uid == user.Uid;
        if (same && !row!.Left)
        {
            return null;
        }

        if (same && row!.Blocked)
        {
            blocked.Add(user.LoginId);
            return null;
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return new(row, new GroupMember(
            user.LoginId, user.Uid, GroupRole.Member, head.LastSequence, now, 0, Left: false, 0, now, Blocked: false, 0, Mark.None));
    }

    /// <summary>
    /// Takes the group out of the lists of those who were refused after all, and undoes everything when the group was deleted meanwhile:
    /// its removal may have passed before these members came.
    /// </summary>
    private async Task UndoAsync(ConversationKey key, Dictionary<string, User> added, HashSet<string> blocked)
    {
        if (await conversations.FindHeadAsync(key, CancellationToken.None) is not { Closed: false })
        {
            await leaving.RemoveRowsAsync(key, [.. added.Values.Select(user => user.Identity)]);
            throw GroupErrors.NoGroup();
        }

        await ManyRequests.EachAsync(
            blocked, id => recents.RemoveAsync(added[id].Identity, key.Id, CancellationToken.None));
    }

    /// <summary>Takes out those who were deleted as users while they were being added.</summary>
    private async Task<HashSet<string>> RemoveGoneAsync(ConversationKey key, IReadOnlyList<User> added)
    {
        var gone = new System.Collections.Concurrent.ConcurrentBag<User>();
        await ManyRequests.EachAsync(added, async user =>
        {
            if (await users.FindAsync(user.Key, CancellationToken.None) is not { DeletedAt: null } now || now.Uid != user.Uid)
            {
                gone.Add(user);
            }
        });
        if (!gone.IsEmpty)
        {
            await leaving.RemoveRowsAsync(key, [.. gone.Select(user => user.Identity)]);
        }

        return [.. gone.Select(user => user.LoginId)];
    }
}
