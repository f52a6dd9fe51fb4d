using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Model;
using Vox.Chat.People;
using Vox.Chat.Projects;
using Vox.Chat.Realtime;
using Vox.Platform.Storage;
using Vox.Platform.Timers;

namespace Vox.Chat.Moves;

/// <summary>
/// Brings the clients of moving projects over: the old service closes their connections, a few users at a time, and they negotiate anew. A
/// second round meets those whom nobody knew of during the first. Then the old service is not served any more. Run by a timer; goes on
/// where the last run stood, and may run several times at once.
/// </summary>
public sealed partial class MoveRun(
    ProjectService projects, MoveStore moves, MoveService service, SignalRServices services, PresenceStore presence,
    IOptions<MoveOptions> options, IOptions<RealtimeOptions> realtime, IOptions<PresenceOptions> leases, TimerRuns timers,
    TimeProvider time, ILogger<MoveRun> logger)
{
    /// <summary>The next run comes a minute after this one.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(50);

    /// <summary>A service that does not answer after that has no connections either: perhaps that is why the project moves.</summary>
    private const int MaxAttempts = 5;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var run = timers.Begin("MoveProjects", cancellationToken);
        await run.EachAsync(
            (await moves.ReadAsync(cancellationToken)).Where(move => move.NotBefore <= time.GetUtcNow()),
            move => move.ProjectId,
            GoOnAsync);
    }

    private async Task GoOnAsync(Move move, CancellationToken cancellationToken)
    {
        if (await projects.FindNowAsync(move.ProjectId, cancellationToken) is not { Placement: { IsMoving: true } placement })
        {
            // It has moved, or the project is gone, or the request got no further than the note.
            await moves.RemoveAsync(move, cancellationToken);
            return;
        }

        if (time.GetUtcNow() < placement.SwitchesAt || await TellAsync(move, placement, cancellationToken) is not { } told)
        {
            return;
        }

        if (told.Round == 0)
        {
            // No address of the old service is good then, and whoever is connected there has given a sign of life.
            var last = realtime.Value.TokenLifetime > Lease ? realtime.Value.TokenLifetime : Lease;
            await moves.TryReplaceAsync(
                told with { Round = 1, Cursor = "", NotBefore = time.GetUtcNow() + last + service.Known }, cancellationToken);
            return;
        }

        await projects.UpdateAsync(
            move.ProjectId,
            project => project.Placement.SwitchesAt == placement.SwitchesAt
                ? project with { Placement = project.Placement with { Before = [], SwitchesAt = default } }
                : project,
            cancellationToken);
        await moves.RemoveAsync(told, cancellationToken);
        Moved(move.ProjectId, ServicePlacement.ToText(placement.Now), told.Told);
    }

    private TimeSpan Lease => TimeSpan.FromSeconds(leases.Value.LeaseSeconds);

    /// <returns>Null unless all who were to be told were told.</returns>
    private async Task<Move?> TellAsync(Move move, ServicePlacement placement, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var page = await presence.OnlineAfterAsync(
                move.ProjectId, move.Cursor, options.Value.UsersPerSecond, cancellationToken);
            var taken = await ManyRequests.EachAsync(page, user => CloseAsync(user, placement, cancellationToken), cancellationToken);
            if (taken.Contains(null) && move.Attempts + 1 < MaxAttempts)
            {
                NotTold(move.ProjectId, move.Attempts + 1);
                await moves.TryReplaceAsync(
                    move with { Attempts = move.Attempts + 1, NotBefore = time.GetUtcNow() + TimeSpan.FromMinutes(1 << move.Attempts) },
                    cancellationToken);
                return null;
            }

            var next = move with
            {
                Cursor = page.Count > 0 ? page[^1] : move.Cursor,
                Told = move.Told + taken.Count(closed => closed == true),
            };
            if (page.Count < options.Value.UsersPerSecond)
            {
                return next;
            }

            if (await moves.TryReplaceAsync(next, cancellationToken) is not { } saved || time.GetElapsedTime(began) > Budget)
            {
                return null;
            }

            move = saved;

            // By the real clock: the clients that were told connect now, whatever time the app believes it is.
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    }

    /// <returns>Whether the user had to be told; null when a service did not take it.</returns>
    private async Task<bool?> CloseAsync(string partition, ServicePlacement placement, CancellationToken cancellationToken)
    {
        var user = RealtimeUser.IdOf(UserIdentity.Of(partition));
        var old = placement.HomesOf(user).Skip(1).Select(services.Find).OfType<SignalRService>().ToList();
        if (old.Count == 0)
        {
            return false;
        }

        return await old[0].CloseUserAsync(user, cancellationToken) ? true : null;
    }

    [LoggerMessage(3031, LogLevel.Information, "Project {Project} has moved to SignalR service {Now}; {Told} users were told")]
    private partial void Moved(string project, string now, long told);

    [LoggerMessage(3032, LogLevel.Warning, "The old SignalR service of project {Project} does not close connections: attempt {Attempt}")]
    private partial void NotTold(string project, int attempt);
}
