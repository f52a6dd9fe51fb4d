using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

public enum GroupRole
{
    Member,
    Admin,
    Owner,
}

/// <summary>What the head of a conversation says when it is a group.</summary>
/// <param name="Photo">Storage key of a picture, or empty.</param>
/// <param name="Version">Counts every change of the group, its members and their roles: the state of the highest version holds.</param>
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
    string Change = "");

/// <summary>A member, or who was one: role, period, marks, all in one row.</summary>
/// <param name="JoinedSequence">The group's last sequence when he joined: he sees what comes after.</param>
/// <param name="JoinedVersion">The version of the group that made him a member; the lowest is the oldest member.</param>
/// <param name="Left">Not a member any more.</param>
/// <param name="LeftSequence">The group's last sequence when he left: he sees nothing after.</param>
/// <param name="Since">The version of the group that last changed his membership or role.</param>
/// <param name="Blocked">Has blocked the group for himself: no pushes, not listed, not added again.</param>
/// <param name="LastOwn">Sequence of his own newest message.</param>
/// <param name="Mark">How far he has got; its version is that of the row.</param>
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
    /// <summary>Null: not stored yet.</summary>
    public RowVersion? Version => Mark.Version;

    public bool Is(string uid) => !Left && Uid == uid;
}
