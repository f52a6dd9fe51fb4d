namespace Vox.Portal.Accounts;

/// <summary>Removes tokens, counts of attempts and sessions that have expired.</summary>
public sealed class PortalSweep(OneTimeTokens tokens, AttemptGuard guard, PortalSessions sessions)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await tokens.SweepAsync(cancellationToken);
        await guard.SweepAsync(cancellationToken);
        await sessions.SweepAsync(cancellationToken);
    }
}
