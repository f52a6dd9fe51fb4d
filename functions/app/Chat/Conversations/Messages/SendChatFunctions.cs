using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Chat.Vendor;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;

namespace Vox.Chat.Conversations.Messages;

/// <summary>The vendor's REST API for sending (guide 3.3). Each message carries the user's own password.</summary>
public sealed class SendChatFunctions(ProjectService projects, UserService users, MessageService messages, RequestBody body)
{
    private const string Fields = "projectid authtoken? username password recipient message msgType ct clientMessageId? markRead?";

    [Function("SendChat")]
    [VendorOperation("Chat", "Send a message as a user", Response = typeof(VendorStatus), Fields = Fields)]
    public Task<IActionResult> SendChat(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "sendchat")] HttpRequest request, CancellationToken cancellationToken) =>
        SendAsync(request, cancellationToken);

    [Function("SendChatUnderApi")]
    [VendorOperation("Chat", "Send a message as a user", Response = typeof(VendorStatus), Fields = Fields)]
    public Task<IActionResult> SendChatUnderApi(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/sendchat")] HttpRequest request,
        CancellationToken cancellationToken) =>
        SendAsync(request, cancellationToken);

    private async Task<IActionResult> SendAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var fields = await RequestFields.ReadAsync(request, body, cancellationToken);
        var project = await projects.GetAsync(fields.Required("projectid"), cancellationToken);

        // The guide's table requires the token and its example leaves it out, so the token is checked only when it is there.
        var authToken = fields["authtoken"];
        var byServer = authToken is { Length: > 0 };
        if (byServer)
        {
            await projects.AuthenticateAsync(project.Id, authToken, cancellationToken);
        }

        var loginId = fields.Required("username", "user");
        var password = fields.RequiredExact("password", "pass");
        var message = new SendMessageRequest(
            fields.Required("recipient"), fields.RequiredExact("message"), 1, "text/plain", MessageId(request, fields),
            MarksRead: fields.Number("markRead", 0, 1, 1) == 1);
        Only(fields, "msgType", "1");
        Only(fields, "ct", "text/plain");

        var user = await users.AuthenticateAsync(project.User(loginId), password, cancellationToken, byServer);
        var sent = await messages.SendMessageAsync(project, new Sender(user.LoginId, user.Uid) { MutedUntil = user.MutedUntil }, message,
            cancellationToken);
        return WireResults.Json(new VendorStatus("Success", 200, sent.Id), VendorJson.Wire.VendorStatus);
    }

    private static string? MessageId(HttpRequest request, RequestFields fields) =>
        fields["clientMessageId"] is { Length: > 0 } id ? id
        : request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } key ? key
        : null;

    private static void Only(RequestFields fields, string name, string value)
    {
        if (!fields.Required(name).Equals(value, StringComparison.OrdinalIgnoreCase))
        {
            throw new VoxException(Errors.InvalidField, $"{name} must be {value}.", name);
        }
    }
}
