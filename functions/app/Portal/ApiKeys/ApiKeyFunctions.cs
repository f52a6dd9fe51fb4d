using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.ApiKeys;

/// <summary>The keys with which a customer's servers call the server API.</summary>
public sealed class ApiKeyFunctions(PortalApiKeyService service, ProjectCallers access, RequestBody body)
{
    private const string Base = "api/portal/v1/projects/{projectId}/api-keys";

    [Function("ListApiKeys")]
    [PortalOperation("Portal API keys", "The API keys of a project; never the keys themselves", Response = typeof(ApiKeyList))]
    public async Task<IActionResult> ListApiKeys(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        return PortalResults.Json(request, await service.ListAsync(projectId, cancellationToken), ApiKeyJson.Wire.ApiKeyList);
    }

    [Function("CreateApiKey")]
    [PortalOperation("Portal API keys", "Make an API key, shown here once", Request = typeof(CreateApiKeyRequest),
        Response = typeof(NewApiKey))]
    public async Task<IActionResult> CreateApiKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageApiKeys, cancellationToken);
        var key = await body.ReadJsonAsync(request, ApiKeyJson.Wire.CreateApiKeyRequest, cancellationToken);
        return PortalResults.Json(request, await service.CreateAsync(caller, key, cancellationToken), ApiKeyJson.Wire.NewApiKey);
    }

    [Function("RotateApiKey")]
    [PortalOperation("Portal API keys", "Make a new secret for an API key, shown here once", Request = typeof(RotateApiKeyRequest),
        Response = typeof(NewApiKey))]
    public async Task<IActionResult> RotateApiKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/{keyId}/rotate")] HttpRequest request,
        string projectId, string keyId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageApiKeys, cancellationToken);
        var rotate = await body.ReadJsonAsync(request, ApiKeyJson.Wire.RotateApiKeyRequest, cancellationToken);
        return PortalResults.Json(
            request, await service.RotateAsync(caller, keyId, rotate.OverlapHours, cancellationToken), ApiKeyJson.Wire.NewApiKey);
    }

    [Function("RevokeApiKey")]
    [PortalOperation("Portal API keys", "Revoke an API key; it ends everywhere within half a minute")]
    public async Task<IActionResult> RevokeApiKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Base + "/{keyId}")] HttpRequest request,
        string projectId, string keyId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageApiKeys, cancellationToken);
        await service.RevokeAsync(caller, keyId, cancellationToken);
        return WireResults.NoContent;
    }
}
