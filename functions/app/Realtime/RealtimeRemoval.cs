using Vox.Users;

namespace Vox.Realtime;

/// <summary>Cuts the connections of a deleted user.</summary>
public sealed class RealtimeRemoval(SignalRService service) : IUserRemovalStep
{
    public Task RemoveAsync(User user, CancellationToken cancellationToken) =>
        service.CloseUserAsync(RealtimeUser.IdOf(user.ProjectId, user.LoginId), cancellationToken);
}
