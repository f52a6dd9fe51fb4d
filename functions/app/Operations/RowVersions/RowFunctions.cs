using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;
using Vox.Platform.RowVersions;

namespace Vox.Operations.RowVersions;

/// <summary>Brings rows of earlier releases to the shape of this one, and says how far that is.</summary>
public sealed class RowFunctions(RowSweep sweep)
{
    [Function("ListRowVersions")]
    [ApiOperation("Operators", "How far the rows of tables are in their newest shape, with the master key",
        Response = typeof(RowVersionList), Anonymous = true)]
    public async Task<IActionResult> ListRowVersions(
        [HttpTrigger(AuthorizationLevel.Admin, "get", Route = "api/operator/v1/row-versions")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        var tables = await sweep.ReadAsync(cancellationToken);
        return WireResults.Json(
            new RowVersionList([.. tables.Select(t => new RowVersionResponse(
                t.Schema.Table, t.Schema.Version, t.State?.Version, t.State?.Rows ?? 0, t.State?.Changed ?? 0, t.State?.StartedAt,
                t.State?.FinishedAt))]),
            RowJson.Wire.RowVersionList);
    }

    /// <summary>Every ten minutes, goes on with the sweep of tables whose rows have had several shapes.</summary>
    [Function("UpgradeRows")]
    public Task UpgradeRows([TimerTrigger("50 */10 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        sweep.RunAsync(cancellationToken);
}
