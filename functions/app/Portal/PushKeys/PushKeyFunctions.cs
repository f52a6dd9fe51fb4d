using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.PushKeys;

/// <summary>The iOS certificate and the Android key of a project (guide 2.2.6).</summary>
public sealed class PushKeyFunctions(PushKeyService service, ProjectCallers access, RequestBody body)
{
    private const string Base = "api/portal/v1/projects/{projectId}/push";

    [Function("GetPushKeys")]
    [PortalOperation("Portal projects", "Which push keys are stored; never the keys themselves", Response = typeof(PushKeysResponse))]
    public async Task<IActionResult> GetPushKeys(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        return PortalResults.Json(request, await service.ReadAsync(projectId, cancellationToken), PushKeyJson.Wire.PushKeysResponse);
    }

    [Function("SetIosPushKey")]
    [PortalOperation("Portal projects", "Store the iOS certificate (.p12) or key (.p8), in place of the one before",
        Request = typeof(IosPushKeyRequest), Response = typeof(IosPushKey))]
    public async Task<IActionResult> SetIosPushKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base + "/ios")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManagePushKeys, cancellationToken);
        var key = await body.ReadJsonAsync(request, PushKeyJson.Wire.IosPushKeyRequest, cancellationToken);
        return PortalResults.Json(request, await service.SetIosAsync(caller, key, cancellationToken), PushKeyJson.Wire.IosPushKey);
    }

    [Function("SetAndroidPushKey")]
    [PortalOperation("Portal projects", "Store the FCM service account or server key, in place of the one before",
        Request = typeof(AndroidPushKeyRequest), Response = typeof(AndroidPushKey))]
    public async Task<IActionResult> SetAndroidPushKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base + "/android")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManagePushKeys, cancellationToken);
        var key = await body.ReadJsonAsync(request, PushKeyJson.Wire.AndroidPushKeyRequest, cancellationToken);
        return PortalResults.Json(request, await service.SetAndroidAsync(caller, key, cancellationToken), PushKeyJson.Wire.AndroidPushKey);
    }

    [Function("RemoveIosPushKey")]
    [PortalOperation("Portal projects", "Remove the iOS certificate or key")]
    public async Task<IActionResult> RemoveIosPushKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Base + "/ios")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManagePushKeys, cancellationToken);
        await service.RemoveIosAsync(caller, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("RemoveAndroidPushKey")]
    [PortalOperation("Portal projects", "Remove the Android key")]
    public async Task<IActionResult> RemoveAndroidPushKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Base + "/android")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManagePushKeys, cancellationToken);
        await service.RemoveAndroidAsync(caller, cancellationToken);
        return WireResults.NoContent;
    }
}
