using System.ComponentModel;

namespace Vox.Chat.ServerApi.People;

/// <summary><c>POST /api/server/v1/presence</c></summary>
internal sealed record ServerPresenceRequest(
    [property: Description("1 to 100 user ids.")]
    IReadOnlyList<string>? Ids);

internal sealed record ServerPresence(
    [property: Description("The user's id.")]
    string Id,
    [property: Description("Whether they have a live connection.")]
    bool Online,
    [property: Description("Online: since when. Offline: when they were online last. Absent for never.")]
    DateTimeOffset? LastSeen);

internal sealed record ServerPresenceList(
    [property: Description("Those of the ids that are users, each once.")]
    IReadOnlyList<ServerPresence> Users);

/// <summary>A log-in of a user on a device.</summary>
internal sealed record ServerSession(
    [property: Description("The session's id.")]
    string Id,
    [property: Description("What the device calls itself. Empty for nothing.")]
    string Device,
    [property: Description("When the user logged in.")]
    DateTimeOffset CreatedAt,
    [property: Description("When the device last got new tokens.")]
    DateTimeOffset RefreshedAt,
    [property: Description("When it ends, unless the device gets new tokens before.")]
    DateTimeOffset ExpiresAt);

internal sealed record ServerSessionList(
    [property: Description("The newest first.")]
    IReadOnlyList<ServerSession> Sessions);
