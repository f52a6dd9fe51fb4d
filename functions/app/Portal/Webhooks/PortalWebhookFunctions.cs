using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Webhooks;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Webhooks;

/// <summary>Where events of a project are sent to, and what was sent.</summary>
public sealed class PortalWebhookFunctions(PortalWebhookService service, ProjectCallers access, RequestBody body)
{
    private const string Base = "api/portal/v1/projects/{projectId}/webhooks";
    private const string Deliveries = "api/portal/v1/projects/{projectId}/webhook-deliveries";
    private const string Tag = "Portal webhooks";

    [Function("PortalListWebhooks")]
    [PortalOperation(Tag, "The webhook endpoints of a project; never their secrets", Response = typeof(WebhookList))]
    public async Task<IActionResult> PortalListWebhooks(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        return PortalResults.Json(request, await service.ListAsync(projectId, cancellationToken), WebhookJson.Wire.WebhookList);
    }

    [Function("PortalCreateWebhook")]
    [PortalOperation(Tag, "Make a webhook endpoint; its secret is shown here once", Request = typeof(WebhookRequest),
        Response = typeof(WebhookView))]
    public async Task<IActionResult> PortalCreateWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageApiKeys, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, WebhookJson.Wire.WebhookRequest, cancellationToken);
        return PortalResults.Json(request, await service.CreateAsync(caller, wanted, cancellationToken), WebhookJson.Wire.WebhookView);
    }

    [Function("PortalPatchWebhook")]
    [PortalOperation(Tag, "Change a webhook endpoint, or switch it on or off", Request = typeof(WebhookRequest),
        Response = typeof(WebhookView))]
    public async Task<IActionResult> PortalPatchWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = Base + "/{webhookId}")] HttpRequest request,
        string projectId, string webhookId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageApiKeys, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, WebhookJson.Wire.WebhookRequest, cancellationToken);
        return PortalResults.Json(
            request, await service.ChangeAsync(caller, webhookId, wanted, cancellationToken), WebhookJson.Wire.WebhookView);
    }

    [Function("PortalDeleteWebhook")]
    [PortalOperation(Tag, "Remove a webhook endpoint; what waits for it is not sent")]
    public async Task<IActionResult> PortalDeleteWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Base + "/{webhookId}")] HttpRequest request,
        string projectId, string webhookId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageApiKeys, cancellationToken);
        await service.RemoveAsync(caller, webhookId, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("PortalRotateWebhook")]
    [PortalOperation(Tag, "Make a new secret for a webhook endpoint, shown here once", Request = typeof(RotateWebhookRequest),
        Response = typeof(WebhookView))]
    public async Task<IActionResult> PortalRotateWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/{webhookId}/rotate")] HttpRequest request,
        string projectId, string webhookId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageApiKeys, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, WebhookJson.Wire.RotateWebhookRequest, cancellationToken);
        return PortalResults.Json(
            request, await service.RotateAsync(caller, webhookId, wanted.OverlapHours, cancellationToken), WebhookJson.Wire.WebhookView);
    }

    [Function("PortalTestWebhook")]
    [PortalOperation(Tag, "Send a test event to a webhook endpoint", Response = typeof(WebhookSent))]
    public async Task<IActionResult> PortalTestWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/{webhookId}/test")] HttpRequest request,
        string projectId, string webhookId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageApiKeys, cancellationToken);
        return PortalResults.Json(request, await service.TestAsync(caller, webhookId, cancellationToken), WebhookJson.Wire.WebhookSent);
    }

    [Function("PortalListWebhookDeliveries")]
    [PortalOperation(Tag, "What was sent in the last seven days, newest first", Response = typeof(WebhookDeliveryPage),
        Query = "type? webhook? state? after?")]
    public async Task<IActionResult> PortalListWebhookDeliveries(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Deliveries)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var page = await service.DeliveriesAsync(
            projectId, new WebhookFilter(Text(request, "type"), Text(request, "webhook"), Text(request, "state")),
            PortalResults.After(request), cancellationToken);
        return PortalResults.Json(request, page, WebhookJson.Wire.WebhookDeliveryPage);
    }

    /// <summary>The body may have what users wrote.</summary>
    [Function("PortalGetWebhookDelivery")]
    [PortalOperation(Tag, "An event at an endpoint, with its body and every attempt", Response = typeof(WebhookDelivery))]
    public async Task<IActionResult> PortalGetWebhookDelivery(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Deliveries + "/{deliveryId}")] HttpRequest request,
        string projectId, string deliveryId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.ReadMessages, cancellationToken);
        return PortalResults.Json(
            request, await service.DeliveryAsync(projectId, deliveryId, cancellationToken), WebhookJson.Wire.WebhookDelivery);
    }

    [Function("PortalResendWebhook")]
    [PortalOperation(Tag, "Send an event to its endpoint again", Response = typeof(WebhookSent))]
    public async Task<IActionResult> PortalResendWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Deliveries + "/{deliveryId}/resend")] HttpRequest request,
        string projectId, string deliveryId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageApiKeys, cancellationToken);
        return PortalResults.Json(
            request, await service.ResendAsync(caller, deliveryId, cancellationToken), WebhookJson.Wire.WebhookSent);
    }

    private static string? Text(HttpRequest request, string name) =>
        request.Query[name].ToString() is { Length: > 0 and <= 100 } text ? text : null;
}
