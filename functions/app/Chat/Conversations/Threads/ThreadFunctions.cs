using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Sessions;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Conversations.Threads;

/// <summary>Lets clients read the threads under messages.</summary>
public sealed class ThreadFunctions(CallerReader callers, ThreadService threads)
{
    [Function("GetThread")]
    [ApiOperation("Messages", "The replies in the thread of a message, newest first", Response = typeof(ThreadPage),
        Query = "before:integer? size:integer?",
        Description = "size is 1 to 1,000, default 50. A message without replies has an empty thread.")]
    public async Task<IActionResult> GetThread(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/conversations/{conversation}/threads/{sequence}")]
        HttpRequest request, string conversation, string sequence, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var page = await threads.ReadAsync(
            caller, new(conversation, sequence), fields.Number("before", 0, int.MaxValue, 0),
            fields.Number("size", 1, ThreadService.MaxPage, 50), cancellationToken);
        return WireResults.Json(page, ThreadJson.Wire.ThreadPage);
    }
}
