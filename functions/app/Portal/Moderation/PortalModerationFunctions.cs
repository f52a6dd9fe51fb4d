using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.ServerApi.Moderation;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Moderation;

/// <summary>What users of a project have flagged, for developers who moderate.</summary>
public sealed class PortalModerationFunctions(PortalModerationService service, ProjectCallers access, RequestBody body)
{
    private const string Base = "api/portal/v1/projects/{projectId}/flags";
    private const string Tag = "Portal users";

    [Function("PortalListFlags")]
    [PortalOperation(Tag, "What users have flagged, newest first; state is open (default) or decided", Response = typeof(FlagPage),
        Query = "state? after?")]
    public async Task<IActionResult> PortalListFlags(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var page = await service.ListAsync(
            caller.Project, RequestFields.OfQuery(request)["state"], PortalResults.After(request), cancellationToken);
        return PortalResults.Json(request, page, ModerationJson.Wire.FlagPage);
    }

    [Function("PortalGetFlag")]
    [PortalOperation(Tag, "A flagged message or user, with the flags and the messages around it", Response = typeof(FlagDetail))]
    public async Task<IActionResult> PortalGetFlag(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/{flagId}")] HttpRequest request,
        string projectId, string flagId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ReadMessages, cancellationToken);
        return PortalResults.Json(
            request, await service.GetAsync(caller.Project, flagId, cancellationToken), ModerationJson.Wire.FlagDetail);
    }

    [Function("PortalDecideFlag")]
    [PortalOperation(Tag, "Decide about a flagged message or user: keep, delete, mute or ban", Request = typeof(DecideFlagRequest),
        Response = typeof(FlagView))]
    public async Task<IActionResult> PortalDecideFlag(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/{flagId}/decision")] HttpRequest request,
        string projectId, string flagId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ManageUsers, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, ModerationJson.Wire.DecideFlagRequest, cancellationToken);
        return PortalResults.Json(
            request, await service.DecideAsync(caller, flagId, wanted, cancellationToken), ModerationJson.Wire.FlagView);
    }
}
