using Microsoft.Extensions.Logging;
using Vox.Platform.Timers;

namespace Vox.Chat.Push;

/// <summary>What has to be done with push messages now and then.</summary>
public sealed partial class PushUpkeep(PushEvents events, TimerRuns timers, ILogger<PushUpkeep> logger)
{
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
    }

    [LoggerMessage(6512, LogLevel.Warning, "{Count} push messages had failed again and again on our side, and are tried anew")]
    private partial void Returned(int count);
}
