namespace Vox.Chat.Conversations.Groups;

/// <summary><c>POST /api/v1/groups</c></summary>
/// <param name="Photo">Storage key of a picture.</param>
/// <param name="Members">Login ids of users to begin with, besides the caller.</param>
public sealed record CreateGroupRequest(
    string? Name, string? Description = null, string? Photo = null, IReadOnlyList<string>? Members = null);

/// <summary><c>PATCH /api/v1/groups/{group}</c>; what is absent stays as it is.</summary>
/// <param name="Description">Empty: the group has none any more.</param>
/// <param name="Photo">Empty: the group has none any more.</param>
public sealed record UpdateGroupRequest(string? Name = null, string? Description = null, string? Photo = null);

/// <summary><c>POST …/members</c> and <c>PUT …/admins</c></summary>
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
/// <param name="Members">In the order in which they joined.</param>
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
    IReadOnlyList<GroupMemberView> Members);

public sealed record GroupSummary(
    string Id, string Name, string Description, string Photo, string Owner, string Role, int MemberCount, long Version, bool Blocked);

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
