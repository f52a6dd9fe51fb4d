using Vox.Platform.Timers;

namespace Vox.Portal.Accounts;

/// <summary>Removes tokens, counts of attempts, sessions and whatever else has expired.</summary>
public sealed class PortalSweep(
    OneTimeTokens tokens, AttemptGuard guard, PortalSessions sessions, IEnumerable<IPortalSweepStep> steps, TimerRuns timers,
    TimeProvider time)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        (string Name, Func<CancellationToken, Task> Act)[] all =
        [
            ("tokens", tokens.SweepAsync), ("attempts", guard.SweepAsync), ("sessions", sessions.SweepAsync),
            .. steps.Select(step => (
                step.GetType().Name, (Func<CancellationToken, Task>)(token => step.SweepAsync(time.GetUtcNow(), token)))),
        ];
        await using var run = timers.Begin("SweepPortal", cancellationToken);
        await run.EachAsync(all, step => step.Name, (step, token) => step.Act(token));
    }
}
