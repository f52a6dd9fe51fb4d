using Microsoft.Extensions.Logging;
using Vox.Chat.Requests;
using Vox.Platform.Timers;

namespace Vox.Chat.Webhooks;

/// <summary>What has to be done with webhooks now and then.</summary>
public sealed partial class WebhookUpkeep(
    WebhookService webhooks, WebhookStore store, WebhookEvents events, WebhookHistory history, BeforeSendCounts counts,
    RequestLog requests, TimerRuns timers, ILogger<WebhookUpkeep> logger)
{
    /// <summary>Run by a timer.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var run = timers.Begin("SweepWebhooks", cancellationToken);
        await run.EachAsync(
            ["history", "counts", "requests", "poison"], work => work,
            (work, token) => work switch
            {
                "history" => history.SweepAsync(token),
                "counts" => counts.SweepAsync(token),
                "requests" => requests.SweepAsync(token),
                _ => ReturnPoisonedAsync(token),
            });
        await run.EachAsync(
            await store.ProjectsAsync(cancellationToken), projectId => projectId,
            (projectId, token) => webhooks.MarkProjectAsync(projectId, token));
    }

    private async Task ReturnPoisonedAsync(CancellationToken cancellationToken)
    {
        if (await events.ReturnPoisonedAsync(WebhookRetries.Lifetime, cancellationToken) is > 0 and var count)
        {
            Returned(count);
        }
    }

    [LoggerMessage(6414, LogLevel.Warning, "{Count} webhooks had failed again and again on our side, and are tried anew")]
    private partial void Returned(int count);
}
