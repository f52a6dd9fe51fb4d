using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Projects;
using Vox.Chat.ServerApi.Messages;
using Vox.Chat.Sessions;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.ServerApi.Groups;

/// <summary>Members of groups and what they write, for customers' servers.</summary>
public sealed class ServerGroupMembers(
    ServerGroups named, GroupBulk bulk, GroupRoles roles, GroupMemberReader reader, ServerMessageService messages)
{
    /// <exception cref="VoxException">group_not_found, invalid_field</exception>
    internal Task<ServerGroupMemberPage> ListAsync(
        Project project, string id, string? cursor, int limit, CancellationToken cancellationToken) =>
        named.AsOwnerAsync(
            project, id, async group =>
            {
                var page = await reader.ReadAsync(group.Owner, group.Key, cursor, limit, cancellationToken);
                return new ServerGroupMemberPage(
                    page.Total,
                    [
                        .. page.Members.Select(member => new ServerGroupMember(
                            member.Id, member.Role, DateTimeOffset.FromUnixTimeMilliseconds(member.JoinedAt))),
                    ],
                    page.Cursor);
            },
            cancellationToken);

    /// <exception cref="VoxException">group_not_found, missing_field, too_long, invalid_field, limit_reached</exception>
    internal Task<ServerMembersChanged> AddAsync(
        Project project, string id, ServerMemberIds request, CancellationToken cancellationToken) => named.AsOwnerAsync(
            project, id, async group => Of(await bulk.AddAsync(group.Actor, group.Key, request.Ids, cancellationToken)), cancellationToken);

    /// <exception cref="VoxException">group_not_found, missing_field, too_long, invalid_field, realtime_unavailable</exception>
    internal Task<ServerMembersChanged> RemoveAsync(
        Project project, string id, ServerMemberIds request, CancellationToken cancellationToken) => named.AsOwnerAsync(
            project, id, async group => Of(await bulk.RemoveAsync(group.Actor, group.Key, request.Ids, cancellationToken)),
            cancellationToken);

    /// <exception cref="VoxException">group_not_found, member_not_found, invalid_field, owner_stays</exception>
    internal Task<ServerMemberRole> SetRoleAsync(
        Project project, string id, string userId, ServerMemberRole request, CancellationToken cancellationToken) => named.AsOwnerAsync(
            project, id, async group =>
            {
                await (request.Role switch
                {
                    "admin" => roles.PromoteAsync(group.Actor, group.Key, [userId]),
                    "member" => roles.DismissAsync(group.Actor, group.Key, userId),
                    _ => throw new VoxException(
                        Errors.InvalidField, "role must be admin or member. For another owner, PATCH the group.", "role"),
                });
                return new ServerMemberRole(request.Role);
            },
            cancellationToken);

    /// <summary>What the owner sees of the group's messages.</summary>
    /// <exception cref="VoxException">group_not_found, invalid_field</exception>
    internal Task<ServerMessagePage> ReadMessagesAsync(
        Project project, string id, string? cursor, int limit, CancellationToken cancellationToken) => named.AsOwnerAsync(
            project, id,
            group => messages.ReadAsync(project, group.Owner.LoginId, null, group.Key.Id, cursor, limit, cancellationToken),
            cancellationToken);

    private static ServerMembersChanged Of(MembersChanged changed) => new(changed.Changed, changed.Refused);
}
