using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Webhooks;

/// <summary>Serves what events look like, for anybody.</summary>
public sealed class WebhookSchemaFunctions
{
    [Function("GetWebhookSchemas")]
    [ApiOperation("Documentation", "The events of webhooks as JSON Schema", Response = typeof(object), Anonymous = true)]
    public IActionResult GetWebhookSchemas(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/webhooks/schemas")] HttpRequest request) =>
        Cached(request, WebhookSchemas.Json);

    [Function("GetWebhookSchema")]
    [ApiOperation(
        "Documentation", "One type of events as JSON Schema", Response = typeof(object), Anonymous = true,
        Description = "type is one that an endpoint can ask for, such as message.sent.")]
    public IActionResult GetWebhookSchema(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/webhooks/schemas/{type}")] HttpRequest request, string type) =>
        Cached(request, WebhookSchemas.Of(type));

    private static IActionResult Cached(HttpRequest request, string json)
    {
        request.HttpContext.Response.Headers.CacheControl = "public, max-age=300";
        return WireResults.Text(json, "application/schema+json");
    }
}
