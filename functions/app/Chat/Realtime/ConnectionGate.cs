using Vox.Chat.Model;
using Vox.Chat.Sessions;

namespace Vox.Chat.Realtime;

/// <summary>
/// Lets a live connection stay only while its session is good. Each connection is in the service's group of its session, so that the end of
/// the session closes it.
/// </summary>
public sealed class ConnectionGate(ConnectionTickets tickets, LiveSessions sessions, SignalRServices services)
{
    /// <summary>Checks a connection that has begun. One that may not stay is closed.</summary>
    /// <param name="userId">The connection's user at the service.</param>
    /// <returns>The session; null when the connection may not stay.</returns>
    public async Task<AccessClaims?> AdmitAsync(string connectionId, string? userId, string? ticket, CancellationToken cancellationToken)
    {
        var admitted = false;
        try
        {
            var session = await tickets.ReadAsync(ticket, cancellationToken);

            // Joined first and looked up after that: whoever ends the session either shows in the look, or closes this connection too.
            admitted = session is not null && RealtimeUser.IdOf(session.Identity) == userId
                && await services.IsHomeAsync(session.Service, userId, cancellationToken)
                && await JoinAsync(connectionId, session, session.Service, cancellationToken)
                && await sessions.ContainsNowAsync(session.Identity, session.SessionId, cancellationToken);
            return admitted ? session : null;
        }
        finally
        {
            if (!admitted)
            {
                await services.CloseConnectionAsync(userId, connectionId, CancellationToken.None);
            }
        }
    }

    /// <summary>Closes a connection that nobody has heard of for long, if its session has ended.</summary>
    public async Task CloseIfOverAsync(
        string connectionId, UserIdentity user, string sessionId, CancellationToken cancellationToken)
    {
        if (!await sessions.ContainsNowAsync(user, sessionId, cancellationToken))
        {
            await services.CloseConnectionAsync(RealtimeUser.IdOf(user), connectionId, cancellationToken);
        }
    }

    /// <summary>Puts a connection among those that end with the session.</summary>
    /// <param name="service">The number of the service that has it; null when it is not known.</param>
    /// <returns>False when the service did not take it.</returns>
    public Task<bool> JoinAsync(string connectionId, AccessClaims session, int? service, CancellationToken cancellationToken) =>
        services.AddConnectionToGroupAsync(
            service, RealtimeUser.IdOf(session.Identity), connectionId, RealtimeUser.SessionOf(session.ProjectId, session.SessionId),
            cancellationToken);
}
