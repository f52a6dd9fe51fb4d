using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Groups;

/// <summary>A deleted user leaves all their groups, and nothing of them remains there but what they said.</summary>
internal sealed class GroupRemoval(GroupMembership membership, RecentStore recents, ProjectService projects) : IUserRemovalStep
{
    public async Task RemoveAsync(User user, CancellationToken cancellationToken)
    {
        var all = await recents.ListAsync(user.Identity, cancellationToken);
        if (!all.Exists(recent => recent.Group))
        {
            return;
        }

        // Refuses to go on in a project that does not exist any more: nothing is to be written there.
        await projects.GetAsync(user.ProjectId, cancellationToken);
        var actor = new GroupActor(user.ProjectId, new Sender(user.LoginId, user.Uid), null);
        foreach (var recent in all.Where(recent => recent.Group))
        {
            try
            {
                await membership.LeaveAsync(actor, new(user.ProjectId, recent.ConversationId), erase: true);
            }
            catch (VoxException e) when (e.Error == Errors.GroupNotFound)
            {
                // The group was deleted meanwhile.
            }

            await recents.RemoveAsync(user.Identity, recent.ConversationId, cancellationToken);
        }
    }
}
