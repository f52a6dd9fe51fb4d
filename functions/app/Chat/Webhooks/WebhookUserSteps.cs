using Vox.Chat.Events;
using Vox.Chat.Users;

namespace Vox.Chat.Webhooks;

/// <summary>Tells of users who were created, before that is answered.</summary>
internal sealed class WebhookUserCreation(WebhookEvents events) : IUserCreationStep
{
    public Task CreatedAsync(User user) => events.TellAsync(
        user.ProjectId, EventTypes.UserCreated, user.CreatedAt, new UserEventData(user.LoginId), EventJson.Wire.UserEventData, user.Uid);
}

/// <summary>Tells of users who were deleted. The deletion is not over before that, and goes on after a process has ended.</summary>
internal sealed class WebhookUserRemoval(WebhookEvents events) : IUserRemovalStep
{
    public Task RemoveAsync(User user, CancellationToken cancellationToken) => events.EnqueueAsync(
        user.ProjectId, EventTypes.UserDeleted, user.DeletedAt ?? user.CreatedAt, new UserEventData(user.LoginId),
        EventJson.Wire.UserEventData, [user.Uid], cancellationToken);
}
