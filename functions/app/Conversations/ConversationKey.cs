using Vox.Storage;

namespace Vox.Conversations;

/// <summary>Which conversation: its partition is <c>{project}|{id}</c>.</summary>
/// <param name="Id"><c>d…</c> for two users, a digest of their uids, the same from both sides.</param>
public readonly record struct ConversationKey(string ProjectId, string Id)
{
    public const char Direct = 'd';

    public string Partition => Keys.Conversation(ProjectId, Id);

    /// <summary>Whether a text from outside can be a conversation id.</summary>
    public static bool IsId(string text) => text.Length is > 1 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>The conversation of two users, or of one with himself. By uid: a new user of an old name has new conversations.</summary>
    public static ConversationKey Between(string projectId, string uid, string otherUid) =>
        string.CompareOrdinal(uid, otherUid) <= 0
            ? new(projectId, Direct + KeyText.Digest(uid, otherUid))
            : new(projectId, Direct + KeyText.Digest(otherUid, uid));
}
