using Vox.Chat.Holds;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>
/// Whether a legal hold covers a conversation: its own, the project's, or that of somebody who is or was in it. A hold of a user keeps what
/// others wrote to them as well.
/// </summary>
public sealed class ConversationHolds(ConversationStore conversations, GroupStore groups)
{
    /// <summary>Costs nothing while no user of the project is held.</summary>
    public async Task<bool> IsHeldAsync(HoldSet holds, ConversationKey key, CancellationToken cancellationToken)
    {
        if (holds.IsEmpty || holds.HasConversation(key.Id))
        {
            return !holds.IsEmpty;
        }

        var users = holds.Users.ToList();
        if (users.Count == 0)
        {
            return false;
        }

        if (!key.IsGroup)
        {
            return await conversations.FindHeadAsync(key, cancellationToken) is { } head
                && users.Exists(user => head.IndexOf(user.Uid) >= 0);
        }

        var members = await ManyRequests.EachAsync(
            users, user => groups.FindMemberAsync(key, user.Target, cancellationToken), cancellationToken);
        return members.Zip(users).Any(pair => pair.First?.Uid == pair.Second.Uid);
    }
}
