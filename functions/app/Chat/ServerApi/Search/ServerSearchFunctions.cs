using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.ApiKeys;
using Vox.Chat.Search;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Search;

/// <summary>Search in all conversations of a project, for customers' servers, and the index that it uses.</summary>
public sealed class ServerSearchFunctions(ServerRequests requests, ServerSearchService search)
{
    private const string Tag = "Server: search";

    private const string IndexExample = """{"state":"building","messages":120000}""";

    [Function("SearchServerMessages")]
    [ServerOperation(Tag, "Search all conversations of the project, newest first", ApiScopes.MessagesRead, Response = typeof(SearchPage),
        Query = "q cursor? limit:integer?",
        Description = "q is that of the client API: words, phrases, from:, in: (the id of a conversation or a group), has:file, before:, "
            + "after:. limit is 1 to 50, default 20. A page may have fewer, even none, while there are more: go on with next until it is "
            + "absent. Search must be switched on in the project.",
        ResponseExample = """
        {"hits":[{"excerpt":"Your order is on its way","marks":[{"start":5,"length":5}],"message":{"conversation":"dKc3vV0kXPq6mA4u",
        "sequence":7,"id":"order-17","from":"shop","to":"alice","type":1,"contentType":"text/plain","data":"Your order is on its way",
        "size":24,"sentAt":1793000000000}}],"next":"eyJ0IjoxfQ"}
        """)]
    public async Task<IActionResult> SearchServerMessages(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/server/v1/search")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.MessagesRead, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var page = await search.SearchAsync(
            caller.Project, fields.Exact("q"), fields["cursor"],
            fields.Number("limit", 1, SearchService.MaxPage, SearchService.DefaultPage), cancellationToken);
        return WireResults.Json(page, SearchJson.Wire.SearchPage);
    }

    [Function("GetServerSearchIndex")]
    [ServerOperation(Tag, "How far the index of search is", ApiScopes.MessagesRead, Response = typeof(SearchIndexView),
        Description = "ready: it has all messages. building: messages from before search was switched on, or from before the index was "
            + "made anew, are still being added. off: search is off.",
        ResponseExample = IndexExample)]
    public async Task<IActionResult> GetServerSearchIndex(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/server/v1/search/index")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.MessagesRead, cancellationToken);
        return WireResults.Json(await search.IndexAsync(caller.Project, cancellationToken), SearchJson.Wire.SearchIndexView);
    }

    [Function("RebuildServerSearchIndex")]
    [ServerOperation(Tag, "Make the index of search anew", ApiScopes.MessagesWrite, Response = typeof(SearchIndexView),
        Description = "From the messages as they are, in the background; it begins after about two minutes. Until it is ready, search "
            + "finds less.",
        ResponseExample = IndexExample)]
    public Task<IActionResult> RebuildServerSearchIndex(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/server/v1/search/rebuild")] HttpRequest request,
        CancellationToken cancellationToken) => requests.PostAsync(
            request, ApiScopes.MessagesWrite, SearchJson.Wire.SearchIndexView,
            caller => search.RebuildAsync(caller.Project, cancellationToken), cancellationToken);
}
