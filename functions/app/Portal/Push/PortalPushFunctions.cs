using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Push;

/// <summary>What a project's push messages say, whether they arrive, and a test of them. The keys have endpoints of their own.</summary>
public sealed class PortalPushFunctions(PortalPushService service, ProjectCallers access, RequestBody body)
{
    private const string Base = "api/portal/v1/projects/{projectId}/push";
    private const string Tag = "Portal projects";

    [Function("PortalGetPushState")]
    [PortalOperation(Tag, "What push messages say, the key for browsers, and what became of those of seven days",
        Response = typeof(PortalPushState))]
    public async Task<IActionResult> PortalGetPushState(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/state")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        return PortalResults.Json(
            request, await service.ReadAsync(caller.Project, cancellationToken), PortalPushJson.Wire.PortalPushState);
    }

    [Function("PortalSetPushContent")]
    [PortalOperation(Tag, "Choose what push messages say", Request = typeof(PortalPushContentRequest))]
    public async Task<IActionResult> PortalSetPushContent(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base + "/content")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ChangeSettings, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, PortalPushJson.Wire.PortalPushContentRequest, cancellationToken);
        await service.SetContentAsync(caller, wanted, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("PortalGetPushDevices")]
    [PortalOperation(Tag, "The devices on which a user gets push messages; never their tokens", Query = "username",
        Response = typeof(PortalPushDevices))]
    public async Task<IActionResult> PortalGetPushDevices(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/devices")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var username = RequestFields.OfQuery(request).Exact("username");
        return PortalResults.Json(
            request, await service.DevicesAsync(caller.Project, username, cancellationToken), PortalPushJson.Wire.PortalPushDevices);
    }

    [Function("PortalTestPush")]
    [PortalOperation(Tag, "Send a test push message to a user's device, or all of them; the answer says what the services said",
        Request = typeof(PortalPushTestRequest), Response = typeof(PortalPushTestResponse))]
    public async Task<IActionResult> PortalTestPush(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/test")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManagePushKeys, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, PortalPushJson.Wire.PortalPushTestRequest, cancellationToken);
        return PortalResults.Json(
            request, await service.TestAsync(caller, wanted, cancellationToken), PortalPushJson.Wire.PortalPushTestResponse);
    }
}
