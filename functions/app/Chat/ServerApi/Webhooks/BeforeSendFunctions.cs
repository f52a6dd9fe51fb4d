using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.ApiKeys;
using Vox.Chat.Webhooks;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Webhooks;

/// <summary>The address that is asked before a message is stored, for customers' servers.</summary>
public sealed class BeforeSendFunctions(ServerRequests requests, ServerWebhookService webhooks)
{
    private const string Route = "api/server/v1/before-send";
    private const string Tag = "Server: webhooks";
    private const string Example = """{"url":"https://example.com/hooks/ask","milliseconds":1000,"allowsOnFailure":true}""";

    private const string Explanation = "Each message is sent there, signed, before it is stored. The answer allows it, changes its text or "
        + "refuses it: see the guide on webhooks. The first answer has the secret; a change keeps it.";

    [Function("GetBeforeSendHook")]
    [ServerOperation(Tag, "The before-send hook", ApiScopes.WebhooksRead, Response = typeof(BeforeSendView), ResponseExample = Example)]
    public async Task<IActionResult> GetBeforeSendHook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.WebhooksRead, cancellationToken);
        return WireResults.Json(await webhooks.GetHookAsync(caller, cancellationToken), WebhookJson.Wire.BeforeSendView);
    }

    [Function("SetBeforeSendHook")]
    [ServerOperation(Tag, "Have your server asked before a message is stored", ApiScopes.WebhooksWrite,
        Request = typeof(BeforeSendRequest), Response = typeof(BeforeSendView), Description = Explanation, RequestExample = Example,
        ResponseExample = Example)]
    public async Task<IActionResult> SetBeforeSendHook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
    {
        var (caller, hook) = await requests.ReadAsync(
            request, ApiScopes.WebhooksWrite, WebhookJson.Wire.BeforeSendRequest, cancellationToken);
        return WireResults.Json(await webhooks.SetHookAsync(caller, hook, cancellationToken), WebhookJson.Wire.BeforeSendView);
    }

    [Function("DeleteBeforeSendHook")]
    [ServerOperation(Tag, "Remove the before-send hook", ApiScopes.WebhooksWrite)]
    public async Task<IActionResult> DeleteBeforeSendHook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.WebhooksWrite, cancellationToken);
        await webhooks.RemoveHookAsync(caller, cancellationToken);
        return WireResults.NoContent;
    }
}
