using Vox.Platform.Storage;

namespace Vox.Chat.Moderation;

/// <summary>A message or a user that was flagged: one entry of the moderators' queue, whoever flags it.</summary>
/// <param name="Id">Follows from what was flagged.</param>
/// <param name="Conversation">The message's; empty for a user.</param>
/// <param name="Sequence">The message's; 0 for a user.</param>
/// <param name="LoginId">The flagged user, or who wrote the message.</param>
/// <param name="IsOpen">It waits for a decision. A flag after a decision opens it again.</param>
/// <param name="Count">How many flags there were in all.</param>
/// <param name="Reason">Of the newest flag.</param>
/// <param name="LastAt">When the newest flag came.</param>
/// <param name="QueuedAt">Its place in the queue: since when it is open, or when it was decided.</param>
public sealed record Flagged(
    string ProjectId, string Id, string Conversation, long Sequence, string LoginId, string Uid, bool IsOpen, int Count, string Reason,
    DateTimeOffset FirstAt, DateTimeOffset LastAt, DateTimeOffset QueuedAt, FlagDecision? Decision = null, RowVersion? Version = null)
{
    public bool IsMessage => Conversation.Length > 0;

    /// <summary>The entry with one more flag.</summary>
    public Flagged With(Flag flag) => this with
    {
        Count = Count + 1,
        Reason = flag.Reason,
        LastAt = flag.At,
        IsOpen = true,
        QueuedAt = IsOpen ? QueuedAt : flag.At,
    };
}

/// <summary>What a moderator decided last.</summary>
/// <param name="Action">Of <see cref="FlagActions"/>.</param>
/// <param name="Note">For other moderators; empty for none.</param>
/// <param name="By">A developer's e-mail address, or the name of an API key.</param>
public sealed record FlagDecision(string Action, string Note, string By, DateTimeOffset At);

/// <summary>That a user has flagged something.</summary>
/// <param name="Text">What they add; empty for nothing.</param>
public sealed record Flag(string LoginId, string Uid, string Reason, string Text, DateTimeOffset At);

/// <summary>How often a user has flagged on a day.</summary>
public sealed record FlagCount(DateOnly Day, int Count, RowVersion? Version);

/// <summary>Why somebody flags.</summary>
public static class FlagReasons
{
    /// <summary>Nobody has flagged it: a word list has.</summary>
    public const string WordList = "word_list";

    /// <summary>Stands for the user in such a flag.</summary>
    public const string WordListUid = "words";

    /// <summary>Those that users can give.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["spam", "harassment", "hate", "violence", "sexual", "self_harm", "illegal", "other"];
}

/// <summary>What a moderator can decide.</summary>
public static class FlagActions
{
    public const string Keep = "keep";
    public const string Delete = "delete";
    public const string Mute = "mute";
    public const string Ban = "ban";

    public static IReadOnlyList<string> All { get; } = [Keep, Delete, Mute, Ban];
}
