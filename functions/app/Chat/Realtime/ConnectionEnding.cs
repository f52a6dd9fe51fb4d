using Vox.Chat.Model;
using Vox.Chat.Sessions;

namespace Vox.Chat.Realtime;

/// <summary>Closes the live connections of a user who was deleted, disabled or logged out everywhere.</summary>
internal sealed class ConnectionEnding(SignalRService service) : ISessionsEndedStep
{
    public Task EndedAsync(UserKey user, CancellationToken cancellationToken) =>
        service.CloseUserAsync(RealtimeUser.IdOf(user), cancellationToken);
}
