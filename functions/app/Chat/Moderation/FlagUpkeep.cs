using Vox.Chat.Conversations.Storage;
using Vox.Chat.Holds;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Protection;
using Vox.Chat.Users;

namespace Vox.Chat.Moderation;

/// <summary>
/// What is to be decided about an erased user goes with them. In flags that they gave, a pseudonym takes the place of their name, and their
/// words go: moderators still see that somebody flagged.
/// </summary>
internal sealed class FlagErasure(FlagStore store, UserStore users) : IErasureStep
{
    public async Task EraseUserAsync(string projectId, string loginId, string pseudonym, CancellationToken cancellationToken)
    {
        // The user is gone. Whoever has the login id by now is somebody else.
        var successor = (await users.FindAsync(new UserKey(projectId, loginId), cancellationToken))?.Uid;
        await foreach (var entry in store.AboutAsync(projectId, loginId, cancellationToken))
        {
            if (entry.Uid != successor)
            {
                await store.RemoveAsync(entry, cancellationToken);
            }
        }

        await store.EraseFlagsByAsync(projectId, loginId, successor, pseudonym, cancellationToken);
    }

    /// <summary>The table is among those of the project.</summary>
    public Task EraseProjectAsync(string projectId, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Flags stay when a user is deleted, as their messages do. How often they have flagged goes.</summary>
internal sealed class FlagRemoval(FlagStore store) : IUserRemovalStep
{
    public Task RemoveAsync(User user, CancellationToken cancellationToken) =>
        store.RemoveCountAsync(user.ProjectId, user.Uid, cancellationToken);
}

/// <summary>Flags are kept as long as messages. Legal holds keep those about a user or a conversation.</summary>
internal sealed class FlagRetention(FlagStore store, HoldStore holds, ConversationHolds conversationHolds) : IMessageRetentionStep
{
    public async Task RemoveOlderAsync(Project project, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await foreach (var entry in store.OlderAsync(project.Id, before, cancellationToken))
        {
            var held = await holds.ReadAsync(project.Id, cancellationToken);
            if (!held.HasUser(entry.Uid)
                && !(entry.IsMessage
                    && await conversationHolds.IsHeldAsync(held, new(project.Id, entry.Conversation), cancellationToken)))
            {
                await store.RemoveAsync(entry, cancellationToken);
            }
        }
    }
}
