namespace Vox.Chat.Model;

/// <summary>What happened to a message after it was sent. The numbers are stored: they never change.</summary>
public enum ChangeKind
{
    Edited = 1,
    Deleted = 2,
    Reacted = 3,
    Unreacted = 4,
    Pinned = 5,
    Unpinned = 6,
}

/// <summary>What has become of a message since it was sent.</summary>
/// <param name="Change">Number of the conversation's last change that touched it; 0 for none.</param>
/// <param name="EditedAt">Unix ms; 0 for never.</param>
/// <param name="DeletedAt">Unix ms; 0 for never. Then the place in the conversation is all that is left of the message.</param>
/// <param name="DeletedBy">Login id; empty when the customer's server has deleted it.</param>
/// <param name="PinnedAt">Unix ms; 0 when it is not pinned.</param>
public sealed record MessageState(
    long Change = 0, long EditedAt = 0, long DeletedAt = 0, string DeletedBy = "", long PinnedAt = 0, string PinnedBy = "")
{
    public static readonly MessageState Unchanged = new();

    /// <summary>In the order in which the first of each kind came.</summary>
    public IReadOnlyList<ReactionSummary> Reactions { get; init; } = [];
}

/// <summary>One change of a conversation, as it stays on record.</summary>
/// <param name="Number">1, 2, 3, … without gaps.</param>
/// <param name="By">Login id; empty for the customer's server.</param>
/// <param name="At">Unix ms.</param>
/// <param name="Emoji">Of a reaction; else empty.</param>
public sealed record MessageChange(long Number, long Sequence, ChangeKind Kind, string By, string ByUid, long At, string Emoji = "");
