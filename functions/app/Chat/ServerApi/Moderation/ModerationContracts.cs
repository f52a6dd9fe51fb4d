using System.ComponentModel;

namespace Vox.Chat.ServerApi.Moderation;

/// <summary><c>POST /api/server/v1/moderation/bans</c> and <c>…/mutes</c>, <c>POST /api/server/v1/groups/{groupId}/bans</c></summary>
internal sealed record ModerateRequest(
    [property: Description("The user's id.")]
    string? UserId,
    [property: Description("When it ends by itself. Default: never.")]
    DateTimeOffset? Until = null,
    [property: Description("Why, for developers: at most 200 characters. Users do not see it.")]
    string? Reason = null);

/// <summary>A user who is banned or muted.</summary>
internal sealed record ModeratedUser(
    [property: Description("The user's id.")]
    string UserId,
    [property: Description("When it ends by itself. Absent: never.")]
    DateTimeOffset? Until,
    [property: Description("Why. Empty for no reason.")]
    string Reason,
    [property: Description("When it began. Absent for a ban from a group.")]
    DateTimeOffset? At = null,
    [property: Description("The name of the API key, or the e-mail address of the developer, that did it. Absent for a ban from a group.")]
    string? By = null);

internal sealed record ModeratedPage(
    [property: Description("In the order of their keys, which is that of the ids for plain ASCII ids.")]
    IReadOnlyList<ModeratedUser> Users,
    [property: Description("Pass it as cursor to get the next page. Absent on the last page.")]
    string? Next);
