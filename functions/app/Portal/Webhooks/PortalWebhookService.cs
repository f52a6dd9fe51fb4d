using Vox.Chat.Events;
using Vox.Chat.Webhooks;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Projects;

namespace Vox.Portal.Webhooks;

/// <summary>What developers do with the webhooks of a project.</summary>
public sealed class PortalWebhookService(
    WebhookService webhooks, WebhookHistory history, WebhookEvents events, ProjectAudit audit, TimeProvider time)
{
    internal async Task<WebhookList> ListAsync(string projectId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return new WebhookList(
            [.. (await webhooks.ListAsync(projectId, cancellationToken)).Select(endpoint => WebhookView.Of(endpoint, now))],
            EventTypes.All);
    }

    /// <exception cref="VoxException">missing_field, too_long, invalid_field, limit_reached</exception>
    internal async Task<WebhookView> CreateAsync(ProjectCaller caller, WebhookRequest request, CancellationToken cancellationToken)
    {
        var endpoint = await webhooks.CreateAsync(caller.Project.Id, request, caller.Who, cancellationToken);
        await audit.RecordAsync(
            caller, "webhook.created", $"{endpoint.Url}: {string.Join(", ", endpoint.Events)}", cancellationToken);
        return WebhookView.Of(endpoint, time.GetUtcNow(), secret: true);
    }

    /// <exception cref="VoxException">too_long, invalid_field, not_found</exception>
    internal async Task<WebhookView> ChangeAsync(
        ProjectCaller caller, string id, WebhookRequest request, CancellationToken cancellationToken)
    {
        var endpoint = await webhooks.ChangeAsync(caller.Project.Id, id, request, cancellationToken);
        await audit.RecordAsync(
            caller, "webhook.changed",
            $"{endpoint.Url}: {(endpoint.Enabled ? string.Join(", ", endpoint.Events) : "switched off")}", cancellationToken);
        return WebhookView.Of(endpoint, time.GetUtcNow());
    }

    /// <exception cref="VoxException">invalid_field, not_found</exception>
    internal async Task<WebhookView> RotateAsync(
        ProjectCaller caller, string id, int? overlapHours, CancellationToken cancellationToken)
    {
        var endpoint = await webhooks.RotateAsync(caller.Project.Id, id, overlapHours, cancellationToken);
        await audit.RecordAsync(caller, "webhook.rotated", endpoint.Url, cancellationToken);
        return WebhookView.Of(endpoint, time.GetUtcNow(), secret: true);
    }

    /// <exception cref="VoxException">not_found</exception>
    internal async Task RemoveAsync(ProjectCaller caller, string id, CancellationToken cancellationToken)
    {
        var endpoint = await webhooks.GetAsync(caller.Project.Id, id, cancellationToken);
        await webhooks.RemoveAsync(caller.Project.Id, id, cancellationToken);
        await audit.RecordAsync(caller, "webhook.removed", endpoint.Url, cancellationToken);
    }

    /// <exception cref="VoxException">not_found</exception>
    internal async Task<WebhookSent> TestAsync(ProjectCaller caller, string id, CancellationToken cancellationToken) =>
        new((await events.TestAsync(await webhooks.GetAsync(caller.Project.Id, id, cancellationToken), cancellationToken)).DeliveryId);

    internal Task<WebhookDeliveryPage> DeliveriesAsync(
        string projectId, WebhookFilter filter, string? after, CancellationToken cancellationToken) =>
        history.ListAsync(projectId, filter, after, 25, cancellationToken);

    /// <exception cref="VoxException">not_found</exception>
    internal Task<WebhookDelivery> DeliveryAsync(string projectId, string id, CancellationToken cancellationToken) =>
        history.GetAsync(projectId, id, cancellationToken);

    /// <exception cref="VoxException">not_found</exception>
    internal async Task<WebhookSent> ResendAsync(ProjectCaller caller, string id, CancellationToken cancellationToken)
    {
        await history.ResendAsync(caller.Project.Id, id, cancellationToken);
        return new WebhookSent(id);
    }
}
