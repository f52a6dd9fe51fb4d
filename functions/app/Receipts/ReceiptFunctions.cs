using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Http;
using Vox.OpenApi;
using Vox.Sessions;

namespace Vox.Receipts;

/// <summary>Delivered and read receipts.</summary>
public sealed class ReceiptFunctions(CallerReader callers, ReceiptService receipts, RequestBody body)
{
    [Function("SendReceipts")]
    [ApiOperation("Messages", "Say how far messages were delivered and read", Request = typeof(ReceiptsRequest),
        Response = typeof(ReceiptsResponse))]
    public async Task<IActionResult> SendReceipts(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/receipts")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var asked = await body.ReadJsonAsync(request, WireJson.Wire.ReceiptsRequest, cancellationToken);
        return WireResults.Json(await receipts.MarkAsync(caller, asked, cancellationToken), WireJson.Wire.ReceiptsResponse);
    }
}
