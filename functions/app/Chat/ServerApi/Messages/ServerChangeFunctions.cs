using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.ApiKeys;
using Vox.Chat.Conversations.Changes;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Messages;

/// <summary>Messages that customers' servers change after they were sent.</summary>
public sealed class ServerChangeFunctions(ServerRequests requests, ServerChangeService changes)
{
    private const string Message = "api/server/v1/conversations/{conversation}/messages/{sequence}";
    private const string Tag = "Server: messages";

    private const string Example = """
        {"conversation":"dK7cYq","sequence":12,"changed":true,"message":{"conversation":"dK7cYq","sequence":12,"id":"dK7cYqT1x0aPz3Lm",
        "from":"shop","to":"alice","type":1,"contentType":"text/plain","data":"Your order is at the door.","size":26,
        "sentAt":1795453377147,"change":1,"editedAt":1795453382000}}
        """;

    [Function("EditServerMessage")]
    [ServerOperation(Tag, "Edit the text of any message", ApiScopes.MessagesWrite, Request = typeof(EditServerMessageRequest),
        Response = typeof(ServerMessageChange), Headers = "If-Match?",
        Description = "At any time, whoever has written it; messages of your system too. The conversation's members are told live. With "
            + "If-Match, only if the message still has that ETag: otherwise 412. To repeat it does no harm.",
        RequestExample = """{"data":"Your order is at the door."}""", ResponseExample = Example)]
    public async Task<IActionResult> EditServerMessage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = Message)] HttpRequest request, string conversation, string sequence,
        CancellationToken cancellationToken)
    {
        var (caller, edit) = await requests.ReadAsync(
            request, ApiScopes.MessagesWrite, ServerMessageJson.Wire.EditServerMessageRequest, cancellationToken);
        return Tagged(
            request,
            await changes.EditAsync(caller, new(conversation, sequence), edit, ETags.IfMatch(request), cancellationToken));
    }

    [Function("DeleteServerMessage")]
    [ServerOperation(Tag, "Delete any message for everyone", ApiScopes.MessagesWrite, Response = typeof(ServerMessageChange),
        Headers = "If-Match?",
        Description = "Text, file and earlier texts are gone; the place in the conversation stays. The members are told live. With "
            + "If-Match, only if the message still has that ETag: otherwise 412. To repeat it does no harm.",
        ResponseExample = """
            {"conversation":"dK7cYq","sequence":12,"changed":true,"message":{"conversation":"dK7cYq","sequence":12,"id":"dK7cYqT1x0aPz3Lm",
            "from":"shop","to":"alice","type":1,"contentType":"text/plain","data":"","size":0,"sentAt":1795453377147,"change":2,
            "deletedAt":1795453382000}}
            """)]
    public async Task<IActionResult> DeleteServerMessage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Message)] HttpRequest request, string conversation, string sequence,
        CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.MessagesWrite, cancellationToken);
        return Tagged(request, await changes.DeleteAsync(caller, new(conversation, sequence), ETags.IfMatch(request), cancellationToken));
    }

    [Function("GetServerMessageVersions")]
    [ServerOperation(Tag, "The texts that a message had before it was edited", ApiScopes.MessagesRead,
        Response = typeof(ServerMessageVersions),
        Description = "For moderation. Texts are kept where the project's settings say so (`keepVersions`), and while a legal hold covers "
            + "the conversation. Members of the conversation do not get them.",
        ResponseExample = """
            {"message":{"conversation":"dK7cYq","sequence":12,"id":"dK7cYqT1x0aPz3Lm","from":"shop","to":"alice","type":1,
            "contentType":"text/plain","data":"Your order is at the door.","size":26,"sentAt":1795453377147,"change":1,
            "editedAt":1795453382000},"versions":[{"data":"Your order is on its way.","writtenAt":1795453377147}]}
            """)]
    public async Task<IActionResult> GetServerMessageVersions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Message + "/versions")] HttpRequest request, string conversation,
        string sequence, CancellationToken cancellationToken)
    {
        var caller = await requests.ReadAsync(request, ApiScopes.MessagesRead, cancellationToken);
        var versions = await changes.ReadVersionsAsync(caller.Project, new(conversation, sequence), cancellationToken);
        request.HttpContext.Response.Headers.ETag = ServerChangeService.ETagOf(versions.Message);
        return WireResults.Json(versions, ServerMessageJson.Wire.ServerMessageVersions);
    }

    private static IActionResult Tagged(HttpRequest request, ServerMessageChange changed)
    {
        request.HttpContext.Response.Headers.ETag = ServerChangeService.ETagOf(changed.Message);
        return WireResults.Json(changed, ServerMessageJson.Wire.ServerMessageChange);
    }
}
