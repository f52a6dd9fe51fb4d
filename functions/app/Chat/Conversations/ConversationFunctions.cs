using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Sessions;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Conversations;

/// <summary>Lists the caller's conversations and lets clients catch up on what they missed.</summary>
public sealed class ConversationFunctions(CallerReader callers, ConversationReader conversations, RequestBody body)
{
    [Function("GetConversations")]
    [ApiOperation("Conversations", "The caller's conversations, most recent first", Response = typeof(ConversationPage),
        Query = "offset:integer? size:integer?")]
    public async Task<IActionResult> GetConversations(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/conversations")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var page = await conversations.ListAsync(
            caller, fields.Number("offset", 0, int.MaxValue, 0), fields.Number("size", 1, ConversationReader.MaxPage, 50),
            cancellationToken);
        return WireResults.Json(page, ConversationJson.Wire.ConversationPage);
    }

    [Function("Sync")]
    [ApiOperation("Conversations", "Everything after what the client has", Request = typeof(SyncRequest), Response = typeof(SyncResponse))]
    public async Task<IActionResult> Sync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/sync")] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var known = await body.ReadJsonAsync(request, ConversationJson.Wire.SyncRequest, cancellationToken);
        return WireResults.Json(await conversations.SyncAsync(caller, known, cancellationToken), ConversationJson.Wire.SyncResponse);
    }
}
