using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Sessions;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Search;

/// <summary>Lets users search their own conversations.</summary>
public sealed class SearchFunctions(CallerReader callers, SearchService search, SearchBuilds builds)
{
    [Function("SearchMessages")]
    [ApiOperation("Messages", "Search the caller's conversations, newest first", Response = typeof(SearchPage),
        Query = "q cursor? limit:integer?",
        Description = "q has words, all of which must be in the message: whole words, without regard to case and accents; a beginning with "
            + "a star (invo*); phrases in quotation marks; and from:anna, from:me, in:bob, in:a group's id, has:file, before:2026-12-01, "
            + "after:2026-11-01 (UTC; the day counts as after itself). At most 200 characters and 20 words. limit is 1 to 50, default "
            + "20. A page may have fewer, even none, while there are more: go on with next until it is absent. Search must be switched "
            + "on in the project.")]
    public async Task<IActionResult> SearchMessages(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/search")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var (hits, next) = await search.OfUserAsync(
            caller, fields.Exact("q"), SearchCursor.Read(fields["cursor"]),
            fields.Number("limit", 1, SearchService.MaxPage, SearchService.DefaultPage), cancellationToken);
        return WireResults.Json(new SearchPage(hits, SearchCursor.Create(next)), SearchJson.Wire.SearchPage);
    }

    /// <summary>Every five minutes: goes on with indexes that are being made or deleted.</summary>
    [Function("BuildSearchIndexes")]
    public Task BuildSearchIndexes([TimerTrigger("35 */5 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        builds.RunAsync(cancellationToken);
}
