namespace Vox.Chat.Conversations.Groups;

/// <summary><c>POST /api/v1/groups</c></summary>
/// <param name="Photo">Storage key of a picture.</param>
/// <param name="Members">Login ids of users to begin with, besides the caller.</param>
/// <param name="Broadcast">True: up to 100,000 members, of whom only the owner and the admins write. Default false.</param>
public sealed record CreateGroupRequest(
    string? Name, string? Description = null, string? Photo = null, IReadOnlyList<string>? Members = null, bool? Broadcast = null);

/// <summary><c>PATCH /api/v1/groups/{group}</c>; what is absent stays as it is.</summary>
/// <param name="Description">Empty: the group has none any more.</param>
/// <param name="Photo">Empty: the group has none any more.</param>
public sealed record UpdateGroupRequest(string? Name = null, string? Description = null, string? Photo = null);

/// <summary><c>POST …/members</c>, <c>PUT …/admins</c>, and at most 1,000 for <c>POST …/members/add</c> and <c>…/remove</c>.</summary>
internal sealed record GroupIdsRequest(IReadOnlyList<string>? Ids);

/// <summary>A member in a <see cref="GroupView"/>.</summary>
/// <param name="Role"><c>owner</c>, <c>admin</c> or <c>member</c>.</param>
/// <param name="JoinedAt">Unix ms.</param>
public sealed record GroupMemberView(string Id, string Role, long JoinedAt);

/// <summary>A group as one of its members sees it.</summary>
/// <param name="Role">The caller's role.</param>
/// <param name="Version">Counts the changes of the group: of two views, the one with the higher version is right.</param>
/// <param name="Blocked">The caller has blocked the group for themselves.</param>
/// <param name="FirstSequence">The first message that the caller sees has this sequence or a higher one.</param>
/// <param name="Members">
/// In the order in which they joined. Of a broadcast group only the owner and the admins: <c>GET …/members</c> has the others, in pages.
/// </param>
/// <param name="MemberCount">How many members there are in all.</param>
/// <param name="Broadcast">True for a broadcast group; absent for any other.</param>
/// <param name="Frozen">True while only the owner and the admins write to it; absent otherwise.</param>
public sealed record GroupView(
    string Id,
    string Name,
    string Description,
    string Photo,
    string Owner,
    string Role,
    long Version,
    long CreatedAt,
    bool Blocked,
    long FirstSequence,
    IReadOnlyList<GroupMemberView> Members,
    int MemberCount,
    bool? Broadcast = null,
    bool? Frozen = null);

/// <summary><c>GET …/members</c></summary>
/// <param name="Total">How many members there are in all; of a broadcast group it may be a minute old.</param>
/// <param name="Members">In an order of their own, which does not change.</param>
/// <param name="Cursor">For the next page; absent on the last.</param>
public sealed record GroupMemberPage(int Total, IReadOnlyList<GroupMemberView> Members, string? Cursor = null);

/// <summary><c>POST …/members/add</c> and <c>…/remove</c></summary>
/// <param name="Changed">How many have become members, or have ceased to be: not those who were so already.</param>
/// <param name="Refused">Those who were not added or removed, and why. All others are done.</param>
public sealed record MembersChanged(int Changed, IReadOnlyList<MemberRefused> Refused);

/// <param name="Error">An error's code, such as <c>user_not_found</c> or <c>blocked</c>.</param>
public sealed record MemberRefused(string Id, string Error);

/// <param name="MemberCount">Of a broadcast group it may be a minute old.</param>
/// <param name="Broadcast">True for a broadcast group; absent for any other.</param>
public sealed record GroupSummary(
    string Id, string Name, string Description, string Photo, string Owner, string Role, int MemberCount, long Version, bool Blocked,
    bool? Broadcast = null);

/// <param name="Total">How many groups the caller has in all.</param>
public sealed record GroupPage(int Total, IReadOnlyList<GroupSummary> Groups);

/// <summary>Argument of the live event <c>group</c>.</summary>
/// <param name="Type">One of <see cref="GroupEvents"/>.</param>
/// <param name="Group">The group's id.</param>
/// <param name="Members">Login ids of those whom the change concerns.</param>
/// <param name="Admins">The owner and the admins after the change.</param>
/// <param name="By">Login id of the user who did it.</param>
/// <param name="Client">Header <c>X-Client-Id</c> of the request: this client knows of the change already.</param>
internal sealed record GroupEvent(
    string Type,
    string Group,
    string Name,
    string Description,
    string Photo,
    IReadOnlyList<string> Members,
    IReadOnlyList<string> Admins,
    string Owner,
    string By,
    long Version,
    long Time,
    string? Client);

internal static class GroupEvents
{
    public const string Created = "GROUP-CREATED";
    public const string Deleted = "GROUP-DELETED";
    public const string Added = "USER-ADDED";
    public const string Removed = "USER-DELETED";
    public const string Promoted = "USER-ASSIGNED-AS-ADMIN";
    public const string Dismissed = "DISMISSED-AS-ADMIN-FROM-GROUP";
    public const string Left = "USER-LEFT";
    public const string Updated = "UPDATED-GROUP-INFO";

    /// <summary>Told only to the user's own devices.</summary>
    public const string Blocked = "GROUP-BLOCKED";

    /// <summary>Told only to the user's own devices.</summary>
    public const string Unblocked = "GROUP-UNBLOCKED";
}
