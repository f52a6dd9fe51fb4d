namespace Vox.Portal.Accounts;

/// <summary>Removes tokens, counts of attempts, sessions and whatever else has expired.</summary>
public sealed class PortalSweep(
    OneTimeTokens tokens, AttemptGuard guard, PortalSessions sessions, IEnumerable<IPortalSweepStep> steps, TimeProvider time)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await tokens.SweepAsync(cancellationToken);
        await guard.SweepAsync(cancellationToken);
        await sessions.SweepAsync(cancellationToken);
        foreach (var step in steps)
        {
            await step.SweepAsync(time.GetUtcNow(), cancellationToken);
        }
    }
}
