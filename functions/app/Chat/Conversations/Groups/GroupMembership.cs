using Microsoft.Extensions.Options;
using Vox.Chat.Contacts;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Groups;

/// <summary>Members and their roles: add, remove, promote, dismiss, leave, block for oneself.</summary>
public sealed class GroupMembership(
    GroupChanges changes, GroupReader reader, GroupStore groups, RecentStore recents, UserStore users, LoginIds loginIds,
    ContactStore contacts, GroupNotifier notifier, GroupLive live, IOptions<GroupOptions> options, TimeProvider time)
{

    /// <summary>Makes users members; who is one already stays as he is. One of them refused, none is added.</summary>
    /// <exception cref="VoxException">
    /// group_not_found, not_a_member, not_allowed, missing_field, user_not_found, blocked, limit_reached
    /// </exception>
    public async Task AddAsync(GroupActor actor, ConversationKey key, IReadOnlyList<string>? ids, CancellationToken cancellationToken)
    {
        var window = await reader.GetWindowAsync(actor.Caller, key, cancellationToken);
        GroupPolicy.Check(window.Member.Left ? null : window.Member.Role, GroupAction.AddMembers);
        var (_, members) = await reader.ReadMembersAsync(key, cancellationToken);
        var present = members.ToDictionary(member => member.LoginId, StringComparer.Ordinal);
        var wanted = CheckIds(ids, "ids");
        var newUsers = await CheckNewAsync(
            actor.Caller, wanted.Where(id => !present.ContainsKey(id)), members.Count, cancellationToken);
        await AddInPortionsAsync(actor, key, newUsers);
    }

    /// <summary>More than one transaction holds go in several; each is all or nothing.</summary>
    public async Task AddInPortionsAsync(GroupActor actor, ConversationKey key, IReadOnlyList<User> newUsers)
    {
        foreach (var portion in newUsers.Chunk(GroupStore.MaxChanges))
        {
            var changed = await changes.RunAsync(
                key,
                [actor.LoginId, .. portion.Select(user => user.LoginId)],
                state => Task.FromResult(PlanToAdd(state, actor, portion)),
                late => notifier.ToLateAsync(actor, key, GroupEvents.Added, Ids(late), late.Deferred));
            if (changed is null)
            {
                continue;
            }

            await RemoveGoneAsync(key, [.. changed.Members.Select(change => change.After!)]);
            await notifier.ToGroupAsync(actor, key, GroupEvents.Added, changed.Head, Ids(changed), alsoTo: changed.Deferred);
        }
    }

    /// <summary>Removes a member; who is none is no error.</summary>
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

        var changed = await changes.RunAsync(key, [actor.LoginId, target], state =>
        {
            var member = state.FindPresent(target);
            GroupPolicy.Check(RoleOf(state, actor), member?.Role switch
            {
                GroupRole.Owner => GroupAction.RemoveOwner,
                GroupRole.Admin => GroupAction.RemoveAdmin,
                _ => GroupAction.RemoveMember,
            });
            return Task.FromResult(member is null ? null : new GroupPlan(state.Info, [new(member, Gone(state, member))], Expels: true));
        });
        if (changed is not null)
        {
            await notifier.ToGroupAsync(actor, key, GroupEvents.Removed, changed.Head, [target], alsoTo: [target]);
        }
    }

    /// <summary>Makes members admins; who is one already stays as he is.</summary>
    /// <exception cref="VoxException">group_not_found, not_a_member, not_allowed, member_not_found, missing_field</exception>
    public async Task PromoteAsync(GroupActor actor, ConversationKey key, IReadOnlyList<string>? ids)
    {
        var wanted = CheckIds(ids, "ids");
        if (wanted.Count >= GroupStore.MaxChanges)
        {
            throw new VoxException(Errors.TooLong, $"ids may have fewer than {GroupStore.MaxChanges} entries.", "ids");
        }

        var changed = await changes.RunAsync(key, [.. wanted.Append(actor.LoginId).Distinct(StringComparer.Ordinal)], state =>
        {
            GroupPolicy.Check(RoleOf(state, actor), GroupAction.Promote);
            var plain = wanted.ConvertAll(id => state.FindPresent(id) ?? throw NoMember(id)).FindAll(member => member.Role == GroupRole.Member);
            return Task.FromResult(plain.Count == 0
                ? null
                : new GroupPlan(state.Info, plain.ConvertAll(member => new MemberChange(member, member with { Role = GroupRole.Admin }))));
        });
        if (changed is not null)
        {
            await notifier.ToGroupAsync(actor, key, GroupEvents.Promoted, changed.Head, Ids(changed));
        }
    }

    /// <summary>Makes an admin a plain member; who is none is no error. Admins may do it to themselves.</summary>
    /// <exception cref="VoxException">group_not_found, not_a_member, not_allowed, owner_stays, missing_field</exception>
    public async Task DismissAsync(GroupActor actor, ConversationKey key, string? id)
    {
        var target = loginIds.Check(id, "id");
        var changed = await changes.RunAsync(key, [.. new[] { actor.LoginId, target }.Distinct(StringComparer.Ordinal)], state =>
        {
            var member = state.FindPresent(target);
            GroupPolicy.Check(
                RoleOf(state, actor),
                member?.Role == GroupRole.Owner ? GroupAction.DismissOwner
                : target == actor.LoginId ? GroupAction.StepDown
                : GroupAction.Dismiss);
            return Task.FromResult(member?.Role != GroupRole.Admin
                ? null
                : new GroupPlan(state.Info, [new(member, member with { Role = GroupRole.Member })]));
        });
        if (changed is not null)
        {
            await notifier.ToGroupAsync(actor, key, GroupEvents.Dismissed, changed.Head, [target]);
        }
    }

    /// <summary>The owner's place goes to the oldest admin, else to the oldest member; with the last member the group ends.</summary>
    /// <exception cref="VoxException">group_not_found, not_a_member</exception>
    public Task LeaveAsync(GroupActor actor, ConversationKey key) => LeaveAsync(actor, key, erase: false);

    /// <param name="erase">Nothing remains of the member, who is no user any more.</param>
    public async Task LeaveAsync(GroupActor actor, ConversationKey key, bool erase)
    {
        var changed = await changes.RunAsync(key, [actor.LoginId], state => PlanToLeaveAsync(state, actor.LoginId, actor.Uid, erase));
        if (changed is null)
        {
            return;
        }

        if (changed.Head.Closed)
        {
            await notifier.ToGroupAsync(actor, key, GroupEvents.Deleted, changed.Head, [], alsoTo: erase ? [] : [actor.LoginId]);
            await notifier.ToldAsync(key);
            await live.DissolveAsync(key);
            return;
        }

        await notifier.ToGroupAsync(actor, key, GroupEvents.Left, changed.Head, [actor.LoginId], alsoTo: erase ? [] : [actor.LoginId]);
    }

    /// <summary>For oneself: stays a member, but gets no pushes and does not see the group in lists.</summary>
    /// <exception cref="VoxException">group_not_found, not_a_member</exception>
    public async Task BlockAsync(GroupActor actor, ConversationKey key, bool blocked)
    {
        var changed = await changes.RunAsync(key, [actor.LoginId], state =>
        {
            // Who has left may still undo it, so that he can be added again.
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

    /// <summary>Those who were deleted while they were being added.</summary>
    public async Task RemoveGoneAsync(ConversationKey key, IReadOnlyList<GroupMember> added)
    {
        await ManyRequests.EachAsync(added, async member =>
        {
            if (await users.FindAsync(key.ProjectId, member.LoginId, CancellationToken.None) is not { DeletedAt: null } user || user.Uid != member.Uid)
            {
                await changes.RunAsync(key, [member.LoginId], state => PlanToLeaveAsync(state, member.LoginId, member.Uid, erase: true));
            }
        });
    }

    /// <exception cref="VoxException">missing_field, too_long, invalid_field</exception>
    public List<string> CheckIds(IReadOnlyList<string>? ids, string field)
    {
        if (ids is not { Count: > 0 })
        {
            throw new VoxException(Errors.MissingField, $"{field} is missing or empty.", field);
        }

        if (ids.Count > options.Value.MaxMembers)
        {
            throw new VoxException(Errors.LimitReached, $"A group has at most {options.Value.MaxMembers:N0} members.", field);
        }

        return [.. ids.Select(id => loginIds.Check(id, field)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Users whom the caller may add to a group that has so many members.</summary>
    /// <exception cref="VoxException">user_not_found, blocked, limit_reached</exception>
    public async Task<IReadOnlyList<User>> CheckNewAsync(
        Caller caller, IEnumerable<string> ids, int memberCount, CancellationToken cancellationToken)
    {
        var wanted = ids.ToList();
        if (wanted.Count == 0)
        {
            return [];
        }

        CheckRoom(memberCount, wanted.Count);
        var projectId = caller.Project.Id;
        var blocked = (await contacts.ReadAsync(projectId, caller.LoginId, cancellationToken)).Blocked;
        return await ManyRequests.EachAsync(wanted, async id =>
        {
            if (await users.FindAsync(projectId, id, cancellationToken) is not { DeletedAt: null } user)
            {
                throw new VoxException(Errors.UserNotFound, $"There is no user {id} in the project.", "ids");
            }

            if (blocked.Contains(id))
            {
                throw new VoxException(Errors.Blocked, $"You have blocked {id}: unblock first.", "ids");
            }

            if (await contacts.IsBlockedAsync(projectId, id, caller.LoginId, cancellationToken))
            {
                throw new VoxException(Errors.Blocked, $"{id} does not want to be added by you.", "ids");
            }

            await CheckGroupCountAsync(projectId, id, cancellationToken);
            return user;
        });
    }

    /// <exception cref="VoxException">limit_reached</exception>
    public async Task CheckGroupCountAsync(string projectId, string loginId, CancellationToken cancellationToken)
    {
        var max = options.Value.MaxPerUser;
        if ((await recents.ListGroupsAsync(projectId, loginId, cancellationToken)).Count >= max)
        {
            throw new VoxException(Errors.LimitReached, $"{loginId} is in {max:N0} groups, and nobody can be in more.", "ids");
        }
    }

    /// <summary>Null: not a member.</summary>
    public static GroupRole? RoleOf(GroupState state, GroupActor actor) =>
        state.Find(actor.LoginId) is { } member && member.Is(actor.Uid) ? member.Role : null;

    private GroupPlan? PlanToAdd(GroupState state, GroupActor actor, IReadOnlyList<User> newUsers)
    {
        GroupPolicy.Check(RoleOf(state, actor), GroupAction.AddMembers);
        var added = new List<MemberChange>();
        foreach (var user in newUsers)
        {
            var row = state.Find(user.LoginId);
            if (row?.Is(user.Uid) == true)
            {
                continue;
            }

            var same = row?.Uid == user.Uid;
            if (same && row!.Blocked)
            {
                throw new VoxException(Errors.Blocked, $"{user.LoginId} has blocked the group.", "ids");
            }

            added.Add(new(row, new GroupMember(
                user.LoginId, user.Uid, GroupRole.Member, state.Head.LastSequence, time.GetUtcNow().ToUnixTimeMilliseconds(), state.Next,
                Left: false, 0, state.Next, Blocked: false, 0, same ? row!.Mark : Mark.None)));
        }

        CheckRoom(state.Info.MemberCount, added.Count);
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
            return new GroupPlan(state.Info, [leaves], Closes: true);
        }

        return new GroupPlan(
            state.Info with { OwnerLogin = heir.LoginId, OwnerUid = heir.Uid }, [leaves, new(heir, heir with { Role = GroupRole.Owner })]);
    }

    private static GroupMember Gone(GroupState state, GroupMember member) =>
        member with { Left = true, LeftSequence = state.Head.LastSequence, Role = GroupRole.Member };

    private void CheckRoom(int memberCount, int more)
    {
        if (memberCount + more > options.Value.MaxMembers)
        {
            throw new VoxException(
                Errors.LimitReached, $"A group has at most {options.Value.MaxMembers:N0} members; this one has {memberCount:N0}.", "ids");
        }
    }

    private static VoxException NoMember(string id) => new(Errors.MemberNotFound, $"{id} is not a member of the group.", "ids");

    private static List<string> Ids(GroupChanged changed) => [.. changed.Members.Select(change => change.LoginId)];
}
