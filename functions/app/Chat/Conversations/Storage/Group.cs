using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

public enum GroupRole
{
    Member,
    Admin,
    Owner,
}

/// <summary>What a conversation's head says about a group.</summary>
/// <param name="Photo">Storage key of a picture, or empty.</param>
/// <param name="Version">
/// Counts every change of the group, its members and their roles. The state with the highest version is valid.
/// </param>
/// <param name="CreatedAt">Unix ms.</param>
/// <param name="Change">Names the change that led to this version, so that its writer recognises it when the answer was lost.</param>
public sealed record GroupInfo(
    string Name,
    string Description,
    string Photo,
    string OwnerLogin,
    string OwnerUid,
    long Version,
    int MemberCount,
    long CreatedAt,
    string Change = "")
{
    /// <summary>The id that the customer's server gave the group; empty for none.</summary>
    public string OwnId { get; init; } = "";

    /// <summary>A JSON object that the customer's server keeps with the group; empty for none. Members do not see it.</summary>
    public string Custom { get; init; } = "";

    /// <summary>Only the owner, the admins and the customer's server write to the group.</summary>
    public bool Frozen { get; init; }

    /// <summary>
    /// The last sequence when somebody joined last: all members see what came after it. Null when not known, because nobody has joined
    /// since it is noted.
    /// </summary>
    public long? LastJoin { get; init; }
}

/// <summary>A present or former member: role, period and marks, all in one row.</summary>
/// <param name="JoinedSequence">
/// The group's last sequence when they joined. They see what comes after it, or all if the settings say so.
/// </param>
/// <param name="JoinedVersion">The version of the group that made them a member. The oldest member has the lowest.</param>
/// <param name="Left">Whether they are not a member any more.</param>
/// <param name="LeftSequence">The group's last sequence when they left. They see nothing after it.</param>
/// <param name="Since">The version of the group that last changed their membership or role.</param>
/// <param name="Blocked">Whether they have blocked the group: they get no pushes, do not see it listed and are not added again.</param>
/// <param name="LastOwn">Sequence of their own newest message.</param>
/// <param name="Mark">How far they have received and read messages. Its version is that of the row.</param>
public sealed record GroupMember(
    string LoginId,
    string Uid,
    GroupRole Role,
    long JoinedSequence,
    long JoinedAt,
    long JoinedVersion,
    bool Left,
    long LeftSequence,
    long Since,
    bool Blocked,
    long LastOwn,
    Mark Mark)
{
    /// <summary>
    /// Sequence of the newest message that was sent for them without them having read what came before. Only this one is known: earlier
    /// ones count as unread until they read or answer.
    /// </summary>
    public long LastUnseen { get; init; }

    /// <summary>Older ones are forgotten.</summary>
    internal const int MaxMentioned = 100;

    /// <summary>
    /// Sequences of the newest messages that mention the member, oldest first. Those that they have read may be among them.
    /// </summary>
    public IReadOnlyList<long> Mentioned { get; init; } = [];

    /// <summary>The mentions after further ones. What the member has read by now is forgotten.</summary>
    public IReadOnlyList<long> WithMentions(IEnumerable<long> sequences) =>
        [.. Mentioned.Where(sequence => sequence > Math.Max(Mark.Read, LastOwn)).Concat(sequences).TakeLast(MaxMentioned)];

    /// <summary>Until when nobody can add them, Unix ms: they were banned from the group. Null or a past time: they are not.</summary>
    public long? BannedUntil { get; init; }

    /// <summary>Why they were banned, for developers. Empty for no reason.</summary>
    public string BanReason { get; init; } = "";

    /// <summary>Of a broadcast group: the row is in <see cref="AudienceStore"/>, and the member does not write to the group.</summary>
    public bool InAudience { get; init; }

    /// <summary>Null when not stored yet.</summary>
    public RowVersion? Version => Mark.Version;

    public bool Is(string uid) => !Left && Uid == uid;

    /// <summary>In a broadcast group, and in a frozen one, only the owner and the admins write.</summary>
    public bool MayWrite(ConversationKey group, bool frozen) =>
        !InAudience && (!(group.IsBroadcast || frozen) || Role > GroupRole.Member);

    public UserIdentity In(ConversationKey group) => new(group.ProjectId, LoginId, Uid);
}
