using Vox.Chat.Conversations.Personal;

namespace Vox.Chat.Exports;

/// <param name="Kind"><c>user</c> or <c>project</c>.</param>
/// <param name="State"><c>running</c>, <c>ready</c>, <c>failed</c> (too large) or <c>expired</c>.</param>
/// <param name="Subject">The user's login id; absent for a project.</param>
/// <param name="Bytes">Of the archive, as far as it is written.</param>
/// <param name="Entries">Files in the archive.</param>
/// <param name="Missing">Files that were deleted while they were being copied; zeros stand in their place.</param>
/// <param name="ExpiresAt">When the archive is deleted. Absent until it is ready.</param>
public sealed record ExportView(
    string Id, ExportKind Kind, ExportState State, string? Subject, DateTimeOffset RequestedAt, string RequestedBy, long Bytes,
    long Entries, long Missing, DateTimeOffset? ExpiresAt)
{
    public static ExportView Of(Export export) => new(
        export.Id, export.Kind, export.State, export.Subject.Length > 0 ? export.Subject : null, export.RequestedAt, export.RequestedBy,
        export.Bytes, export.Entries, export.Missing, export.ExpiresAt);
}

/// <param name="Exports">Newest first.</param>
public sealed record ExportList(IReadOnlyList<ExportView> Exports);

/// <param name="Username">The user's login id; absent for the whole project.</param>
public sealed record ExportRequest(string? Username);

/// <param name="Url">Where the archive can be downloaded, with ranges, by whoever has the address. It lives for some minutes.</param>
public sealed record ExportLink(string Url, DateTimeOffset ExpiresAt);

internal sealed record ExportedUser(
    string Username, DateTimeOffset CreatedAt, bool Disabled, string DisplayName, string Status, string Photo, DateTimeOffset? LastSeen);

internal sealed record ExportedContact(string Username, bool Contact, bool Blocked);

internal sealed record ExportedSession(DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string Device);

internal sealed record ExportedConversation(
    string Conversation, bool Group, string Name, string Description, IReadOnlyList<string> Members, long LastSequence,
    ConversationSettings? Settings = null);

internal sealed record ExportedMember(
    string Conversation, string Username, string Role, bool Left, DateTimeOffset JoinedAt);

internal sealed record ExportedReaction(string Conversation, long Sequence, string Emoji, DateTimeOffset At);

internal sealed record ExportedFile(
    string Path, string Key, string Owner, string ContentType, long Size, DateTimeOffset CreatedAt, string? Conversation);

internal sealed record ExportedProject(
    string Id, string Name, DateTimeOffset CreatedAt, bool LogEnabled, int? RetentionDays, IReadOnlyList<string> AllowedOrigins);

/// <summary>The last file of an archive. Without it, the archive is not whole.</summary>
internal sealed record ExportManifest(
    string Project, ExportKind Kind, string? Subject, DateTimeOffset RequestedAt, DateTimeOffset FinishedAt, long Files, long Missing);

