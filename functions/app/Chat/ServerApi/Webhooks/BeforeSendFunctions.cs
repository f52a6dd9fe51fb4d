using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.ApiKeys;
using Vox.Chat.Webhooks;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Webhooks;

/// <summary>The address that is asked before a message is stored, for customers' servers.</summary>
public sealed class BeforeSendFunctions(ServerRequests requests, BeforeSendService hooks, ServerBeforeSendService service)
{
    private const string Route = "api/server/v1/before-send";
    private const string Tag = "Server: webhooks";
    private const string Example = """{"url":"https://example.com/hooks/ask","milliseconds":1000,"allowsOnFailure":true}""";

    private const string ExampleWithDays = """
        {"url":"https://example.com/hooks/ask","milliseconds":1000,"allowsOnFailure":true,
        "days":[{"day":"2026-11-30","allowed":1204,"changed":3,"refused":12,"failed":1,"skipped":0}]}
        """;

    private const string ExampleWithSecret = """
        {"url":"https://example.com/hooks/ask","milliseconds":1000,"allowsOnFailure":true,
        "secret":"whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=","previousUntil":"2026-12-01T09:00:00+00:00"}
        """;

    private const string Explanation = "Each message is sent there, signed, before it is stored. The answer allows it, changes its text or "
        + "refuses it: see the guide on webhooks. The first answer has the secret; a change keeps it.";

    [Function("GetBeforeSendHook")]
    [ServerOperation(Tag, "The before-send hook", ApiScopes.WebhooksRead, Response = typeof(BeforeSendView),
        ResponseExample = ExampleWithDays,
        Description = "With what became of the messages of the last seven days, and whether some instance does not ask at present.")]
    public async Task<IActionResult> GetBeforeSendHook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.WebhooksRead, cancellationToken);
        return WireResults.Json(await hooks.ViewAsync(caller.Project.Id, cancellationToken), WebhookJson.Wire.BeforeSendView);
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
        return WireResults.Json(await service.SetAsync(caller, hook, cancellationToken), WebhookJson.Wire.BeforeSendView);
    }

    [Function("DeleteBeforeSendHook")]
    [ServerOperation(Tag, "Remove the before-send hook", ApiScopes.WebhooksWrite)]
    public async Task<IActionResult> DeleteBeforeSendHook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.WebhooksWrite, cancellationToken);
        await service.RemoveAsync(caller, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("RotateBeforeSendHook")]
    [ServerOperation(Tag, "Make a new secret for the before-send hook", ApiScopes.WebhooksWrite, Request = typeof(RotateWebhookRequest),
        Response = typeof(BeforeSendView),
        Description = "Until overlapHours are over, each question has a signature by each of the two secrets.",
        RequestExample = """{"overlapHours":24}""", ResponseExample = ExampleWithSecret)]
    public Task<IActionResult> RotateBeforeSendHook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route + "/rotate")] HttpRequest request,
        CancellationToken cancellationToken) => requests.PostAsync(
            request, ApiScopes.WebhooksWrite, WebhookJson.Wire.RotateWebhookRequest, WebhookJson.Wire.BeforeSendView,
            (caller, body) => service.RotateAsync(caller, body, cancellationToken), cancellationToken);
}
