using Vox.Chat.Conversations.Storage;

namespace Vox.Chat.Conversations.Groups;

/// <summary>What one user sees of a group: sequences from <paramref name="First"/> to <paramref name="Last"/>.</summary>
/// <param name="First">One above the last message that they do not see.</param>
public sealed record GroupWindow(ConversationHead Head, GroupMember Member, long First, long Last)
{
    public GroupInfo Info => Head.Group!;

    /// <summary>What the member has set for themselves.</summary>
    public PersonalState State => Member.Mark.State;

    /// <summary>Up to here they have read, or answered.</summary>
    private long ReadThrough => Math.Max(Math.Max(Member.Mark.Read, Member.LastOwn), Member.JoinedSequence);

    /// <summary>How many messages of others they have not read. Whoever answers has read what came before.</summary>
    public long Unread => State.CountUnread(ReadThrough, Last, Member.LastOwn, from => Member.LastUnseen > from ? 1 : 0);

    /// <summary>
    /// How many of the unread messages mention the member or everybody. Only the newest are known: 100 of the member, 50 of everybody.
    /// </summary>
    public int UnreadMentions
    {
        get
        {
            var from = State.UnreadAfter(Member.LastOwn) is { } unread ? unread.From - 1 : ReadThrough;
            return Member.Mentioned.Union(Head.AllMentions ?? []).Count(sequence => sequence > from && Sees(sequence));
        }
    }

    /// <summary>
    /// The first sequence that they see: members may not see what was sent before, and may have deleted it for themselves.
    /// </summary>
    public long FirstSeen => Math.Max(First, State.ClearedThrough + 1);

    /// <summary>Whether a message is between the bounds of their membership.</summary>
    public bool IsIn(long sequence) => sequence >= First && sequence <= Last;

    public bool Sees(long sequence) => IsIn(sequence) && State.Sees(sequence);
}
