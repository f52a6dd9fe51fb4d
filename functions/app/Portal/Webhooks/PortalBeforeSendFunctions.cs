using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Webhooks;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Webhooks;

/// <summary>The address that is asked before a message of the project is stored.</summary>
public sealed class PortalBeforeSendFunctions(PortalBeforeSendService service, ProjectCallers access, RequestBody body)
{
    private const string Base = "api/portal/v1/projects/{projectId}/before-send";
    private const string Tag = "Portal webhooks";

    [Function("PortalGetBeforeSend")]
    [PortalOperation(Tag, "The before-send hook with what was counted in the last days; never its secret",
        Response = typeof(PortalBeforeSend))]
    public async Task<IActionResult> PortalGetBeforeSend(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        return PortalResults.Json(request, await service.FindAsync(projectId, cancellationToken), PortalWebhookJson.Wire.PortalBeforeSend);
    }

    [Function("PortalSetBeforeSend")]
    [PortalOperation(Tag, "Make or change the before-send hook; the secret of a new one is shown here once",
        Request = typeof(BeforeSendRequest), Response = typeof(BeforeSendView))]
    public async Task<IActionResult> PortalSetBeforeSend(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageApiKeys, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, WebhookJson.Wire.BeforeSendRequest, cancellationToken);
        return PortalResults.Json(request, await service.SetAsync(caller, wanted, cancellationToken), WebhookJson.Wire.BeforeSendView);
    }

    [Function("PortalRotateBeforeSend")]
    [PortalOperation(Tag, "Make a new secret for the before-send hook, shown here once", Request = typeof(RotateWebhookRequest),
        Response = typeof(BeforeSendView))]
    public async Task<IActionResult> PortalRotateBeforeSend(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/rotate")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageApiKeys, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, WebhookJson.Wire.RotateWebhookRequest, cancellationToken);
        return PortalResults.Json(
            request, await service.RotateAsync(caller, wanted.OverlapHours, cancellationToken), WebhookJson.Wire.BeforeSendView);
    }

    [Function("PortalDeleteBeforeSend")]
    [PortalOperation(Tag, "Remove the before-send hook: messages are stored without asking")]
    public async Task<IActionResult> PortalDeleteBeforeSend(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        await service.RemoveAsync(
            await access.ReadAsync(request, projectId, ProjectAction.ManageApiKeys, cancellationToken), cancellationToken);
        return WireResults.NoContent;
    }
}
