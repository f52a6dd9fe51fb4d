using Vox.Platform.Storage;

namespace Vox.Chat.Model;

/// <summary>Names a conversation. Its partition is <c>{project}|{id}</c>.</summary>
/// <param name="Id">
/// <c>d…</c> for two users: a digest of their uids, the same from both sides. <c>g</c> and 22 random characters for a group. A broadcast
/// group's id begins with <c>gBroadcast</c>: whoever has the id knows where the members are, without reading anything.
/// </param>
public readonly record struct ConversationKey(string ProjectId, string Id)
{
    public const char Direct = 'd';
    public const char Group = 'g';
    private const string Broadcast = "gBroadcast";
    private const int GroupLength = 23;

    public bool IsGroup => Id.StartsWith(Group);

    /// <summary>
    /// A group whose members, but for those who write to it, are in table <c>audience</c>. That the id of an ordinary group looks like this
    /// is as unlikely as guessing one: its first nine characters would have to be these.
    /// </summary>
    public bool IsBroadcast => Id.Length == GroupLength && Id.StartsWith(Broadcast, StringComparison.Ordinal);

    public string Partition => ChatKeys.Conversation(ProjectId, Id);

    /// <summary>Whether a text from a client can be a conversation id.</summary>
    public static bool IsId(string text) => text.Length is > 1 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>
    /// Whether a text from a client can be a group's id. It may also be a user's login id, as long as there is no such group.
    /// </summary>
    public static bool IsGroupId(string text) => text.Length == GroupLength && text[0] == Group && text.All(char.IsAsciiLetterOrDigit);

    /// <summary>130 random bits: nobody can guess it, and it never occurs twice.</summary>
    public static ConversationKey NewGroup(string projectId) =>
        NewGroup(projectId, broadcast: false, RandomIds.Create(GroupLength - 1));

    /// <param name="random">At least 22 letters and digits. A broadcast group takes 13 of them: 77 bits.</param>
    public static ConversationKey NewGroup(string projectId, bool broadcast, string random) =>
        new(projectId, ((broadcast ? Broadcast : Group.ToString()) + random)[..GroupLength]);

    /// <summary>
    /// The conversation of two users, or of one user with themselves. By uid: a new user with an old login id has new conversations.
    /// </summary>
    public static ConversationKey Between(string projectId, string uid, string otherUid) =>
        string.CompareOrdinal(uid, otherUid) <= 0
            ? new(projectId, Direct + KeyText.Digest(uid, otherUid))
            : new(projectId, Direct + KeyText.Digest(otherUid, uid));
}
