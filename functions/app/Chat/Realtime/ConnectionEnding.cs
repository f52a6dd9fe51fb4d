using Vox.Chat.Model;
using Vox.Chat.Sessions;

namespace Vox.Chat.Realtime;

/// <summary>Closes the live connections of sessions that have ended.</summary>
internal sealed class ConnectionEnding(SignalRService service) : ISessionsEndedStep
{
    public Task EndedAsync(UserIdentity user, string sessionId, CancellationToken cancellationToken) =>
        service.CloseGroupAsync(RealtimeUser.SessionOf(user.ProjectId, sessionId), cancellationToken);

    public Task AllEndedAsync(UserIdentity user, CancellationToken cancellationToken) =>
        service.CloseUserAsync(RealtimeUser.IdOf(user), cancellationToken);
}
