namespace Vox.Server;

/// <summary>A flagged message or user, in the moderators' queue.</summary>
public sealed record FlaggedItem
{
    /// <summary>Further flags of the same have the same id.</summary>
    public required string Id { get; init; }

    /// <summary><c>message</c> or <c>user</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The flagged user, or who wrote the message.</summary>
    public string User { get; init; } = "";

    /// <summary>The message's conversation; null for a user.</summary>
    public string? Conversation { get; init; }

    /// <summary>The message's number in it; null for a user.</summary>
    public long? Sequence { get; init; }

    /// <summary><c>open</c> or <c>decided</c>. A flag after a decision opens it again.</summary>
    public string State { get; init; } = "";

    /// <summary>How many flags there were in all.</summary>
    public int Count { get; init; }

    /// <summary>Of the newest flag.</summary>
    public string Reason { get; init; } = "";

    /// <summary>When the first flag came.</summary>
    public DateTimeOffset FirstAt { get; init; }

    /// <summary>When the newest flag came.</summary>
    public DateTimeOffset LastAt { get; init; }

    /// <summary>The last decision; null before the first.</summary>
    public FlagDecision? Decision { get; init; }
}

/// <summary>What was decided: <c>keep</c>, <c>delete</c>, <c>mute</c> or <c>ban</c>.</summary>
public sealed record FlagDecision(string Action, string? Note, string By, DateTimeOffset At);

/// <summary>A flag by a user. <paramref name="By"/>: empty when a word list did it.</summary>
public sealed record FlagReport(string By, string Reason, string? Text, DateTimeOffset At);

/// <summary>
/// A flagged message or user, with the newest flags and the messages around it, oldest first.
/// </summary>
public sealed record FlagDetails(FlaggedItem Flag, IReadOnlyList<FlagReport> Reports, IReadOnlyList<VoxMessage> Messages);

/// <summary>Words and phrases of at most 64 characters; with an asterisk before and after it, also within words.</summary>
public sealed record WordLists
{
    /// <summary>A message with one of these is refused.</summary>
    public IReadOnlyList<string> Block { get; init; } = [];

    /// <summary>Asterisks take the place of these.</summary>
    public IReadOnlyList<string> Mask { get; init; } = [];

    /// <summary>A message with one of these is stored, and stands in the moderators' queue.</summary>
    public IReadOnlyList<string> Flag { get; init; } = [];

    /// <summary>Whether messages and edits by the server API are looked at too.</summary>
    public bool Server { get; init; }
}

/// <summary>The project's word lists, when they were changed last and by whom; null when there are none yet.</summary>
public sealed record StoredWordLists(
    IReadOnlyList<string> Block, IReadOnlyList<string> Mask, IReadOnlyList<string> Flag, bool Server, DateTimeOffset? ChangedAt,
    string? ChangedBy);

/// <summary>
/// What word lists say of a text. <paramref name="Action"/>: <c>block</c>, <c>mask</c> or <c>flag</c>; null when nothing was found.
/// <paramref name="Text"/>: as it would be stored; empty when it would be refused.
/// </summary>
public sealed record WordTrial(string? Action, string Text, IReadOnlyList<string> Found);
