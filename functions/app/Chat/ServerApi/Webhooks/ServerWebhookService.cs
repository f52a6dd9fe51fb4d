using Vox.Chat.ApiKeys;
using Vox.Chat.Events;
using Vox.Chat.Webhooks;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.ServerApi.Webhooks;

/// <summary>What customers' servers do with the webhooks of their project.</summary>
public sealed class ServerWebhookService(
    WebhookService webhooks, WebhookHistory history, WebhookEvents events, IEnumerable<IServerActionStep> steps, TimeProvider time)
{
    private const string CursorKind = "webhook-deliveries";

    internal async Task<WebhookList> ListAsync(ServerCaller caller, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return new WebhookList(
            [.. (await webhooks.ListAsync(caller.Project.Id, cancellationToken)).Select(endpoint => WebhookView.Of(endpoint, now))],
            EventTypes.All);
    }

    /// <exception cref="VoxException">not_found</exception>
    internal async Task<WebhookView> GetAsync(ServerCaller caller, string id, CancellationToken cancellationToken) =>
        WebhookView.Of(await webhooks.GetAsync(caller.Project.Id, id, cancellationToken), time.GetUtcNow());

    /// <exception cref="VoxException">missing_field, too_long, invalid_field, limit_reached</exception>
    internal async Task<WebhookView> CreateAsync(ServerCaller caller, WebhookRequest request, CancellationToken cancellationToken)
    {
        var endpoint = await webhooks.CreateAsync(
            caller.Project.Id, request, $"API key {caller.Key.Name}", cancellationToken);
        await DoneAsync(caller, "webhook.created", $"{endpoint.Url}: {string.Join(", ", endpoint.Events)}", cancellationToken);
        return WebhookView.Of(endpoint, time.GetUtcNow(), secret: true);
    }

    /// <exception cref="VoxException">too_long, invalid_field, not_found</exception>
    internal async Task<WebhookView> ChangeAsync(
        ServerCaller caller, string id, WebhookRequest request, CancellationToken cancellationToken)
    {
        var endpoint = await webhooks.ChangeAsync(caller.Project.Id, id, request, cancellationToken);
        await DoneAsync(caller, "webhook.changed", $"{endpoint.Url}: {string.Join(", ", endpoint.Events)}", cancellationToken);
        return WebhookView.Of(endpoint, time.GetUtcNow());
    }

    /// <exception cref="VoxException">invalid_field, not_found</exception>
    internal async Task<WebhookView> RotateAsync(
        ServerCaller caller, string id, RotateWebhookRequest request, CancellationToken cancellationToken)
    {
        var endpoint = await webhooks.RotateAsync(caller.Project.Id, id, request.OverlapHours, cancellationToken);
        await DoneAsync(caller, "webhook.rotated", endpoint.Url, cancellationToken);
        return WebhookView.Of(endpoint, time.GetUtcNow(), secret: true);
    }

    /// <exception cref="VoxException">not_found</exception>
    internal async Task RemoveAsync(ServerCaller caller, string id, CancellationToken cancellationToken)
    {
        await webhooks.RemoveAsync(caller.Project.Id, id, cancellationToken);
        await DoneAsync(caller, "webhook.removed", id, cancellationToken);
    }

    /// <exception cref="VoxException">not_found</exception>
    internal async Task<WebhookSent> TestAsync(ServerCaller caller, string id, CancellationToken cancellationToken) =>
        new((await events.TestAsync(await webhooks.GetAsync(caller.Project.Id, id, cancellationToken), cancellationToken)).DeliveryId);

    /// <exception cref="VoxException">invalid_field</exception>
    internal async Task<WebhookDeliveryPage> DeliveriesAsync(
        ServerCaller caller, WebhookFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var page = await history.ListAsync(
            caller.Project.Id, filter, Cursor.Read(CursorKind, cursor), limit, cancellationToken);
        return page with { Next = Cursor.Create(CursorKind, page.Next) };
    }

    /// <exception cref="VoxException">not_found</exception>
    internal Task<WebhookDelivery> DeliveryAsync(ServerCaller caller, string id, CancellationToken cancellationToken) =>
        history.GetAsync(caller.Project.Id, id, cancellationToken);

    /// <exception cref="VoxException">not_found</exception>
    internal async Task<WebhookSent> ResendAsync(ServerCaller caller, string id, CancellationToken cancellationToken)
    {
        await history.ResendAsync(caller.Project.Id, id, cancellationToken);
        return new WebhookSent(id);
    }

    private async Task DoneAsync(ServerCaller caller, string action, string detail, CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            await step.DoneAsync(caller, action, detail, cancellationToken);
        }
    }
}
