using Microsoft.Azure.Functions.Worker;

namespace Vox.Chat.Usage;

/// <summary>Upkeep of what projects are charged for.</summary>
public sealed class UsageFunctions(UsageFold fold)
{
    /// <summary>Every five minutes: adds up the usage of projects in which something has changed, for quotas and charges.</summary>
    [Function("FoldUsage")]
    public Task FoldUsage([TimerTrigger("0 4/5 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        fold.RunAsync(cancellationToken);
}
