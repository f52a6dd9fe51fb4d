using Vox.Chat.Users;

namespace Vox.Chat.Webhooks;

/// <summary>Tells of users who were created. If the process ends right then, the event is lost.</summary>
internal sealed class WebhookUserCreation(WebhookEvents events) : IUserCreationStep
{
    public void Created(User user) => events.Tell(
        user.ProjectId, WebhookEventTypes.UserCreated, user.CreatedAt, new WebhookUserData(user.LoginId),
        WebhookJson.Wire.WebhookUserData, user.Uid);
}

/// <summary>Tells of users who were deleted. The deletion is not over before that, and goes on after a process has ended.</summary>
internal sealed class WebhookUserRemoval(WebhookEvents events) : IUserRemovalStep
{
    public Task RemoveAsync(User user, CancellationToken cancellationToken) => events.TellAsync(
        user.ProjectId, WebhookEventTypes.UserDeleted, user.DeletedAt ?? user.CreatedAt, new WebhookUserData(user.LoginId),
        WebhookJson.Wire.WebhookUserData, cancellationToken, user.Uid);
}
