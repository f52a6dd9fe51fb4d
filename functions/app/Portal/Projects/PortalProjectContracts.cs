using Vox.Chat.Projects;

namespace Vox.Portal.Projects;

internal sealed record ProjectNameRequest(string? Name);

public sealed record ProjectList(IReadOnlyList<ProjectSummary> Projects);

public sealed record ProjectSummary(string Id, string Name, ProjectRole Role, DateTimeOffset CreatedAt);

/// <param name="PreviousTokenUntil">Until this time, the auth token from before the last rotation is accepted as well.</param>
/// <param name="Tokens">The auth tokens that are accepted: the present one first, then the earlier ones, the newest first.</param>
/// <param name="Version">Is sent back with changed settings, so that nobody overwrites changes that they have not seen.</param>
public sealed record ProjectDetails(
    string Id, string Name, ProjectRole Role, DateTimeOffset CreatedAt, bool LogEnabled, int? RetentionDays,
    IReadOnlyList<string> AllowedOrigins, DateTimeOffset? PreviousTokenUntil, int Users, string Version, int MinPasswordLength,
    Visibility Visibility, bool KeepsMetadata, IReadOnlyList<TokenView> Tokens, MessageSettings Messages)
{
    /// <summary>Who may mention everybody in a group.</summary>
    public MentionRight MentionsAll { get; init; }

    /// <summary>Whether users may search their conversations.</summary>
    public bool Search { get; init; }
}

/// <param name="Id">Names the token. The token itself is not stored.</param>
/// <param name="Until">When it ends; absent for the present one, which stays.</param>
public sealed record TokenView(string Id, DateTimeOffset? Until);

/// <summary>What users may do with messages that were sent.</summary>
/// <param name="EditWindowSeconds">
/// How long after sending authors may edit a text, in seconds, at most ten years; 0 never, -1 always. Default 86,400. In a request, absent:
/// as it is.
/// </param>
/// <param name="DeleteWindowSeconds">How long they may delete a message for everyone; like <c>editWindowSeconds</c>.</param>
/// <param name="KeepVersions">Whether texts from before edits are kept, for moderators by the server API. Default false.</param>
public sealed record MessageSettings(int? EditWindowSeconds = null, int? DeleteWindowSeconds = null, bool? KeepVersions = null);

/// <param name="AuthToken">Shown only this once: we keep nothing but its hash.</param>
public sealed record ProjectKeys(string ProjectId, string AuthToken, DateTimeOffset? PreviousTokenUntil);

/// <param name="OverlapHours">How long the present token stays valid: 0–168, default 24.</param>
internal sealed record RotateTokenRequest(int? OverlapHours);

/// <param name="AllowedOrigins">
/// Such as <c>https://www.example.com</c> or <c>capacitor://localhost</c>; <c>null</c> for pages without an origin. Empty for any page.
/// </param>
/// <param name="MinPasswordLength">The fewest characters of a new password at sign-up and in the portal: 1–64; absent: as it is.</param>
/// <param name="Visibility">Who sees profiles and presence and finds ids: <c>everybody</c> or <c>contacts</c>; absent: as it is.</param>
/// <param name="KeepsMetadata">Whether pictures keep what they say about place, camera and owner. Absent: as it is.</param>
/// <param name="Messages">What users may do with messages that were sent. Absent: as it is.</param>
public sealed record ProjectSettingsRequest(
    bool? LogEnabled, int? RetentionDays, IReadOnlyList<string>? AllowedOrigins, string? Version, int? MinPasswordLength = null,
    Visibility? Visibility = null, bool? KeepsMetadata = null, MessageSettings? Messages = null)
{
    /// <summary>Who may mention everybody in a group: <c>admins</c> or <c>members</c>; absent: as it is.</summary>
    public MentionRight? MentionsAll { get; init; }

    /// <summary>Whether users may search their conversations. It needs the chat log. Absent: as it is.</summary>
    public bool? Search { get; init; }
}

/// <param name="Confirmation">The project's name, typed.</param>
internal sealed record DeleteProjectRequest(string? Confirmation);
