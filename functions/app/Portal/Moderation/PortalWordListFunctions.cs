using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Moderation.Words;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Moderation;

/// <summary>The word lists of a project, for developers who moderate.</summary>
public sealed class PortalWordListFunctions(PortalModerationService service, ProjectCallers access, RequestBody body)
{
    private const string Base = "api/portal/v1/projects/{projectId}/words";
    private const string Tag = "Portal users";

    [Function("PortalGetWordLists")]
    [PortalOperation(Tag, "The word lists", Response = typeof(WordListView))]
    public async Task<IActionResult> PortalGetWordLists(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        return PortalResults.Json(
            request, await service.GetWordsAsync(caller.Project, cancellationToken), WordListJson.Wire.WordListView);
    }

    [Function("PortalSetWordLists")]
    [PortalOperation(Tag, "Set the word lists", Request = typeof(WordListRequest), Response = typeof(WordListView))]
    public async Task<IActionResult> PortalSetWordLists(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.ChangeSettings, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, WordListJson.Wire.WordListRequest, cancellationToken);
        return PortalResults.Json(
            request, await service.SetWordsAsync(caller, wanted, cancellationToken), WordListJson.Wire.WordListView);
    }

    [Function("PortalTryWordLists")]
    [PortalOperation(Tag, "What word lists say of a text; nothing is stored", Request = typeof(WordTryRequest),
        Response = typeof(WordTryView))]
    public async Task<IActionResult> PortalTryWordLists(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Base + "/try")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, WordListJson.Wire.WordTryRequest, cancellationToken);
        return PortalResults.Json(
            request, await service.TryWordsAsync(caller.Project, wanted, cancellationToken), WordListJson.Wire.WordTryView);
    }
}
