using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Groups;

/// <summary>
/// Bans from a group: the user is removed, and nobody can add them before the ban ends. It is kept in the user's row of the group, and ends
/// with the user.
/// </summary>
public sealed class GroupBans(GroupChanges changes, GroupStore groups, GroupReader reader, GroupNotifier notifier, TimeProvider time)
{
    /// <summary>Bans a user, or changes until when. It is no error if they are not a member.</summary>
    /// <param name="until">Unix ms.</param>
    /// <exception cref="VoxException">
    /// group_not_found, not_a_member, not_allowed, owner_stays, invalid_field, realtime_unavailable
    /// </exception>
    public async Task BanAsync(GroupActor actor, ConversationKey key, User user, long until, string reason)
    {
        if (key.IsBroadcast)
        {
            throw new VoxException(
                Errors.InvalidField, "Nobody can be banned from a broadcast group: remove them, and do not add them again.", "groupId");
        }

        var changed = await changes.RunAsync(key, [.. new[] { actor.LoginId, user.LoginId }.Distinct(StringComparer.Ordinal)], state =>
        {
            var row = state.Find(user.LoginId) is { } found && found.Uid == user.Uid ? found : null;
            GroupPolicy.Check(state.RoleOf(actor), row is { Left: false, Role: GroupRole.Owner }
                ? GroupAction.RemoveOwner
                : GroupAction.RemoveAdmin);
            var present = row is { Left: false };
            // Whoever never was a member sees nothing of the group, also where members see all of its history.
            var after = row is null
                ? new GroupMember(
                    user.LoginId, user.Uid, GroupRole.Member, 0, time.GetUtcNow().ToUnixTimeMilliseconds(), state.Next, Left: true, 0,
                    state.Next, Blocked: false, 0, Mark.None)
                : present ? GroupMembership.Gone(state, row)! : row;
            return Task.FromResult<GroupPlan?>(new GroupPlan(
                state.Info, [new(state.Find(user.LoginId), after with { BannedUntil = until, BanReason = reason })], Expels: present));
        });
        if (changed!.Members is [{ Before.Left: false } expelled])
        {
            await notifier.ToGroupAsync(
                actor, key, GroupEvents.Removed, changed.Head, [user.LoginId], alsoTo: [expelled.Member.In(key)]);
        }
    }

    /// <summary>Ends a ban. The user can be added again, and is not a member before that. It is no error if they are not banned.</summary>
    /// <exception cref="VoxException">group_not_found, not_a_member, not_allowed</exception>
    public Task LiftAsync(GroupActor actor, ConversationKey key, string loginId) => changes.RunAsync(
        key, [.. new[] { actor.LoginId, loginId }.Distinct(StringComparer.Ordinal)], state =>
        {
            GroupPolicy.Check(state.RoleOf(actor), GroupAction.RemoveAdmin);
            return Task.FromResult(state.Find(loginId) is { BannedUntil: > 0 } row
                ? new GroupPlan(state.Info, [new(row, row with { BannedUntil = 0, BanReason = "" })])
                : null);
        });

    /// <summary>Those who are banned now, by login id.</summary>
    /// <exception cref="VoxException">group_not_found</exception>
    public async Task<IReadOnlyList<GroupMember>> ListAsync(Sender sender, ConversationKey key, CancellationToken cancellationToken)
    {
        await reader.GetWindowAsync(sender, key, cancellationToken);
        var banned = await groups.ReadBannedAsync(key, time.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
        return [.. banned.Where(member => member.Left).OrderBy(member => member.LoginId, StringComparer.Ordinal)];
    }
}
