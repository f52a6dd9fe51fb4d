using Vox.Chat.Conversations.Messages;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Groups;

/// <summary>A deleted user leaves all his groups, and nothing of him remains there but what he said.</summary>
public sealed class GroupRemoval(GroupMembership membership, RecentStore recents, ProjectService projects) : IUserRemovalStep
{
    public async Task RemoveAsync(User user, CancellationToken cancellationToken)
    {
        var all = await recents.ListAsync(user.ProjectId, user.LoginId, cancellationToken);
        if (!all.Exists(recent => recent.Group))
        {
            return;
        }

        var project = await projects.GetAsync(user.ProjectId, cancellationToken);
        var actor = new GroupActor(new Caller(project, new Sender(user.LoginId, user.Uid), null!), null);
        foreach (var recent in all.Where(recent => recent.Group))
        {
            try
            {
                await membership.LeaveAsync(actor, new(user.ProjectId, recent.ConversationId), erase: true);
            }
            catch (VoxException e) when (e.Error == Errors.GroupNotFound)
            {
                // Deleted meanwhile.
            }

            await recents.RemoveAsync(user.ProjectId, user.LoginId, recent.ConversationId, cancellationToken);
        }
    }
}

/// <summary>Whether somebody may be heard typing in a group: as of some seconds ago, because nothing depends on it.</summary>
public sealed class GroupTyping(GroupStore groups, ConversationStore conversations, TimeProvider time)
{
    private readonly ExpiringCache<(ConversationKey Key, string LoginId), bool> members = new(20_000, TimeSpan.FromSeconds(10), time);

    public async ValueTask<bool> MayTypeAsync(ConversationKey key, string loginId, CancellationToken cancellationToken)
    {
        if (!members.TryGet((key, loginId), out var may))
        {
            may = await groups.FindMemberAsync(key, loginId, cancellationToken) is { Left: false }
                && await conversations.FindHeadAsync(key, cancellationToken) is { Closed: false };
            members.Set((key, loginId), may);
        }

        return may;
    }
}
