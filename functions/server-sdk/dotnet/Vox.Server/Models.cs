using System.Text.Json;

namespace Vox.Server;

/// <summary>A user.</summary>
public sealed record VoxUser
{
    /// <summary>Chosen by you, 1 to 128 characters.</summary>
    public required string Id { get; init; }

    /// <summary>The name that others see.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>What they say of themselves.</summary>
    public string Status { get; init; } = "";

    /// <summary>The key of a file that is their picture; empty for none.</summary>
    public string Photo { get; init; } = "";

    /// <summary>What you keep with them. Users never see it.</summary>
    public JsonElement? Custom { get; init; }

    /// <summary>Whether they are kept from logging in.</summary>
    public bool Disabled { get; init; }

    /// <summary>When they were created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>For conditional changes.</summary>
    public string Etag { get; init; } = "";

    /// <summary>Banned until then; null for never.</summary>
    public DateTimeOffset? BannedUntil { get; init; }

    /// <summary>Muted until then; null for never.</summary>
    public DateTimeOffset? MutedUntil { get; init; }
}

/// <summary>What a user shall be. Null: as it is. An empty text clears a field.</summary>
public sealed record UserDraft
{
    /// <summary>Their id; ignored in a change of one user.</summary>
    public string? Id { get; init; }

    /// <summary>At most 100 characters.</summary>
    public string? DisplayName { get; init; }

    /// <summary>At most 500 characters.</summary>
    public string? Status { get; init; }

    /// <summary>The key of a file of the project.</summary>
    public string? Photo { get; init; }

    /// <summary>An object of at most 8 KB, which takes the place of the one before; <c>{}</c> removes it.</summary>
    public JsonElement? Custom { get; init; }
}

/// <summary>Users after an upsert.</summary>
public sealed record UpsertedUsers(IReadOnlyList<VoxUser> Users, IReadOnlyList<string> Created);

/// <summary>Whether a user is online.</summary>
public sealed record UserPresence(string Id, bool Online, DateTimeOffset? LastSeen);

/// <summary>A log-in of a user on a device.</summary>
public sealed record UserSession(string Id, string Device, DateTimeOffset CreatedAt, DateTimeOffset RefreshedAt, DateTimeOffset ExpiresAt);

/// <summary>What a token shall be.</summary>
public sealed record TokenOptions
{
    /// <summary>A minute to a day; null for an hour.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>Whether a log-in with it ends the user's other sessions.</summary>
    public bool SingleDevice { get; init; }

    /// <summary>Whether to create the user if they do not exist. Needs the scope <c>users:write</c> too.</summary>
    public bool CreateUser { get; init; }
}

/// <summary>With this, the user's app logs in.</summary>
public sealed record LoginToken(string Token, string UserId, DateTimeOffset ExpiresAt);

/// <summary>Tokens made before, and sessions begun before, have ended.</summary>
public sealed record RevokedTokens(DateTimeOffset Before);

/// <summary>A group.</summary>
public sealed record VoxGroup
{
    /// <summary>Your own id, or else the conversation's.</summary>
    public required string Id { get; init; }

    /// <summary>The id by which users know it.</summary>
    public required string Conversation { get; init; }

    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Empty for none.</summary>
    public string Description { get; init; } = "";

    /// <summary>The key of a file; empty for none.</summary>
    public string Photo { get; init; } = "";

    /// <summary>The owner's user id.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Members in all.</summary>
    public int MemberCount { get; init; }

    /// <summary>Up to 100,000 members, of whom only the owner and the admins write.</summary>
    public bool Broadcast { get; init; }

    /// <summary>Only the owner, the admins and servers write for now.</summary>
    public bool Frozen { get; init; }

    /// <summary>What you keep with it. Members never see it.</summary>
    public JsonElement? Custom { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>For conditional changes.</summary>
    public string Etag { get; init; } = "";
}

/// <summary>A group to begin.</summary>
public sealed record GroupDraft
{
    /// <summary>Your own id: 1 to 64 ASCII letters, digits and <c>-_.:</c>; null for none.</summary>
    public string? Id { get; init; }

    /// <summary>At most 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The user who owns it.</summary>
    public required string Owner { get; init; }

    /// <summary>At most 500 characters.</summary>
    public string? Description { get; init; }

    /// <summary>The key of a file of the project.</summary>
    public string? Photo { get; init; }

    /// <summary>Up to 1,000 users besides the owner.</summary>
    public IReadOnlyList<string>? Members { get; init; }

    /// <summary>Up to 100,000 members, of whom only the owner and the admins write.</summary>
    public bool Broadcast { get; init; }

    /// <summary>An object of at most 8 KB.</summary>
    public JsonElement? Custom { get; init; }
}

/// <summary>What a group shall be. Null: as it is.</summary>
public sealed record GroupChange
{
    /// <summary>At most 100 characters.</summary>
    public string? Name { get; init; }

    /// <summary>At most 500 characters; empty for none.</summary>
    public string? Description { get; init; }

    /// <summary>The key of a file of the project; empty for none.</summary>
    public string? Photo { get; init; }

    /// <summary>True: only the owner, the admins and servers write to it.</summary>
    public bool? Frozen { get; init; }

    /// <summary>A member who becomes the owner.</summary>
    public string? Owner { get; init; }

    /// <summary>An object of at most 8 KB; <c>{}</c> removes it.</summary>
    public JsonElement? Custom { get; init; }
}

/// <summary>A member of a group. <paramref name="Role"/>: owner, admin or member.</summary>
public sealed record GroupMember(string Id, string Role, DateTimeOffset JoinedAt);

/// <summary>What a call with many members has done.</summary>
public sealed record MembersChanged(int Changed, IReadOnlyList<RefusedMember> Refused);

/// <summary>Somebody who was not added or removed. <paramref name="Error"/>: an error's code.</summary>
public sealed record RefusedMember(string Id, string Error);

/// <summary>A user who is banned or muted. <paramref name="Until"/>: null for ever.</summary>
public sealed record ModeratedUser(string UserId, DateTimeOffset? Until, string Reason, DateTimeOffset? At, string? By);
