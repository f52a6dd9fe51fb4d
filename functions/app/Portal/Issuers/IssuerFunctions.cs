using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Issuers;

/// <summary>The issuers whose JWTs log users of a project in.</summary>
public sealed class IssuerFunctions(PortalIssuerService service, ProjectCallers access, RequestBody body)
{
    private const string Base = "api/portal/v1/projects/{projectId}/issuers";

    [Function("ListIssuers")]
    [PortalOperation("Portal API keys", "The issuers whose tokens log users in", Response = typeof(IssuerList))]
    public async Task<IActionResult> ListIssuers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        return PortalResults.Json(request, await service.ListAsync(projectId, cancellationToken), IssuerJson.Wire.IssuerList);
    }

    [Function("SetIssuer")]
    [PortalOperation("Portal API keys", "Add an issuer, or change it", Request = typeof(SetIssuerRequest))]
    public async Task<IActionResult> SetIssuer(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageApiKeys, cancellationToken);
        await service.SetAsync(
            caller, await body.ReadJsonAsync(request, IssuerJson.Wire.SetIssuerRequest, cancellationToken), cancellationToken);
        return WireResults.NoContent;
    }

    [Function("RemoveIssuer")]
    [PortalOperation("Portal API keys", "Remove an issuer: its tokens log nobody in any more", Query = "issuer")]
    public async Task<IActionResult> RemoveIssuer(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageApiKeys, cancellationToken);
        await service.RemoveAsync(caller, request.Query["issuer"], cancellationToken);
        return WireResults.NoContent;
    }
}
