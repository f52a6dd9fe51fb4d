namespace Vox.Chat.Webhooks;

/// <summary>What a feature does when an endpoint was switched off because it did not work for long.</summary>
public interface IWebhookDisabledStep
{
    Task DisabledAsync(WebhookEndpoint endpoint, string reason, CancellationToken cancellationToken);
}
