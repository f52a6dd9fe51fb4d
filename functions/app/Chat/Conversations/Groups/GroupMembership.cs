using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Groups;

/// <summary>Members: add, remove, leave, block for oneself. Their roles: <see cref="GroupRoles"/>.</summary>
public sealed class GroupMembership(
    GroupChanges changes, GroupReader reader, GroupAdmission admission, GroupStore groups, UserStore users, LoginIds loginIds,
    GroupNotifier notifier, GroupLive live, AudienceService audience, TimeProvider time)
{
    /// <summary>Makes users members. Whoever is a member already stays as they are. If one of them is refused, none is added.</summary>
    /// <exception cref="VoxException">
    /// group_not_found, not_a_member, not_allowed, missing_field, user_not_found, blocked, limit_reached
    /// </exception>
    public async Task AddAsync(GroupActor actor, ConversationKey key, IReadOnlyList<string>? ids, CancellationToken cancellationToken)
    {
        if (key.IsBroadcast)
        {
            await audience.AddAsync(actor, key, ids, all: true, cancellationToken);
            return;
        }

        var window = await reader.GetWindowAsync(actor.Sender, key, cancellationToken);
        GroupPolicy.Check(window.Member.Left ? null : window.Member.Role, GroupAction.AddMembers);
        var (_, members) = await reader.ReadMembersAsync(key, cancellationToken);
        var present = members.ToDictionary(member => member.LoginId, StringComparer.Ordinal);
        var wanted = admission.CheckIds(ids, "ids");
        var newUsers = await admission.CheckNewAsync(
            actor, wanted.Where(id => !present.ContainsKey(id)), members.Count, cancellationToken);
        await AddInPortionsAsync(actor, key, newUsers);
    }

    /// <summary>If there are more than one transaction holds, they go in several; each of these is all or nothing.</summary>
    public async Task AddInPortionsAsync(GroupActor actor, ConversationKey key, IReadOnlyList<User> newUsers)
    {
        foreach (var portion in newUsers.Chunk(GroupStore.MaxChanges))
        {
            var changed = await changes.RunAsync(
                key,
                [actor.LoginId, .. portion.Select(user => user.LoginId)],
                state => Task.FromResult(PlanToAdd(state, actor, portion)),
                late => notifier.ToLateAsync(actor, key, GroupEvents.Added, late.Ids, late.Deferred));
            if (changed is null)
            {
                continue;
            }

            await RemoveGoneAsync(key, [.. changed.Members.Select(change => change.After!)]);
            await notifier.ToGroupAsync(actor, key, GroupEvents.Added, changed.Head, changed.Ids, alsoTo: changed.Deferred);
        }
    }

    /// <summary>Removes a member. It is no error if the user is not a member.</summary>
    /// <exception cref="VoxException">
    /// group_not_found, not_a_member, not_allowed, owner_stays, missing_field, realtime_unavailable
    /// </exception>
    public async Task RemoveAsync(GroupActor actor, ConversationKey key, string? id)
    {
        var target = loginIds.Check(id, "id");
        if (target == actor.LoginId)
        {
            await LeaveAsync(actor, key);
            return;
        }

        if (await audience.IsForAsync(key, target))
        {
            await audience.RemoveAsync(actor, key, [target], CancellationToken.None);
            return;
        }

        var changed = await changes.RunAsync(key, [actor.LoginId, target], state =>
        {
            var member = state.FindPresent(target);
            GroupPolicy.Check(state.RoleOf(actor), member?.Role switch
            {
                GroupRole.Owner => GroupAction.RemoveOwner,
                GroupRole.Admin => GroupAction.RemoveAdmin,
                _ => GroupAction.RemoveMember,
            });
            return Task.FromResult(member is null ? null : new GroupPlan(state.Info, [new(member, Gone(state, member))], Expels: true));
        });
        if (changed is not null)
        {
            await notifier.ToGroupAsync(
                actor, key, GroupEvents.Removed, changed.Head, [target], alsoTo: [.. changed.Members.Select(m => m.Member.In(key))]);
        }
    }

    /// <summary>
    /// When the owner leaves, the oldest admin takes their place, or else the oldest member. With the last member the group ends.
    /// </summary>
    /// <exception cref="VoxException">group_not_found, not_a_member</exception>
    public Task LeaveAsync(GroupActor actor, ConversationKey key) => LeaveAsync(actor, key, erase: false);

    /// <param name="erase">Nothing remains of the member, because they are no user any more.</param>
    public async Task LeaveAsync(GroupActor actor, ConversationKey key, bool erase)
    {
        if (await audience.IsForAsync(key, actor.LoginId))
        {
            await audience.LeaveAsync(actor, key, erase);
            return;
        }

        var changed = await changes.RunAsync(key, [actor.LoginId], state => PlanToLeaveAsync(state, actor.LoginId, actor.Uid, erase));
        if (changed is null)
        {
            return;
        }

        if (changed.Head.Closed)
        {
            await notifier.ToGroupAsync(actor, key, GroupEvents.Deleted, changed.Head, [], alsoTo: erase ? [] : [actor.Identity]);
            await notifier.ToldAsync(key);
            await live.DissolveAsync(key);
            return;
        }

        await notifier.ToGroupAsync(actor, key, GroupEvents.Left, changed.Head, [actor.LoginId], alsoTo: erase ? [] : [actor.Identity]);
    }

    /// <summary>Blocks a group for oneself. The user stays a member, but gets no pushes and does not see the group in lists.</summary>
    /// <exception cref="VoxException">group_not_found, not_a_member</exception>
    public async Task BlockAsync(GroupActor actor, ConversationKey key, bool blocked)
    {
        if (await audience.IsForAsync(key, actor.LoginId))
        {
            var head = (await reader.GetWindowAsync(actor.Sender, key, CancellationToken.None)).Head;
            if (await audience.BlockAsync(actor, key, blocked))
            {
                await notifier.ToUserAsync(actor, key, blocked ? GroupEvents.Blocked : GroupEvents.Unblocked, head, [actor.LoginId]);
            }

            return;
        }

        var changed = await changes.RunAsync(key, [actor.LoginId], state =>
        {
            // Somebody who has left may still unblock the group, so that they can be added again.
            var member = state.Find(actor.LoginId) is { } row && row.Uid == actor.Uid && (!row.Left || row.Blocked) ? row : null;
            GroupPolicy.Check(member?.Role, GroupAction.Block);
            return Task.FromResult(member!.Blocked == blocked
                ? null
                : new GroupPlan(state.Info, [new(member, member with { Blocked = blocked })]));
        });
        if (changed is not null)
        {
            await notifier.ToUserAsync(actor, key, blocked ? GroupEvents.Blocked : GroupEvents.Unblocked, changed.Head, [actor.LoginId]);
        }
    }

    /// <summary>Takes out those who were deleted as users while they were being added.</summary>
    public async Task RemoveGoneAsync(ConversationKey key, IReadOnlyList<GroupMember> added)
    {
        await ManyRequests.EachAsync(added, async member =>
        {
            if (await users.FindAsync(new(key.ProjectId, member.LoginId), CancellationToken.None) is not { DeletedAt: null } user
                || user.Uid != member.Uid)
            {
                await changes.RunAsync(key, [member.LoginId], state => PlanToLeaveAsync(state, member.LoginId, member.Uid, erase: true));
            }
        });
    }

    private GroupPlan? PlanToAdd(GroupState state, GroupActor actor, IReadOnlyList<User> newUsers)
    {
        GroupPolicy.Check(state.RoleOf(actor), GroupAction.AddMembers);
        var added = new List<MemberChange>();
        foreach (var user in newUsers)
        {
            var row = state.Find(user.LoginId);
            if (row?.Is(user.Uid) == true)
            {
                continue;
            }

            var same = row?.Uid == user.Uid;
            if (same && row!.BannedUntil > time.GetUtcNow().ToUnixTimeMilliseconds())
            {
                throw new VoxException(Errors.Banned, $"{user.LoginId} is banned from the group.", "ids");
            }

            if (same && row!.Blocked)
            {
                throw new VoxException(Errors.Blocked, $"{user.LoginId} has blocked the group.", "ids");
            }

            added.Add(new(row, new GroupMember(
                user.LoginId, user.Uid, GroupRole.Member, state.Head.LastSequence, time.GetUtcNow().ToUnixTimeMilliseconds(), state.Next,
                Left: false, 0, state.Next, Blocked: false, 0, same ? row!.Mark : Mark.None)));
        }

        admission.CheckRoom(state.Info.MemberCount, added.Count);
        return added.Count == 0 ? null : new GroupPlan(state.Info, added);
    }

    private async Task<GroupPlan?> PlanToLeaveAsync(GroupState state, string loginId, string uid, bool erase)
    {
        if (state.Find(loginId) is not { } member || member.Uid != uid)
        {
            return erase ? null : throw GroupErrors.NotAMember();
        }

        if (member.Left)
        {
            return erase ? new GroupPlan(state.Info, [new(member, null)]) : null;
        }

        MemberChange leaves = new(member, erase ? null : Gone(state, member));
        if (member.Role != GroupRole.Owner)
        {
            return new GroupPlan(state.Info, [leaves]);
        }

        var others = (await groups.ReadMembersAsync(state.Key, CancellationToken.None)).FindAll(other => other.LoginId != loginId);
        if ((others.Find(other => other.Role == GroupRole.Admin) ?? others.FirstOrDefault()) is not { } heir)
        {
            return erase || !state.Key.IsBroadcast
                ? new GroupPlan(state.Info, [leaves], Closes: true)
                : throw new VoxException(
                    Errors.OwnerStays, "Nobody else could write to the group: make a member an admin first, or delete the group.", "group");
        }

        return new GroupPlan(
            state.Info with { OwnerLogin = heir.LoginId, OwnerUid = heir.Uid }, [leaves, new(heir, heir with { Role = GroupRole.Owner })]);
    }

    /// <returns>Null in a broadcast group: whoever leaves it sees nothing of it any more.</returns>
    public static GroupMember? Gone(GroupState state, GroupMember member) => state.Key.IsBroadcast
        ? null
        : member with { Left = true, LeftSequence = state.Head.LastSequence, Role = GroupRole.Member };
}
