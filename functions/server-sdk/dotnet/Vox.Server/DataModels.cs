namespace Vox.Server;

/// <summary>An archive of data.</summary>
public sealed record DataExport
{
    /// <summary>The export's id.</summary>
    public required string Id { get; init; }

    /// <summary><c>user</c> or <c>project</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary><c>running</c>, <c>ready</c>, <c>failed</c> (too large) or <c>expired</c>.</summary>
    public string State { get; init; } = "";

    /// <summary>The user; null for a project.</summary>
    public string? Subject { get; init; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>Who asked for it.</summary>
    public string RequestedBy { get; init; } = "";

    /// <summary>Of the archive, as far as it is written.</summary>
    public long Bytes { get; init; }

    /// <summary>Files in the archive.</summary>
    public long Entries { get; init; }

    /// <summary>Files that were deleted while they were being copied; zeros stand in their place.</summary>
    public long Missing { get; init; }

    /// <summary>When the archive is deleted; null until it is ready.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Where an archive can be downloaded, for some minutes, by whoever has the address.</summary>
public sealed record ExportLink(string Url, DateTimeOffset ExpiresAt);

/// <summary>What is erased, and how far it is.</summary>
public sealed record Erasure
{
    /// <summary>The erasure's id.</summary>
    public required string Id { get; init; }

    /// <summary><c>user</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary><c>running</c>, <c>sweeping</c> (everything is searched once more), <c>held</c> (a legal hold keeps a part) or
    /// <c>done</c>.</summary>
    public string State { get; init; } = "";

    /// <summary>The user; null when they are erased.</summary>
    public string? Subject { get; init; }

    /// <summary>What stands in place of the user's id.</summary>
    public string? Pseudonym { get; init; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>Who asked for it.</summary>
    public string RequestedBy { get; init; } = "";

    /// <summary>When the next step is due; null when it is done.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>When it was done; null before that.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>How many users were erased.</summary>
    public long Users { get; init; }

    /// <summary>How many conversations.</summary>
    public long Conversations { get; init; }

    /// <summary>How many messages were emptied.</summary>
    public long Messages { get; init; }

    /// <summary>How many rows of the log were emptied.</summary>
    public long LogRows { get; init; }

    /// <summary>How many files.</summary>
    public long Files { get; init; }

    /// <summary>Places where others had kept the user's id.</summary>
    public long References { get; init; }
}

/// <summary>
/// A device that gets push messages. <paramref name="Kind"/>: <c>web</c>, <c>fcm</c> or <c>apns</c>. <paramref name="Session"/>: the log-in
/// that it goes with. <paramref name="QuietHours"/>: when nothing is sent; null for never. Tokens are never shown.
/// </summary>
public sealed record UserDevice(
    string Id, string Kind, string Session, string? Language, string? AppVersion, QuietHours? QuietHours, DateTimeOffset CreatedAt,
    DateTimeOffset SeenAt);

/// <summary>From a minute (22:00) to a minute (07:00), in an IANA time zone.</summary>
public sealed record QuietHours(string? From, string? To, string? TimeZone);
