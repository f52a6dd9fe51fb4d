using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.ApiKeys;
using Vox.Chat.Moderation.Words;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Moderation;

/// <summary>Word lists, for customers' servers.</summary>
public sealed class WordListFunctions(ServerRequests requests, WordListService words, ServerActions actions)
{
    private const string Words = "api/server/v1/moderation/words";
    private const string Tag = "Server: moderation";
    private const string Example = """{"block":["badword"],"mask":["*darn*"],"flag":["meet me at"],"server":false}""";

    private const string View = """
        {"block":["badword"],"mask":["*darn*"],"flag":["meet me at"],"server":false,"changedAt":"2026-11-30T09:00:00+00:00",
        "changedBy":"Backend"}
        """;

    [Function("GetWordLists")]
    [ServerOperation(Tag, "The word lists", ApiScopes.ModerationRead, Response = typeof(WordListView), ResponseExample = View)]
    public async Task<IActionResult> GetWordLists(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Words)] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.ModerationRead, cancellationToken);
        return WireResults.Json(await words.GetAsync(caller.Project.Id, cancellationToken), WordListJson.Wire.WordListView);
    }

    [Function("SetWordLists")]
    [ServerOperation(Tag, "Set the word lists", ApiScopes.ModerationWrite, Request = typeof(WordListRequest),
        Response = typeof(WordListView), RequestExample = Example, ResponseExample = View,
        Description = "In place of those that there are; a list that is absent is empty. Together at most 10,000 entries. They hold within "
            + "a minute. Case, accents, width, characters that nobody sees and look-alikes of other scripts make no difference.")]
    public async Task<IActionResult> SetWordLists(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Words)] HttpRequest request, CancellationToken cancellationToken)
    {
        var (caller, lists) = await requests.ReadAsync(
            request, ApiScopes.ModerationWrite, WordListJson.Wire.WordListRequest, cancellationToken);
        var set = await words.SetAsync(caller.Project.Id, lists, caller.Key.Name, cancellationToken);
        await actions.DoneAsync(caller, "words.set", Detail(set), cancellationToken);
        return WireResults.Json(set, WordListJson.Wire.WordListView);
    }

    [Function("TryWordLists")]
    [ServerOperation(Tag, "What word lists say of a text", ApiScopes.ModerationRead, Request = typeof(WordTryRequest),
        Response = typeof(WordTryView), RequestExample = """{"text":"Oh d\u0430rn"}""",
        ResponseExample = """{"action":"mask","text":"Oh ****","found":["*darn*"]}""", Description = "Nothing is stored.")]
    public Task<IActionResult> TryWordLists(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Words + "/try")] HttpRequest request,
        CancellationToken cancellationToken) => requests.PostAsync(
            request, ApiScopes.ModerationRead, WordListJson.Wire.WordTryRequest, WordListJson.Wire.WordTryView,
            (caller, body) => words.TryAsync(caller.Project.Id, body, cancellationToken), cancellationToken);

    /// <summary>For records: how many, not which.</summary>
    internal static string Detail(WordListView lists) =>
        $"{lists.Block.Count:N0} to block, {lists.Mask.Count:N0} to mask, {lists.Flag.Count:N0} to flag";
}
