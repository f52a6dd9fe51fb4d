using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Storage;
using Vox.Platform.ErrorCatalogue;
using static Vox.Chat.Conversations.Groups.GroupAction;

namespace Vox.Tests.Groups;

public sealed class GroupPolicyTests
{
    private static readonly Dictionary<GroupRole, GroupAction[]> Allowed = new()
    {
        [GroupRole.Member] = [Read, Send, Leave, Block, StepDown],
        [GroupRole.Admin] =
        [
            Read, Send, Leave, Block, StepDown, ModerateMessages, UpdateInfo, AddMembers, RemoveMember, RemoveAdmin, Promote, ListAudience,
        ],
        [GroupRole.Owner] =
        [
            Read, Send, Leave, Block, StepDown, ModerateMessages, UpdateInfo, AddMembers, RemoveMember, RemoveAdmin, Promote, ListAudience,
            Dismiss, Delete,
        ],
    };

    public static TheoryData<GroupRole, GroupAction> All =>
        [.. Enum.GetValues<GroupRole>().SelectMany(role => Enum.GetValues<GroupAction>().Select(action => (role, action)))];

    [Theory]
    [MemberData(nameof(All))]
    public void Check_EveryRoleAndAction_AllowsWhatTheTableSays(GroupRole role, GroupAction action)
    {
        Assert.Equal(Allowed[role].Contains(action), GroupPolicy.Allows(role, action));
        if (Allowed[role].Contains(action))
        {
            GroupPolicy.Check(role, action);
            return;
        }

        var refused = Assert.Throws<VoxException>(() => GroupPolicy.Check(role, action));
        Assert.Equal(action is RemoveOwner or DismissOwner ? Errors.OwnerStays : Errors.NotAllowed, refused.Error);
    }

    [Fact]
    public void Check_NotAMember_MayNothing() => Assert.All(Enum.GetValues<GroupAction>(), action =>
    {
        Assert.False(GroupPolicy.Allows(null, action));
        Assert.Equal(Errors.NotAMember, Assert.Throws<VoxException>(() => GroupPolicy.Check(null, action)).Error);
    });
}
