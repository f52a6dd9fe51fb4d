using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Sessions;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Conversations.Messages;

/// <summary>Lets clients send messages and read the history.</summary>
public sealed class MessageFunctions(CallerReader callers, MessageService messages, MessageReader reader, RequestBody body)
{
    [Function("SendMessage")]
    [ApiOperation("Messages", "Send a message", Request = typeof(SendMessageRequest), Response = typeof(SendMessageResponse))]
    public async Task<IActionResult> SendMessage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/messages")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var message = await body.ReadJsonAsync(request, MessageJson.Wire.SendMessageRequest, cancellationToken);
        if (string.IsNullOrEmpty(message.ClientMessageId) && request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } key)
        {
            message = message with { ClientMessageId = key };
        }

        var sent = await messages.SendMessageAsync(caller.Project, caller.Sender, message, cancellationToken);
        return WireResults.Json(SendMessageResponse.Of(sent), MessageJson.Wire.SendMessageResponse);
    }

    [Function("GetMessages")]
    [ApiOperation("Messages", "A page of a conversation, newest first", Response = typeof(MessagePage),
        Query = "with? conversation? before:integer? offset:integer? size:integer?")]
    public async Task<IActionResult> GetMessages(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/messages")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var page = await reader.ReadAsync(
            caller,
            fields.Exact("with"),
            fields.Exact("conversation"),
            fields.Number("before", 1, int.MaxValue, int.MaxValue),
            fields.Number("offset", 0, int.MaxValue, 0),
            fields.Number("size", 1, MessageReader.MaxPage, 50),
            cancellationToken);
        return WireResults.Json(page, MessageJson.Wire.MessagePage);
    }
}
