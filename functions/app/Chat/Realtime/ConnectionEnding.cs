using Vox.Chat.Model;
using Vox.Chat.Sessions;

namespace Vox.Chat.Realtime;

/// <summary>Closes the live connections of sessions that have ended.</summary>
internal sealed class ConnectionEnding(SignalRServices services) : ISessionsEndedStep
{
    public Task EndedAsync(UserIdentity user, string sessionId, CancellationToken cancellationToken) =>
        services.CloseGroupAsync(RealtimeUser.SessionOf(user.ProjectId, sessionId), cancellationToken);

    public Task AllEndedAsync(UserIdentity user, CancellationToken cancellationToken) =>
        services.CloseUserAsync(RealtimeUser.IdOf(user), cancellationToken);
}
