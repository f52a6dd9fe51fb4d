using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Sessions;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Conversations.Receipts;

/// <summary>Delivered and read receipts.</summary>
public sealed class ReceiptFunctions(CallerReader callers, ReceiptService receipts, GroupReceiptService groups, RequestBody body)
{
    [Function("SendReceipts")]
    [ApiOperation("Messages", "Say how far messages were delivered and read", Request = typeof(ReceiptsRequest),
        Response = typeof(ReceiptsResponse))]
    public async Task<IActionResult> SendReceipts(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/receipts")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var asked = await body.ReadJsonAsync(request, ReceiptJson.Wire.ReceiptsRequest, cancellationToken);
        return WireResults.Json(await receipts.MarkAsync(caller, asked, cancellationToken), ReceiptJson.Wire.ReceiptsResponse);
    }

    [Function("GetGroupReceipts")]
    [ApiOperation("Groups", "Who has got and read a message, or how far each member is", Response = typeof(GroupReceipts),
        Query = "sequence:integer?")]
    public async Task<IActionResult> GetGroupReceipts(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/groups/{group}/receipts")] HttpRequest request, string group,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var key = ConversationKey.IsGroupId(group) ? new ConversationKey(caller.Project.Id, group) : throw GroupErrors.NoGroup();
        var sequence = RequestFields.OfQuery(request).Number("sequence", 0, int.MaxValue, 0);
        var found = await groups.ReadAsync(caller, key, sequence > 0 ? sequence : null, cancellationToken);
        return WireResults.Json(found, ReceiptJson.Wire.GroupReceipts);
    }
}
