namespace Vox.Portal.Users;

/// <param name="LastSeen">When they were last connected; absent: never. For somebody who is online: since when.</param>
/// <param name="Conversations">The first 50, by the time of their last message, the newest first.</param>
/// <param name="MoreConversations">How many there are beside those.</param>
public sealed record ProjectUserDetails(
    string Username, DateTimeOffset CreatedAt, bool Disabled, bool Online, DateTimeOffset? LastSeen, string DisplayName, string Status,
    IReadOnlyList<UserSession> Sessions, IReadOnlyList<UserConversation> Conversations, int MoreConversations);

/// <param name="Device">What the app on the device calls itself; may be empty.</param>
/// <param name="UsedAt">When it last asked for a new access token.</param>
/// <param name="ExpiresAt">When it ends if it is not used until then.</param>
public sealed record UserSession(string Id, string Device, DateTimeOffset CreatedAt, DateTimeOffset UsedAt, DateTimeOffset ExpiresAt);

/// <param name="With">The other user, or the group's name.</param>
/// <param name="LastSequence">How many messages it has had.</param>
/// <param name="Left">Whether the user has left the group.</param>
public sealed record UserConversation(string Id, string With, bool Group, bool Left, long LastSequence, DateTimeOffset? LastMessageAt);

/// <param name="Id">Of one session; absent: all of them.</param>
public sealed record EndSessionsRequest(string? Username, string? Id);

/// <param name="Action"><c>disable</c>, <c>enable</c>, <c>logout</c> or <c>delete</c>.</param>
/// <param name="Usernames">1–100.</param>
public sealed record ManyUsersRequest(string? Action, IReadOnlyList<string?>? Usernames);

/// <param name="Code">A code of the error catalogue.</param>
public sealed record RefusedUser(string Username, string Code, string Reason);

/// <param name="Done">For how many it was done.</param>
public sealed record ManyUsersResponse(int Done, IReadOnlyList<RefusedUser> Refused);
