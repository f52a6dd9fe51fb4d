using System.ComponentModel;
using System.Text.Json;
using Vox.Chat.Conversations.Groups;

namespace Vox.Chat.ServerApi.Groups;

/// <summary>A group, as the customer's server sees it.</summary>
internal sealed record ServerGroup(
    [property: Description("The customer's own id, or else the conversation's.")]
    string Id,
    [property: Description("The id by which users and messages know the group.")]
    string Conversation,
    [property: Description("At most 100 characters.")]
    string Name,
    [property: Description("At most 500 characters. Empty for none.")]
    string Description,
    [property: Description("The key of a file of the project. Empty for none.")]
    string Photo,
    [property: Description("The owner's user id.")]
    string Owner,
    [property: Description("Members in all. Of a broadcast group in a list, it may be a minute old.")]
    int MemberCount,
    [property: Description("Up to 100,000 members, of whom only the owner and the admins write.")]
    bool Broadcast,
    [property: Description("Whether only the owner, the admins and servers write to it for now.")]
    bool Frozen,
    [property: Description("What the server keeps with the group, at most 8 KB. Members never see it. Absent for nothing.")]
    JsonElement? Custom,
    [property: Description("When the group began.")]
    DateTimeOffset CreatedAt,
    [property: Description("For If-Match: changes with the group, its members and their roles, but not with those who only read a "
        + "broadcast group.")]
    string Etag);

/// <summary><c>POST /api/server/v1/groups</c></summary>
internal sealed record CreateServerGroupRequest(
    [property: Description("At most 100 characters.")]
    string? Name,
    [property: Description("The user who owns the group. They are its first member.")]
    string? Owner,
    [property: Description("The customer's own id: 1 to 64 ASCII letters, digits, hyphens, underscores, full stops and colons. It names "
        + "one group for ever. Default: the group has none.")]
    string? Id = null,
    [property: Description("At most 500 characters.")]
    string? Description = null,
    [property: Description("The key of a file of the project.")]
    string? Photo = null,
    [property: Description("Up to 1,000 user ids, besides the owner. If one of them is refused, there is no group.")]
    IReadOnlyList<string>? Members = null,
    [property: Description("True: up to 100,000 members, of whom only the owner and the admins write. Default false.")]
    bool Broadcast = false)
{
    [Description("An object of at most 8 KB.")]
    public JsonElement Custom { get; init; }
}

/// <summary><c>PATCH /api/server/v1/groups/{groupId}</c>. A field that is absent stays as it is.</summary>
internal sealed record PatchServerGroupRequest(
    [property: Description("At most 100 characters.")]
    string? Name = null,
    [property: Description("At most 500 characters. Empty for none.")]
    string? Description = null,
    [property: Description("The key of a file of the project. Empty for none.")]
    string? Photo = null,
    [property: Description("True: only the owner, the admins and servers write to it. False: members write again.")]
    bool? Frozen = null,
    [property: Description("A member who becomes the owner. The former owner becomes an admin.")]
    string? Owner = null)
{
    [Description("An object of at most 8 KB, which takes the place of the one before. {} or null removes it.")]
    public JsonElement Custom { get; init; }
}

internal sealed record ServerGroupPage(
    [property: Description("In the order of their conversations' ids. With member: of that user, in the order of the ids too.")]
    IReadOnlyList<ServerGroup> Groups,
    [property: Description("Pass it as cursor to get the next page. Absent on the last page.")]
    string? Next);

internal sealed record ServerGroupMember(
    [property: Description("The user's id.")]
    string Id,
    [property: Description("owner, admin or member.")]
    string Role,
    [property: Description("When they joined.")]
    DateTimeOffset JoinedAt);

internal sealed record ServerGroupMemberPage(
    [property: Description("How many members there are in all. Of a broadcast group it may be a minute old.")]
    int Total,
    [property: Description("In an order of their own, which does not change.")]
    IReadOnlyList<ServerGroupMember> Members,
    [property: Description("Pass it as cursor to get the next page. Absent on the last page.")]
    string? Next);

/// <summary><c>POST …/members</c> and <c>POST …/members/remove</c></summary>
internal sealed record ServerMemberIds(
    [property: Description("1 to 1,000 user ids.")]
    IReadOnlyList<string>? Ids);

internal sealed record ServerMembersChanged(
    [property: Description("How many have become members, or have ceased to be: not those who were so already.")]
    int Changed,
    [property: Description("Those who were not added or removed, each with an error's code. All others are done.")]
    IReadOnlyList<MemberRefused> Refused);

/// <summary><c>PUT /api/server/v1/groups/{groupId}/members/{userId}</c></summary>
internal sealed record ServerMemberRole(
    [property: Description("admin or member. For another owner, see PATCH of the group.")]
    string? Role);
