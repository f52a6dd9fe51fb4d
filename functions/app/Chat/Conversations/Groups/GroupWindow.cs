using Vox.Chat.Conversations.Storage;

namespace Vox.Chat.Conversations.Groups;

/// <summary>What one user sees of a group: sequences from <paramref name="First"/> to <paramref name="Last"/>.</summary>
/// <param name="First">One above the last message that they do not see.</param>
public sealed record GroupWindow(ConversationHead Head, GroupMember Member, long First, long Last)
{
    public GroupInfo Info => Head.Group!;

    /// <summary>How many messages of others they have not read. Whoever answers has read what came before.</summary>
    public long Unread
    {
        get
        {
            var from = Math.Max(Math.Max(Member.Mark.Read, Member.LastOwn), Member.JoinedSequence);
            return Math.Max(0, Last - from - (Member.LastUnseen > from ? 1 : 0));
        }
    }

    /// <summary>
    /// How many of the unread messages mention the member or everybody. Only the newest are known: 100 of the member, 50 of everybody.
    /// </summary>
    public int UnreadMentions
    {
        get
        {
            var from = Math.Max(Math.Max(Member.Mark.Read, Member.LastOwn), Math.Max(Member.JoinedSequence, First - 1));
            return Member.Mentioned.Union(Head.AllMentions ?? []).Count(sequence => sequence > from && sequence <= Last);
        }
    }

    public bool Sees(long sequence) => sequence >= First && sequence <= Last;
}
