using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.ApiKeys;
using Vox.Chat.Conversations.Messages;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Messages;

/// <summary>Messages, for customers' servers.</summary>
public sealed class ServerMessageFunctions(ServerRequests requests, ServerMessageService messages)
{
    private const string Tag = "Server: messages";

    private const string ExampleMessage = """
        {"conversation":"dK7cYq","sequence":12,"id":"dK7cYqT1x0aPz3Lm","from":"shop","to":"alice","type":1,"contentType":"text/plain",
        "data":"Your order is on its way.","size":25,"sentAt":1795453377147}
        """;

    [Function("SendServerMessage")]
    [ServerOperation(Tag, "Send a message as a user, or as your system", ApiScopes.MessagesWrite, Request = typeof(ServerSendRequest),
        Response = typeof(SendMessageResponse),
        Description = "What holds for the user holds here: blocks, membership of groups, limits. The recipient and the sender's devices "
            + "get it live. With system, the message has no sender; it goes to a group, which hears it live. "
            + "With an Idempotency-Key it is never stored twice, also when a process ends in between.",
        RequestExample = """{"from":"shop","to":"alice","data":"Your order is on its way."}""",
        ResponseExample = """
            {"id":"dK7cYqT1x0aPz3Lm","conversation":"dK7cYq","sequence":12,"sentAt":1795453377147,"duplicate":false}
            """)]
    public Task<IActionResult> SendServerMessage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/server/v1/messages")] HttpRequest request,
        CancellationToken cancellationToken) => requests.PostAsync(
            request, ApiScopes.MessagesWrite, ServerMessageJson.Wire.ServerSendRequest, MessageJson.Wire.SendMessageResponse,
            (caller, body) => messages.SendAsync(caller.Project, body, ServerRequests.KeyOf(request), cancellationToken),
            cancellationToken);

    [Function("ListUserConversations")]
    [ServerOperation(Tag, "A user's conversations, most recent first", ApiScopes.MessagesRead, Response = typeof(ServerConversationPage),
        Query = "cursor? limit:integer?", Description = "limit is 1 to 100, default 50. Reading changes no receipts.",
        ResponseExample = """{"conversations":[{"conversation":"dK7cYq","with":"shop","lastSequence":12,"unread":1,"closed":false,"""
            + "\"lastMessage\":" + ExampleMessage
            + ""","own":{"delivered":12,"deliveredAt":1795453377900,"read":11,"readAt":1795453300000},"""
            + "\"other\":{\"delivered\":0,\"read\":0}}]}")]
    public async Task<IActionResult> ListUserConversations(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/server/v1/users/{userId}/conversations")] HttpRequest request,
        string userId, CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.MessagesRead, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var page = await messages.ListAsync(
            caller.Project, RouteText.Decode(userId), fields["cursor"], fields.Number("limit", 1, ServerMessageService.MaxPage, 50),
            cancellationToken);
        return WireResults.Json(page, ServerMessageJson.Wire.ServerConversationPage);
    }

    [Function("ListUserMessages")]
    [ServerOperation(Tag, "Messages of one of a user's conversations, newest first", ApiScopes.MessagesRead,
        Response = typeof(ServerMessagePage), Query = "with? conversation? cursor? limit:integer?",
        Description = "with is the other user or the group; conversation is an id from the list of conversations. limit is 1 to 100, "
            + "default 50. Reading changes no receipts.",
        ResponseExample = """{"conversation":"dK7cYq","lastSequence":12,"messages":[""" + ExampleMessage + "]}")]
    public async Task<IActionResult> ListUserMessages(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/server/v1/users/{userId}/messages")] HttpRequest request,
        string userId, CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.MessagesRead, cancellationToken);
        var fields = RequestFields.OfQuery(request);
        var page = await messages.ReadAsync(
            caller.Project, RouteText.Decode(userId), fields.Exact("with"), fields.Exact("conversation"), fields["cursor"],
            fields.Number("limit", 1, ServerMessageService.MaxPage, 50), cancellationToken);
        return WireResults.Json(page, ServerMessageJson.Wire.ServerMessagePage);
    }
}
