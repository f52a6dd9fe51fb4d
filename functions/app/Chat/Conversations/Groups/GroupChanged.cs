using Vox.Chat.Model;
using Vox.Chat.Conversations.Storage;

namespace Vox.Chat.Conversations.Groups;

/// <summary>A change that was stored.</summary>
/// <param name="Head">The group as the change left it.</param>
/// <param name="Deferred">Those who join the live group later.</param>
public sealed record GroupChanged(ConversationHead Head, IReadOnlyList<MemberChange> Members, IReadOnlyList<UserIdentity> Deferred)
{
    /// <summary>Login ids of those whom the change concerns.</summary>
    public List<string> Ids => [.. Members.Select(change => change.LoginId)];
}
