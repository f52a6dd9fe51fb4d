using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Users;

namespace Vox.Chat.Conversations;

/// <summary>
/// Closes the conversations of a deleted user. What was said stays with the others, and a new user of the same name cannot see it:
/// conversations belong to uids.
/// </summary>
public sealed class ConversationRemoval(ConversationStore conversations, RecentStore recents) : IUserRemovalStep
{
    public async Task RemoveAsync(User user, CancellationToken cancellationToken)
    {
        foreach (var recent in await recents.ListAsync(user.ProjectId, user.LoginId, cancellationToken))
        {
            if (recent.Group)
            {
                // Goes on without him.
                continue;
            }

            await conversations.ChangeHeadAsync(
                new ConversationKey(user.ProjectId, recent.ConversationId),
                head => head is null ? null : head with { Closed = true },
                cancellationToken);
            await recents.RemoveAsync(user.ProjectId, user.LoginId, recent.ConversationId, cancellationToken);
        }
    }
}
