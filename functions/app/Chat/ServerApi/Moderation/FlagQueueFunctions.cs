using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.ApiKeys;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Moderation;

/// <summary>The queue of what users have flagged, for customers' servers.</summary>
public sealed class FlagQueueFunctions(ServerRequests requests, FlagQueue queue, ServerActions actions)
{
    private const string Flags = "api/server/v1/moderation/flags";
    private const string Tag = "Server: moderation";

    private const string Example = """
        {"id":"Wm1xZ3v0dK7cYqT1x0aB4hM9pQs","kind":"message","user":"mallory","conversation":"dK7cYqT1x0aB4hM9pQsWm1xZ3v0","sequence":17,
        "state":"open","count":2,"reason":"spam","firstAt":"2026-11-30T09:00:00+00:00","lastAt":"2026-11-30T09:05:00+00:00"}
        """;

    private const string Decided = """
        {"id":"Wm1xZ3v0dK7cYqT1x0aB4hM9pQs","kind":"message","user":"mallory","conversation":"dK7cYqT1x0aB4hM9pQsWm1xZ3v0","sequence":17,
        "state":"decided","count":2,"reason":"spam","firstAt":"2026-11-30T09:00:00+00:00","lastAt":"2026-11-30T09:05:00+00:00",
        "decision":{"action":"mute","note":"Third time","by":"Backend","at":"2026-11-30T10:00:00+00:00"}}
        """;

    [Function("ListFlags")]
    [ServerOperation(Tag, "What users have flagged, newest first", ApiScopes.ModerationRead, Response = typeof(FlagPage),
        Query = "state? cursor? limit:integer?", Description = "state is open (default) or decided; limit is 1 to 100, default 50.",
        ResponseExample = """{"flags":[""" + Example + "]}")]
    public async Task<IActionResult> ListFlags(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Flags)] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.ModerationRead, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var page = await queue.ListAsync(
            caller.Project, fields["state"], fields["cursor"], fields.Number("limit", 1, FlagQueue.MaxPage, 50), cancellationToken);
        return WireResults.Json(page, ModerationJson.Wire.FlagPage);
    }

    [Function("GetFlag")]
    [ServerOperation(Tag, "A flagged message or user, with the flags and the messages around it", ApiScopes.ModerationRead,
        Response = typeof(FlagDetail), Description = "It shows messages to keys that have no other right to read them.",
        ResponseExample = """
            {"flag":
            """ + Example + """
            ,"reports":[{"by":"alice","reason":"spam","text":"The same in every group","at":"2026-11-30T09:05:00+00:00"}],"messages":[]}
            """)]
    public async Task<IActionResult> GetFlag(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Flags + "/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.ModerationRead, cancellationToken);
        return WireResults.Json(await queue.GetAsync(caller.Project, id, cancellationToken), ModerationJson.Wire.FlagDetail);
    }

    [Function("DecideFlag")]
    [ServerOperation(Tag, "Decide about a flagged message or user", ApiScopes.ModerationWrite, Request = typeof(DecideFlagRequest),
        Response = typeof(FlagView), RequestExample = """{"action":"mute","until":"2030-12-31T09:00:00Z","note":"Third time"}""",
        ResponseExample = Decided,
        Description = "What was decided is done at once and recorded. It can be decided again: first delete, then ban.")]
    public Task<IActionResult> DecideFlag(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Flags + "/{id}/decision")] HttpRequest request, string id,
        CancellationToken cancellationToken) => requests.PostAsync(
            request, ApiScopes.ModerationWrite, ModerationJson.Wire.DecideFlagRequest, ModerationJson.Wire.FlagView,
            async (caller, body) =>
            {
                var flag = await queue.DecideAsync(caller.Project, caller.Key.Name, id, body, cancellationToken);
                foreach (var (action, detail) in FlagQueue.Records(flag))
                {
                    await actions.DoneAsync(caller, action, detail, cancellationToken);
                }

                return flag;
            },
            cancellationToken);
}
