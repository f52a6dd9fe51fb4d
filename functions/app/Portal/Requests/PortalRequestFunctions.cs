using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Requests;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Requests;

/// <summary>The API requests of a project, for its developers.</summary>
public sealed class PortalRequestFunctions(PortalRequestService service, ProjectCallers access, RequestBody body)
{
    private const string Base = "api/portal/v1/projects/{projectId}/api-requests";
    private const string Tag = "Portal webhooks";

    [Function("PortalListApiRequests")]
    [PortalOperation(Tag, "The API requests of the last seven days, newest first", Response = typeof(ApiRequestPage),
        Query = "api? caller? method? route? failed:boolean? error? after?")]
    public async Task<IActionResult> PortalListApiRequests(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var filter = new RequestFilter(
            Text(request, "api"), Text(request, "caller"), Text(request, "method"), Text(request, "route"),
            Text(request, "failed") is { } failed ? failed == "true" : null, Text(request, "error"));
        return PortalResults.Json(
            request, await service.ListAsync(caller.Project, filter, PortalResults.After(request), cancellationToken),
            RequestJson.Wire.ApiRequestPage);
    }

    [Function("PortalSetKeptRequests")]
    [PortalOperation(Tag, "Say which API requests are kept", Request = typeof(KeptRequestsView), Response = typeof(KeptRequestsView))]
    public async Task<IActionResult> PortalSetKeptRequests(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base + "/kept")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ChangeSettings, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, RequestJson.Wire.KeptRequestsView, cancellationToken);
        return PortalResults.Json(request, await service.SetAsync(caller, wanted, cancellationToken), RequestJson.Wire.KeptRequestsView);
    }

    private static string? Text(HttpRequest request, string name) =>
        request.Query[name].ToString() is { Length: > 0 and <= 200 } text ? text : null;
}
