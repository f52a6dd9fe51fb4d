using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>A member as recorded in the head of a direct conversation.</summary>
/// <param name="LastOwn">Sequence of the member's own newest message.</param>
/// <param name="Blocks">Does not take messages from the other.</param>
public sealed record Member(string LoginId, string Uid, long LastOwn = 0, bool Blocks = false);

/// <summary>How far a member has got: everything up to the sequences is delivered or read.</summary>
/// <param name="DeliveredAt">When it got there, Unix ms; 0 for never.</param>
/// <param name="Version">Null: not stored yet.</param>
public sealed record Mark(long Delivered, long DeliveredAt, long Read, long ReadAt, RowVersion? Version)
{
    public static readonly Mark None = new(0, 0, 0, 0, null);
}

/// <summary>The head row: the only row that every send changes.</summary>
/// <param name="Members">Both users, once when they are the same; empty in a group, whose members have rows of their own.</param>
/// <param name="LastSequence">0 before the first message.</param>
/// <param name="LastTime">Time of the last message, Unix ms.</param>
/// <param name="Closed">No more messages: a member, or the group, was deleted.</param>
/// <param name="Version">Null: not stored yet.</param>
/// <param name="Group">Null between two users.</param>
public sealed record ConversationHead(
    IReadOnlyList<Member> Members,
    long LastSequence,
    long LastTime,
    bool Closed,
    RowVersion? Version,
    GroupInfo? Group = null)
{
    /// <summary>The member's place in <see cref="Members"/>, which never changes; -1 for anybody else.</summary>
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

    /// <summary>The other member; oneself in a conversation with oneself.</summary>
    public Member OtherThan(string uid) => Members[^1].Uid == uid ? Members[0] : Members[^1];

    /// <summary>Messages that the member has not read. Who answers has read what came before.</summary>
    public long UnreadBy(string uid, Mark mark) =>
        Math.Max(0, LastSequence - Math.Max(mark.Read, IndexOf(uid) is >= 0 and var i ? Members[i].LastOwn : 0));
}

/// <summary>A conversation as one query gives it.</summary>
/// <param name="Marks">By uid; who has not got anything is absent.</param>
/// <param name="Newest">Newest first.</param>
public sealed record ConversationView(
    ConversationHead Head, IReadOnlyDictionary<string, Mark> Marks, IReadOnlyList<Message> Newest)
{
    public Mark MarkOf(string uid) => Marks.GetValueOrDefault(uid, Mark.None);
}
