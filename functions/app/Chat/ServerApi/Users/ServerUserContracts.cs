using System.ComponentModel;
using System.Text.Json;

namespace Vox.Chat.ServerApi.Users;

/// <summary>A user, as the customer's server sees them.</summary>
internal sealed record ServerUser(
    [property: Description("The login id, chosen by the customer. Compared exactly, after Unicode normalization.")]
    string Id,
    [property: Description("The name that others see, at most 100 characters. Empty for none.")]
    string DisplayName,
    [property: Description("What the user says of themselves, at most 500 characters. Empty for nothing.")]
    string Status,
    [property: Description("The key of a file of the project that is their picture. Empty for none.")]
    string Photo,
    [property: Description("What the server keeps with the user, at most 8 KB. Users never see it. Absent for nothing.")]
    JsonElement? Custom,
    [property: Description("Whether the user is kept from logging in.")]
    bool Disabled,
    [property: Description("When the user was created.")]
    DateTimeOffset CreatedAt,
    [property: Description("For If-Match: changes whenever one of the other fields does. The same as the header ETag of a single user.")]
    string Etag,
    [property: Description("Banned from the project until then; 9999-12-31 for ever. Absent for a user who never was.")]
    DateTimeOffset? BannedUntil = null,
    [property: Description("Muted until then; 9999-12-31 for ever. Absent for a user who never was.")]
    DateTimeOffset? MutedUntil = null);

/// <summary>What a user shall be. A field that is absent stays as it is; an empty text clears it.</summary>
internal sealed record ServerUserDraft(
    [property: Description("The login id: 1 to 128 characters.")]
    string? Id,
    [property: Description("At most 100 characters.")]
    string? DisplayName = null,
    [property: Description("At most 500 characters.")]
    string? Status = null,
    [property: Description("The key of a file of the project.")]
    string? Photo = null)
{
    [Description("An object of at most 8 KB, which takes the place of the one before. {} or null removes it.")]
    public JsonElement Custom { get; init; }
}

/// <summary><c>POST /api/server/v1/users</c></summary>
internal sealed record UpsertUsersRequest(
    [property: Description("1 to 100 users, each id once.")]
    IReadOnlyList<ServerUserDraft>? Users);

internal sealed record UpsertUsersResponse(
    [property: Description("The users as they are now, in the order of the request.")]
    IReadOnlyList<ServerUser> Users,
    [property: Description("The ids of those that did not exist before.")]
    IReadOnlyList<string> Created);

/// <summary><c>PATCH /api/server/v1/users/{userId}</c>. A field that is absent stays as it is; an empty text clears it.</summary>
internal sealed record PatchUserRequest(
    [property: Description("At most 100 characters.")]
    string? DisplayName = null,
    [property: Description("At most 500 characters.")]
    string? Status = null,
    [property: Description("The key of a file of the project.")]
    string? Photo = null)
{
    [Description("An object of at most 8 KB, which takes the place of the one before. {} or null removes it.")]
    public JsonElement Custom { get; init; }
}

internal sealed record ServerUserPage(
    [property: Description("In the order of their keys, which is that of the ids for plain ASCII ids.")]
    IReadOnlyList<ServerUser> Users,
    [property: Description("Pass it as cursor to get the next page. Absent on the last page.")]
    string? Next);
