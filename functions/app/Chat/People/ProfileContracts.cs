namespace Vox.Chat.People;

/// <summary><c>GET /api/v1/profile</c></summary>
public sealed record ProfileView(string LoginId, string DisplayName, string Status, string Photo);

/// <summary><c>PUT /api/v1/profile</c>. An absent field stays as it is, an empty text clears it.</summary>
/// <param name="DisplayName">At most 100 characters.</param>
/// <param name="Status">At most 500 characters.</param>
/// <param name="Photo">Storage key of a picture, at most 512 characters.</param>
public sealed record ProfileRequest(string? DisplayName = null, string? Status = null, string? Photo = null);

/// <summary>Argument of the live event <c>profile</c>.</summary>
internal sealed record ProfileEvent(string User, string DisplayName, string Status, string Photo);

/// <summary><c>POST /api/v1/users/lookup</c>: at most 200 ids.</summary>
internal sealed record LookupRequest(IReadOnlyList<string>? Ids);

/// <param name="Users">Only users of the project whom the caller may find, in the order of the request.</param>
internal sealed record LookupResponse(IReadOnlyList<PersonView> Users);

/// <param name="LastSeen">
/// When the user last went offline; while they are online, since when they are. Unix ms; 0 for never, or when the asker may not see it.
/// </param>
public sealed record PersonView(string Id, string DisplayName, string Status, string Photo, bool Online, long LastSeen);
