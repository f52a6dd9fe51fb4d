using Microsoft.Extensions.Logging;
using Vox.Chat.Devices;
using Vox.Chat.Projects;
using Vox.Platform.Timers;

namespace Vox.Chat.Push;

/// <summary>What has to be done with push messages now and then.</summary>
public sealed partial class PushUpkeep(
    PushEvents events, ProjectStore projects, DeviceService devices, TimerRuns timers, TimeProvider time, ILogger<PushUpkeep> logger)
{
    /// <summary>In UTC. Once a day is enough: until then a project without devices only costs a little more.</summary>
    private const int HourOfLooking = 3;

    /// <summary>Run by a timer.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var run = timers.Begin("SweepPush", cancellationToken);
        await run.EachAsync(["poison"], work => work, async (_, token) =>
        {
            if (await events.ReturnPoisonedAsync(token) is > 0 and var count)
            {
                Returned(count);
            }
        });
        if (time.GetUtcNow().Hour == HourOfLooking)
        {
            await run.EachFromAsync(
                after => projects.ListAsync(after, 1_000, cancellationToken), project => project.Id,
                (project, token) => project.HasDevices ? devices.UnmarkProjectAsync(project.Id, token) : Task.CompletedTask);
        }
    }

    [LoggerMessage(6512, LogLevel.Warning, "{Count} push messages had failed again and again on our side, and are tried anew")]
    private partial void Returned(int count);
}
