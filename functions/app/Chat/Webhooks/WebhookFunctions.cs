using Microsoft.Azure.Functions.Worker;

namespace Vox.Chat.Webhooks;

/// <summary>Sends webhooks, and cleans up behind them.</summary>
public sealed class WebhookFunctions(WebhookDispatch dispatch, WebhookUpkeep upkeep)
{
    [Function("SendWebhook")]
    public Task SendWebhook([QueueTrigger("%WebhookQueue%")] string task, CancellationToken cancellationToken) =>
        dispatch.RunAsync(task, cancellationToken);

    /// <summary>
    /// Every hour: brings back what was given up because of failures on our side, and removes what was sent more than
    /// seven days ago.
    /// </summary>
    [Function("SweepWebhooks")]
    public Task SweepWebhooks([TimerTrigger("0 18 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        upkeep.RunAsync(cancellationToken);
}
