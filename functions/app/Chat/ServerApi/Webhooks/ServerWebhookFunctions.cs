using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.ApiKeys;
using Vox.Chat.Webhooks;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Webhooks;

/// <summary>Webhook endpoints and what was sent to them, for customers' servers.</summary>
public sealed class ServerWebhookFunctions(ServerRequests requests, ServerWebhookService webhooks)
{
    private const string Base = "api/server/v1/webhooks";
    private const string Deliveries = "api/server/v1/webhook-deliveries";
    private const string Tag = "Server: webhooks";

    private const string Fields = """
        "id":"k7RkQm21Xz4b","url":"https://example.com/hooks/vox","events":["message.sent"],"description":"","enabled":true,
        "createdAt":"2026-11-30T09:00:00+00:00","createdBy":"API key Shop"
        """;

    private const string Example = "{" + Fields + "}";
    private const string ExampleWithSecret =
        "{" + Fields + """, "secret":"whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}""";

    private const string ExampleTypes = """
        "message.sent","message.edited","message.deleted","reaction.added","reaction.removed","message.pinned","message.unpinned",
        "message.delivered","message.read","user.created","user.updated","user.deleted","user.online","user.offline","group.created",
        "group.updated","group.deleted","group.members_added","group.members_removed","group.member_left","group.roles_changed",
        "file.uploaded","message.flagged","user.flagged","limit.reached"
        """;

    private const string ExampleDelivery = """
        {"id":"8201238399999-evt_3QmV-k7RkQm21Xz4b","event":"evt_3QmV","type":"message.sent","webhook":"k7RkQm21Xz4b",
        "at":"2026-11-30T09:00:00+00:00","state":"delivered",
        "attempts":[{"at":"2026-11-30T09:00:00+00:00","status":200,"milliseconds":84}]}
        """;

    private const string ExampleSent = """{"delivery":"8201238399999-evt_3QmV-k7RkQm21Xz4b"}""";

    [Function("ListWebhooks")]
    [ServerOperation(Tag, "The webhook endpoints", ApiScopes.WebhooksRead, Response = typeof(WebhookList),
        ResponseExample = """{"webhooks":[""" + Example + """],"types":[""" + ExampleTypes + "]}")]
    public async Task<IActionResult> ListWebhooks(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.WebhooksRead, cancellationToken);
        return WireResults.Json(await webhooks.ListAsync(caller, cancellationToken), WebhookJson.Wire.WebhookList);
    }

    [Function("CreateWebhook")]
    [ServerOperation(Tag, "Make a webhook endpoint", ApiScopes.WebhooksWrite, Request = typeof(WebhookRequest),
        Response = typeof(WebhookView),
        Description = "url and events are required. Events are sent by the specification Standard Webhooks, signed with the secret, which "
            + "only this answer has. It gets events from then on, half a minute later at the latest.",
        RequestExample = """{"url":"https://example.com/hooks/vox","events":["message.sent"]}""", ResponseExample = ExampleWithSecret)]
    public Task<IActionResult> CreateWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base)] HttpRequest request, CancellationToken cancellationToken) =>
        requests.PostAsync(
            request, ApiScopes.WebhooksWrite, WebhookJson.Wire.WebhookRequest, WebhookJson.Wire.WebhookView,
            (caller, body) => webhooks.CreateAsync(caller, body, cancellationToken), cancellationToken);

    [Function("GetWebhook")]
    [ServerOperation(Tag, "A webhook endpoint", ApiScopes.WebhooksRead, Response = typeof(WebhookView), ResponseExample = Example)]
    public async Task<IActionResult> GetWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/{webhookId}")] HttpRequest request, string webhookId,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.WebhooksRead, cancellationToken);
        return WireResults.Json(await webhooks.GetAsync(caller, webhookId, cancellationToken), WebhookJson.Wire.WebhookView);
    }

    [Function("PatchWebhook")]
    [ServerOperation(Tag, "Change a webhook endpoint", ApiScopes.WebhooksWrite, Request = typeof(WebhookRequest),
        Response = typeof(WebhookView),
        Description = "What is absent stays as it is. enabled: true switches on again what was switched off.",
        RequestExample = """{"enabled":true}""", ResponseExample = Example)]
    public async Task<IActionResult> PatchWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = Base + "/{webhookId}")] HttpRequest request, string webhookId,
        CancellationToken cancellationToken)
    {
        var (caller, patch) = await requests.ReadAsync(
            request, ApiScopes.WebhooksWrite, WebhookJson.Wire.WebhookRequest, cancellationToken);
        return WireResults.Json(
            await webhooks.ChangeAsync(caller, webhookId, patch, cancellationToken), WebhookJson.Wire.WebhookView);
    }

    [Function("DeleteWebhook")]
    [ServerOperation(Tag, "Remove a webhook endpoint", ApiScopes.WebhooksWrite,
        Description = "What waits for it is not sent any more.")]
    public async Task<IActionResult> DeleteWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Base + "/{webhookId}")] HttpRequest request, string webhookId,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.WebhooksWrite, cancellationToken);
        await webhooks.RemoveAsync(caller, webhookId, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("RotateWebhook")]
    [ServerOperation(Tag, "Make a new secret for a webhook endpoint", ApiScopes.WebhooksWrite, Request = typeof(RotateWebhookRequest),
        Response = typeof(WebhookView),
        Description = "Until overlapHours are over, what is sent has a signature by each of the two secrets.",
        RequestExample = """{"overlapHours":24}""", ResponseExample = ExampleWithSecret)]
    public Task<IActionResult> RotateWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/{webhookId}/rotate")] HttpRequest request, string webhookId,
        CancellationToken cancellationToken) =>
        requests.PostAsync(
            request, ApiScopes.WebhooksWrite, WebhookJson.Wire.RotateWebhookRequest, WebhookJson.Wire.WebhookView,
            (caller, body) => webhooks.RotateAsync(caller, webhookId, body, cancellationToken), cancellationToken);

    [Function("TestWebhook")]
    [ServerOperation(Tag, "Send a test event to a webhook endpoint", ApiScopes.WebhooksWrite, Response = typeof(WebhookSent),
        Description = "An event of type webhook.test, whatever the endpoint asks for, and tried once.", ResponseExample = ExampleSent)]
    public Task<IActionResult> TestWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/{webhookId}/test")] HttpRequest request, string webhookId,
        CancellationToken cancellationToken) =>
        requests.PostAsync(
            request, ApiScopes.WebhooksWrite, WebhookJson.Wire.WebhookSent,
            caller => webhooks.TestAsync(caller, webhookId, cancellationToken), cancellationToken);

    [Function("ListWebhookDeliveries")]
    [ServerOperation(Tag, "What was sent in the last seven days", ApiScopes.WebhooksRead, Response = typeof(WebhookDeliveryPage),
        Query = "type? webhook? state? cursor? limit:integer?",
        Description = "Newest first. type is a type of events, webhook an endpoint's id, state delivered, waiting or failed. limit is 1 to "
            + "100, default 50. Of a project with many events only some are here.",
        ResponseExample = """{"deliveries":[""" + ExampleDelivery + "]}")]
    public async Task<IActionResult> ListWebhookDeliveries(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Deliveries)] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.WebhooksRead, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var page = await webhooks.DeliveriesAsync(
            caller, new WebhookFilter(Text(fields, "type"), Text(fields, "webhook"), Text(fields, "state")), fields["cursor"],
            fields.Number("limit", 1, WebhookHistory.MaxPage, 50), cancellationToken);
        return WireResults.Json(page, WebhookJson.Wire.WebhookDeliveryPage);
    }

    [Function("GetWebhookDelivery")]
    [ServerOperation(Tag, "An event at an endpoint, with its body and every attempt", ApiScopes.WebhooksRead,
        Response = typeof(WebhookDelivery), ResponseExample = ExampleDelivery)]
    public async Task<IActionResult> GetWebhookDelivery(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Deliveries + "/{deliveryId}")] HttpRequest request, string deliveryId,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.WebhooksRead, cancellationToken);
        return WireResults.Json(await webhooks.DeliveryAsync(caller, deliveryId, cancellationToken), WebhookJson.Wire.WebhookDelivery);
    }

    [Function("ResendWebhook")]
    [ServerOperation(Tag, "Send an event to its endpoint again", ApiScopes.WebhooksWrite, Response = typeof(WebhookSent),
        Description = "With the same id and body, and with all attempts anew.", ResponseExample = ExampleSent)]
    public Task<IActionResult> ResendWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Deliveries + "/{deliveryId}/resend")] HttpRequest request,
        string deliveryId, CancellationToken cancellationToken) =>
        requests.PostAsync(
            request, ApiScopes.WebhooksWrite, WebhookJson.Wire.WebhookSent,
            caller => webhooks.ResendAsync(caller, deliveryId, cancellationToken), cancellationToken);

    private static string? Text(RequestFields fields, string name) => fields[name] is { Length: > 0 } text ? text : null;
}
