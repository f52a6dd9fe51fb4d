using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;

namespace Vox.Chat.Conversations.Groups;

/// <summary>A group as a change finds it: its head, and the rows that the change asked for.</summary>
public sealed record GroupState(ConversationKey Key, ConversationHead Head, IReadOnlyDictionary<string, GroupMember> Rows)
{
    public GroupInfo Info => Head.Group!;

    /// <summary>The version that the change makes.</summary>
    public long Next => Info.Version + 1;

    public GroupMember? Find(string loginId) => Rows.GetValueOrDefault(loginId);

    public GroupMember? FindPresent(string loginId) => Find(loginId) is { Left: false } member ? member : null;

    /// <summary>Null: not a member.</summary>
    public GroupRole? RoleOf(GroupActor actor) => Find(actor.LoginId) is { } member && member.Is(actor.Uid) ? member.Role : null;
}
