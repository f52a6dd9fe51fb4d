using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Users;

namespace Vox.Chat.Scheduled;

/// <summary>Scheduled messages go with their user and with the project.</summary>
internal sealed class ScheduledRemoval(ScheduledStore store) : IUserRemovalStep, IProjectRemovalStep
{
    public Task RemoveAsync(User user, CancellationToken cancellationToken) =>
        store.RemoveAllAsync(user.ProjectId, user.Uid, cancellationToken);

    public async Task RemoveAsync(string projectId, CancellationToken cancellationToken)
    {
        await foreach (var message in store.OfProjectAsync(projectId, cancellationToken))
        {
            await store.RemoveAllAsync(projectId, message.Sender.Uid, cancellationToken);
        }
    }
}
