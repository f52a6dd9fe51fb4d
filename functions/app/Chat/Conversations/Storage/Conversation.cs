using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>A member as recorded in the head of a direct conversation.</summary>
/// <param name="LastOwn">Sequence of the member's own newest message.</param>
/// <param name="Blocks">Whether the member does not take messages from the other one.</param>
public sealed record Member(string LoginId, string Uid, long LastOwn = 0, bool Blocks = false)
{
    /// <summary>Older ones are forgotten, and count as messages of the other member until something is read.</summary>
    private const int MaxUnseen = 50;

    /// <summary>
    /// Sequences of messages after <see cref="LastOwn"/> that were sent for the member without them having read what came before.
    /// </summary>
    public IReadOnlyList<long> Unseen { get; init; } = [];

    public bool HasUnseen => Unseen.Any(static sequence => sequence > 0);

    /// <summary>The member after a message of theirs.</summary>
    public Member Sent(long sequence, bool marksRead) => marksRead
        // A commit merges what has changed, and merging removes no column: 0 takes its place, the sequence of no message.
        ? this with { LastOwn = sequence, Unseen = Unseen.Count > 0 ? [0] : [] }
        : this with { Unseen = [.. Unseen.TakeLast(MaxUnseen - 1), sequence] };

    /// <summary>How many of the messages after a sequence were sent for the member, and so are not of the other one.</summary>
    public long UnseenAfter(long from) => Unseen.Count(sequence => sequence > from);
}

/// <summary>How far a member has received and read messages: everything up to these sequences.</summary>
/// <param name="DeliveredAt">When the mark moved there, Unix ms; 0 for never.</param>
/// <param name="Version">Null when not stored yet.</param>
public sealed record Mark(long Delivered, long DeliveredAt, long Read, long ReadAt, RowVersion? Version)
{
    public static readonly Mark None = new(0, 0, 0, 0, null);

    /// <summary>What the user has set for themselves. It stands in the same row.</summary>
    public PersonalState State { get; init; } = PersonalState.None;

    /// <summary>The mark after a receipt. It never moves back, and has a new time only where it moves.</summary>
    public Mark Forward(long delivered, long read, long now) => this with
    {
        Delivered = Math.Max(delivered, Delivered),
        DeliveredAt = delivered > Delivered ? now : DeliveredAt,
        Read = Math.Max(read, Read),
        ReadAt = read > Read ? now : ReadAt,
    };
}

/// <summary>The head row: the only row that every send changes.</summary>
/// <param name="Members">Both users; one entry when they are the same user. Empty in a group, whose members have rows of their own.</param>
/// <param name="LastSequence">0 before the first message.</param>
/// <param name="LastTime">Time of the last message, Unix ms.</param>
/// <param name="Closed">Takes no more messages, because a member or the group was deleted.</param>
/// <param name="Version">Null when not stored yet.</param>
/// <param name="Group">Null between two users.</param>
public sealed record ConversationHead(
    IReadOnlyList<Member> Members,
    long LastSequence,
    long LastTime,
    bool Closed,
    RowVersion? Version,
    GroupInfo? Group = null)
{
    /// <summary>Number of the last change of a message: 0 before the first.</summary>
    public long LastChange { get; init; }

    /// <summary>How often the conversation was written to. It grows with every message and change, never back but for a restore.</summary>
    public long Progress => LastSequence + LastChange;

    /// <summary>Sequences of the pinned messages, the newest pin last. Null when not known: a tip does not have them.</summary>
    public IReadOnlyList<long>? Pins { get; init; } = [];

    /// <summary>Oldest first. Empty for a conversation from before there were epochs.</summary>
    public IReadOnlyList<ConversationEpoch> Epochs { get; init; } = [];

    /// <summary>
    /// In a group: sequences of the newest messages that mention everybody. Null when a <see cref="ConversationTips">tip</see> told of the
    /// head: a tip does not have them.
    /// </summary>
    public IReadOnlyList<long>? AllMentions { get; init; }

    /// <summary>The present one; 0 for a conversation from before there were epochs that was never restored.</summary>
    public long Epoch => Epochs.Count > 0 ? Epochs[^1].Epoch : 0;

    /// <summary>
    /// A group that ended because its last member has left, not because somebody deleted it: former members still see what they saw.
    /// </summary>
    public bool IsEnded => Closed && Group is { MemberCount: 0 };

    /// <summary>The member's index in <see cref="Members"/>, which never changes; -1 for anyone else.</summary>
    public int IndexOf(string uid)
    {
        for (var i = 0; i < Members.Count; i++)
        {
            if (Members[i].Uid == uid)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The other member. In a conversation with oneself, the same member.</summary>
    public Member OtherThan(string uid) => Members[^1].Uid == uid ? Members[0] : Members[^1];

    /// <summary>How many messages the member has not read. A member who answers has read everything before their answer.</summary>
    public long UnreadBy(string uid, Mark mark) => IndexOf(uid) is >= 0 and var i
        ? mark.State.CountUnread(Math.Max(mark.Read, Members[i].LastOwn), LastSequence, Members[i].LastOwn, Members[i].UnseenAfter)
        : Math.Max(0, LastSequence - mark.Read);
}

/// <summary>A conversation as one query returns it.</summary>
/// <param name="Marks">By uid. A member who has received nothing is absent.</param>
/// <param name="Newest">Newest first.</param>
public sealed record ConversationView(
    ConversationHead Head, IReadOnlyDictionary<string, Mark> Marks, IReadOnlyList<Message> Newest)
{
    public Mark MarkOf(string uid) => Marks.GetValueOrDefault(uid, Mark.None);
}
