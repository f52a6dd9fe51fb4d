using Vox.Chat.ApiKeys;
using Vox.Chat.Conversations.Groups;
using Vox.Chat.Projects;
using Vox.Chat.Users;

namespace Vox.Chat.ServerApi.Moderation;

/// <summary>Bans from groups, for customers' servers.</summary>
public sealed class GroupBanService(
    ServerGroups named, GroupBans bans, ModerationService moderation, LoginIds loginIds, ServerActions actions)
{
    /// <exception cref="VoxException">
    /// group_not_found, missing_field, too_long, invalid_field, user_not_found, owner_stays, realtime_unavailable
    /// </exception>
    internal async Task<ModeratedUser> BanAsync(
        ServerCaller caller, string groupId, ModerateRequest request, CancellationToken cancellationToken)
    {
        var (until, reason) = moderation.Check(request);
        var user = await moderation.FindUserAsync(caller.Project, request.UserId, cancellationToken);
        await named.AsOwnerAsync(
            caller.Project, groupId, async group =>
            {
                await bans.BanAsync(group.Actor, group.Key, user, until.ToUnixTimeMilliseconds(), reason);
                return true;
            },
            cancellationToken);
        await actions.DoneAsync(caller, "group.user_banned", $"{user.LoginId} from {groupId}", cancellationToken);
        return new ModeratedUser(user.LoginId, ModerationService.Shown(until), reason);
    }

    /// <summary>It is no error if the user is not banned.</summary>
    /// <exception cref="VoxException">group_not_found, invalid_field</exception>
    internal async Task LiftAsync(ServerCaller caller, string groupId, string userId, CancellationToken cancellationToken)
    {
        var id = loginIds.Check(userId, "userId");
        await named.AsOwnerAsync(
            caller.Project, groupId, async group =>
            {
                await bans.LiftAsync(group.Actor, group.Key, id);
                return true;
            },
            cancellationToken);
        await actions.DoneAsync(caller, "group.user_unbanned", $"{id} from {groupId}", cancellationToken);
    }

    /// <summary>Those who are banned now; all on one page: a group has at most some thousand rows of members.</summary>
    /// <exception cref="VoxException">group_not_found</exception>
    internal Task<ModeratedPage> ListAsync(Project project, string groupId, CancellationToken cancellationToken) => named.AsOwnerAsync(
        project, groupId, async group => new ModeratedPage(
            [
                .. (await bans.ListAsync(group.Owner, group.Key, cancellationToken)).Select(member => new ModeratedUser(
                    member.LoginId, ModerationService.Shown(DateTimeOffset.FromUnixTimeMilliseconds(member.BannedUntil ?? 0)),
                    member.BanReason)),
            ],
            null),
        cancellationToken);
}
