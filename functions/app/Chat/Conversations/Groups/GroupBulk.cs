using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Groups;

/// <summary>
/// Members of any group by up to 1,000 in a call: those who cannot be added or removed are named, and all others are done. Every call can
/// be repeated.
/// </summary>
public sealed class GroupBulk(
    GroupChanges changes, GroupReader reader, GroupAdmission admission, AudienceAdmission candidates, GroupMembership membership,
    AudienceService audience, GroupNotifier notifier)
{
    /// <summary>Makes users members. Whoever is a member already stays as they are.</summary>
    /// <exception cref="VoxException">
    /// group_not_found, not_a_member, not_allowed, missing_field, too_long, invalid_field, limit_reached, busy
    /// </exception>
    public async Task<MembersChanged> AddAsync(
        GroupActor actor, ConversationKey key, IReadOnlyList<string>? ids, CancellationToken cancellationToken)
    {
        if (key.IsBroadcast)
        {
            return await audience.AddAsync(actor, key, ids, all: false, cancellationToken);
        }

        var wanted = candidates.CheckIds(ids);
        var (head, members) = await reader.ReadMembersAsync(key, cancellationToken);
        var present = members.Select(member => member.LoginId).ToHashSet(StringComparer.Ordinal);
        wanted.RemoveAll(present.Contains);
        admission.CheckRoom(head.Group!.MemberCount, wanted.Count);
        var found = wanted.Count == 0 ? [] : await candidates.FindAsync(actor, wanted, cancellationToken);
        var refused = found.Where(one => one.Refusal is not null)
            .Select(one => new MemberRefused(one.LoginId, one.Refusal!.Error.Code)).ToList();
        var users = found.Select(one => one.User).OfType<User>().ToList();
        foreach (var portion in users.Chunk(GroupStore.MaxChanges))
        {
            refused.AddRange(await AddAsync(actor, key, portion));
        }

        return new MembersChanged(users.Count(user => refused.TrueForAll(one => one.Id != user.LoginId)), refused);
    }

    /// <summary>Removes members. It is no error if a user is not a member.</summary>
    /// <exception cref="VoxException">
    /// group_not_found, not_a_member, not_allowed, missing_field, too_long, realtime_unavailable, busy
    /// </exception>
    public async Task<MembersChanged> RemoveAsync(
        GroupActor actor, ConversationKey key, IReadOnlyList<string>? ids, CancellationToken cancellationToken)
    {
        var wanted = candidates.CheckIds(ids);
        var count = 0;
        if (key.IsBroadcast)
        {
            var done = await audience.RemoveAsync(actor, key, wanted, cancellationToken);
            count = done.Changed;
            wanted = [.. done.Refused.Select(one => one.Id)];
        }

        var refused = new List<MemberRefused>();
        foreach (var portion in wanted.Chunk(GroupStore.MaxChanges - 1))
        {
            var changed = await changes.RunAsync(key, [.. portion.Append(actor.LoginId).Distinct(StringComparer.Ordinal)], state =>
            {
                GroupPolicy.Check(state.RoleOf(actor), GroupAction.RemoveAdmin);
                var going = portion.Select(state.FindPresent).OfType<GroupMember>().Where(member => member.Role != GroupRole.Owner)
                    .Select(member => new MemberChange(member, GroupMembership.Gone(state, member))).ToList();
                refused.RemoveAll(one => one.Id == state.Info.OwnerLogin);
                if (portion.Contains(state.Info.OwnerLogin, StringComparer.Ordinal))
                {
                    refused.Add(new MemberRefused(state.Info.OwnerLogin, Errors.OwnerStays.Code));
                }

                return Task.FromResult(going.Count == 0 ? null : new GroupPlan(state.Info, going, Expels: true));
            });
            if (changed is not null)
            {
                count += changed.Members.Count;
                await notifier.ToGroupAsync(
                    actor, key, GroupEvents.Removed, changed.Head, changed.Ids,
                    alsoTo: [.. changed.Members.Select(change => change.Member.In(key))]);
            }
        }

        return new MembersChanged(count, refused);
    }

    /// <summary>A portion is all or nothing. If one of it has banned or blocked, each of them goes by themselves.</summary>
    private async Task<List<MemberRefused>> AddAsync(GroupActor actor, ConversationKey key, User[] portion)
    {
        try
        {
            await membership.AddInPortionsAsync(actor, key, portion);
            return [];
        }
        catch (VoxException e) when (e.Error == Errors.Banned || e.Error == Errors.Blocked)
        {
            if (portion is [var only])
            {
                return [new MemberRefused(only.LoginId, e.Error.Code)];
            }
        }

        var refused = new List<MemberRefused>();
        foreach (var half in portion.Chunk((portion.Length + 1) / 2))
        {
            refused.AddRange(await AddAsync(actor, key, half));
        }

        return refused;
    }
}
