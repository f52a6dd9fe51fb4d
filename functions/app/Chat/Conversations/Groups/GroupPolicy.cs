using Vox.Chat.Conversations.Storage;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Groups;

public enum GroupAction
{
    Read,
    Send,
    Leave,
    Block,
    StepDown,
    ModerateMessages,
    UpdateInfo,
    AddMembers,
    ListAudience,
    RemoveMember,
    RemoveAdmin,
    Promote,
    Dismiss,
    RemoveOwner,
    DismissOwner,
    Delete,
}

/// <summary>Who may do what in a group: the one place that decides.</summary>
internal static class GroupPolicy
{
    private static readonly Dictionary<GroupAction, GroupRole?> Least = new()
    {
        [GroupAction.Read] = GroupRole.Member,
        [GroupAction.Send] = GroupRole.Member,
        [GroupAction.Leave] = GroupRole.Member,
        [GroupAction.Block] = GroupRole.Member,
        [GroupAction.StepDown] = GroupRole.Member,
        [GroupAction.ModerateMessages] = GroupRole.Admin,
        [GroupAction.UpdateInfo] = GroupRole.Admin,
        [GroupAction.AddMembers] = GroupRole.Admin,
        [GroupAction.ListAudience] = GroupRole.Admin,
        [GroupAction.RemoveMember] = GroupRole.Admin,
        [GroupAction.RemoveAdmin] = GroupRole.Admin,
        [GroupAction.Promote] = GroupRole.Admin,
        [GroupAction.Dismiss] = GroupRole.Owner,
        [GroupAction.Delete] = GroupRole.Owner,

        // Not even the owner may do it: they leave, and the group gets another owner.
        [GroupAction.RemoveOwner] = null,
        [GroupAction.DismissOwner] = null,
    };

    /// <param name="role">Null: not a member.</param>
    public static bool Allows(GroupRole? role, GroupAction action) => role >= Least[action];

    /// <exception cref="VoxException">not_a_member, owner_stays, not_allowed</exception>
    public static void Check(GroupRole? role, GroupAction action)
    {
        if (role is null)
        {
            throw GroupErrors.NotAMember();
        }

        if (Allows(role, action))
        {
            return;
        }

        throw Least[action] is { } least
            ? new VoxException(
                Errors.NotAllowed, $"Only {(least == GroupRole.Owner ? "the owner" : "admins and the owner")} of the group may do this.")
            : new VoxException(
                Errors.OwnerStays, "The owner of a group can be neither removed nor dismissed: they can leave, or delete the group.", "id");
    }
}
