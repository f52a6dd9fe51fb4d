using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>What somebody wants to change about a message.</summary>
public abstract record WantedChange;

/// <param name="Data">The new text.</param>
/// <param name="KeepsVersion">Whether the text before it is kept, for moderators.</param>
/// <param name="Window">How long after sending the author may edit, in seconds; -1 for always.</param>
public sealed record WantedEdit(string Data, bool KeepsVersion, int Window) : WantedChange
{
    /// <summary>Login ids of the members whom the message mentions from now on. Null: as before.</summary>
    public IReadOnlyList<string>? Mentions { get; init; }

    /// <summary>Whether it mentions everybody from now on. Null: as before.</summary>
    public bool? MentionsAll { get; init; }

    /// <summary>The least role that may mention everybody.</summary>
    public GroupRole MentionsAllFrom { get; init; } = GroupRole.Admin;
}

/// <param name="Window">How long after sending the author may delete for everyone, in seconds; -1 for always.</param>
public sealed record WantedDeletion(int Window) : WantedChange;

/// <param name="Emoji">In the form in which equal emojis are equal texts.</param>
/// <param name="Present">False to take the reaction back.</param>
public sealed record WantedReaction(string Emoji, bool Present) : WantedChange;

public sealed record WantedPin(bool Present) : WantedChange;

/// <summary>Who wants it.</summary>
/// <param name="Uid">Empty for the customer's server, which may change what is anybody's.</param>
/// <param name="SeesAll">In a group: also what was written before they joined.</param>
/// <param name="MayModerate">In a group: whether members with this role may delete and pin what others wrote.</param>
public sealed record ChangeActor(string LoginId, string Uid, bool SeesAll, Func<GroupRole, bool> MayModerate)
{
    public bool IsServer => Uid.Length == 0;
}

/// <summary>The answer to a change.</summary>
/// <param name="Message">The message as it is now.</param>
/// <param name="Change">Null when nothing had to be changed, or the same change was made before.</param>
/// <param name="Head">The conversation's head after it.</param>
/// <param name="Before">The message as it was before. Null without a change.</param>
/// <param name="Tip">As in <see cref="SentMessage"/>.</param>
public sealed record ChangeResult(
    ConversationHead Head, Message Message, MessageChange? Change = null, Message? Before = null, string? Tip = null);

/// <summary>A change that waits for its transaction.</summary>
/// <param name="changeId">The client's own, or one made here. A repeated change with the same id is not made again.</param>
/// <param name="hasOwnId">Whether the client has chosen it, so that it may come again.</param>
/// <param name="tip">As a send has it, unread: who the members are is known only in the lane.</param>
/// <param name="isHeld">Whether a legal hold keeps what was written. Null when it does not matter.</param>
/// <param name="log">Whether the conversation's messages go into the project-wide log.</param>
public sealed class ChangeRequest(
    ConversationKey key, long sequence, WantedChange wanted, ChangeActor actor, string changeId, bool hasOwnId, string? tip, bool log,
    Func<Task<bool>>? isHeld = null)
    : LaneItem
{
    public ConversationKey Key => key;

    public long Sequence => sequence;

    public WantedChange Wanted => wanted;

    public ChangeActor Actor => actor;

    public string ChangeId => changeId;

    /// <summary>An edit is noted even without an id from the client: a lost answer must not make it twice.</summary>
    public bool IsNoted => hasOwnId || wanted is WantedEdit;

    /// <summary>Only if the message's last change is one of these; 0 is a message that was never changed. Null: whatever it is.</summary>
    public IReadOnlyList<long>? IfChange { get; init; }

    public string? Tip => tip;

    public Func<Task<bool>>? IsHeld => isHeld;

    /// <summary>Whether features wait for changes of the project's messages, see <see cref="ChatLogs.IStoredChangeStep"/>.</summary>
    public bool Tells { get; init; }

    /// <summary>Whether the log, files, reactions or features have to follow, and somebody has to see to it if this process ends.</summary>
    public bool HasToFollow => Tells || wanted is WantedDeletion || (log && wanted is WantedEdit);

    public TaskCompletionSource<ChangeResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// The change, the message, its result, and earlier texts or the two rows of a reaction; and the members whom an edit mentions.
    /// </summary>
    protected override int Rows => 5 + ((wanted as WantedEdit)?.Mentions?.Count ?? 0);

    protected override int Bytes => 40_000 + (wanted is WantedEdit edit
        ? (3 * JsonSize.Of(edit.Data)) + (edit.Mentions ?? []).Sum(static name => Append.MentionBytes + (2 * JsonSize.Of(name)))
        : 0);

    public override void Fail(Exception reason) => Done.TrySetException(reason);
}
