using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Users;

namespace Vox.Chat.Conversations;

/// <summary>
/// Closes the conversations of a deleted user. The other users keep the messages. A new user with the same login id cannot see them,
/// because conversations belong to uids.
/// </summary>
internal sealed class ConversationRemoval(ConversationStore conversations, RecentStore recents) : IUserRemovalStep
{
    public async Task RemoveAsync(User user, CancellationToken cancellationToken)
    {
        foreach (var recent in await recents.ListAsync(user.Identity, cancellationToken))
        {
            if (recent.Group)
            {
                // A group goes on without the deleted user.
                continue;
            }

            await conversations.ChangeHeadAsync(
                new ConversationKey(user.ProjectId, recent.ConversationId),
                head => head is null ? null : head with { Closed = true },
                cancellationToken);
            await recents.RemoveAsync(user.Identity, recent.ConversationId, cancellationToken);
        }
    }
}
