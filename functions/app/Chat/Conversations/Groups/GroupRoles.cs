using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Groups;

/// <summary>Roles of members: promote to admin, dismiss as admin.</summary>
public sealed class GroupRoles(
    GroupChanges changes, GroupAdmission admission, LoginIds loginIds, GroupNotifier notifier, AudienceService audience)
{
    /// <summary>
    /// Members of a broadcast group who are or were admins. Their rows are in the conversation, all others in the audience.
    /// </summary>
    public const int MaxSpeakers = 100;

    /// <summary>Makes members admins. Whoever is an admin already stays as they are.</summary>
    /// <exception cref="VoxException">group_not_found, not_a_member, not_allowed, member_not_found, missing_field</exception>
    public async Task PromoteAsync(GroupActor actor, ConversationKey key, IReadOnlyList<string>? ids)
    {
        var wanted = admission.CheckIds(ids, "ids");
        if (wanted.Count >= GroupStore.MaxChanges)
        {
            throw new VoxException(Errors.TooLong, $"ids may have fewer than {GroupStore.MaxChanges} entries.", "ids");
        }

        var changed = await changes.RunAsync(key, [.. wanted.Append(actor.LoginId).Distinct(StringComparer.Ordinal)], state =>
        {
            GroupPolicy.Check(state.RoleOf(actor), GroupAction.Promote);
            var plain = wanted.ConvertAll(id => state.FindPresent(id) ?? throw NoMember(id))
                .FindAll(member => member.Role == GroupRole.Member);
            CheckRoom(state, plain.Count(member => member.InAudience));
            return Task.FromResult(plain.Count == 0
                ? null
                : new GroupPlan(state.Info, plain.ConvertAll(member => Promoted(state, member))));
        });
        if (key.IsBroadcast)
        {
            await audience.DropAsync(key, wanted);
        }

        if (changed is not null)
        {
            await notifier.ToGroupAsync(actor, key, GroupEvents.Promoted, changed.Head, changed.Ids);
        }
    }

    /// <summary>Makes an admin a plain member. It is no error if the user is not an admin. Admins may do it to themselves.</summary>
    /// <exception cref="VoxException">group_not_found, not_a_member, not_allowed, owner_stays, missing_field</exception>
    public async Task DismissAsync(GroupActor actor, ConversationKey key, string? id)
    {
        var target = loginIds.Check(id, "id");
        var changed = await changes.RunAsync(key, [.. new[] { actor.LoginId, target }.Distinct(StringComparer.Ordinal)], state =>
        {
            var member = state.FindPresent(target);
            GroupPolicy.Check(
                state.RoleOf(actor),
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

    /// <summary>A member of an audience gets a row in the conversation, because a message changes the conversation only.</summary>
    private static MemberChange Promoted(GroupState state, GroupMember member) => member.InAudience
        ? new(null, member with { Role = GroupRole.Admin, JoinedVersion = state.Next, InAudience = false })
        : new(member, member with { Role = GroupRole.Admin });

    private static void CheckRoom(GroupState state, int more)
    {
        if (more > 0 && state.Info.MemberCount + more > MaxSpeakers)
        {
            throw new VoxException(
                Errors.LimitReached,
                $"At most {MaxSpeakers} members of a broadcast group are or were admins: remove some of the former, and add them again.",
                "ids");
        }
    }

    private static VoxException NoMember(string id) => new(Errors.MemberNotFound, $"{id} is not a member of the group.", "ids");
}
