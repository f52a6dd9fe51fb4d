using Microsoft.Extensions.Options;
using Vox.Chat.Sessions;

namespace Vox.Chat.Realtime;

/// <summary>
/// Admits one session to the live channel, for minutes. The service's own token does not know our sessions, and cannot be taken back. So
/// each address of the service carries a ticket, and a connection without a good one is closed (<see cref="ConnectionGate"/>).
/// </summary>
public sealed class ConnectionTickets(SignedClaims signed, IOptions<RealtimeOptions> options, TimeProvider time)
{
    /// <summary>The ticket's name in the query of the service's address.</summary>
    public const string Query = "ticket";

    private const string Issuer = "vox-live";

    public ValueTask<string> CreateAsync(AccessClaims session, CancellationToken cancellationToken) => signed.CreateAsync(
        Issuer, session with { ExpiresAt = time.GetUtcNow() + options.Value.TokenLifetime }, cancellationToken);

    /// <returns>The session, or null unless the ticket is one of ours that has not expired.</returns>
    public ValueTask<AccessClaims?> ReadAsync(string? ticket, CancellationToken cancellationToken) =>
        ticket is { Length: > 0 } ? signed.ReadAsync(Issuer, ticket, cancellationToken) : ValueTask.FromResult<AccessClaims?>(null);
}
