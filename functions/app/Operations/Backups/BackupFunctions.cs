using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;
using Vox.Platform.Storage;

namespace Vox.Operations.Backups;

/// <summary>Backups and what operators do with them. Operators have the master key of the function app, which the host checks.</summary>
public sealed class BackupFunctions(
    BackupExport export, BackupRestore restore, RequestBody body, IOptions<BackupOptions> options)
{
    private const string Operator = "api/operator/v1/";

    [Function("BackUpTables")]
    public Task BackUpTables([TimerTrigger("15 */5 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        export.RunAsync(cancellationToken);

    /// <summary>Does nothing unless the app is in restore mode. A run takes up to four minutes.</summary>
    [Function(RestoreGate.Timer)]
    public Task RestoreTables([TimerTrigger("45 */5 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        restore.RunAsync(cancellationToken);

    [Function("GetBackup")]
    [ApiOperation("Operators", "How old the backup is, with the master key", Response = typeof(BackupResponse), Anonymous = true)]
    public async Task<IActionResult> GetBackup(
        [HttpTrigger(AuthorizationLevel.Admin, "get", Route = Operator + "backup")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var state = await export.StateAsync(cancellationToken);
        return Json(request, new BackupResponse(
            options.Value.NotesChanges, options.Value.Restoring, state.ExportedThrough > 0 ? state.ExportedThrough : null,
            state.Pass?.Began, state.Pass?.Ended, state.Pass?.Rows ?? 0), BackupJson.Wire.BackupResponse);
    }

    [Function("BeginRestore")]
    [ApiOperation("Operators", "Restore an empty account from the backup, with the master key", Request = typeof(RestoreRequest),
        Response = typeof(RestoreResponse), Anonymous = true)]
    public async Task<IActionResult> BeginRestore(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = Operator + "restore")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var wanted = await body.ReadOptionalJsonAsync(request, BackupJson.Wire.RestoreRequest, cancellationToken);
        return Restore(request, await restore.BeginAsync(wanted?.Until, cancellationToken));
    }

    [Function("GetRestore")]
    [ApiOperation("Operators", "How far a restore is, with the master key", Response = typeof(RestoreResponse), Anonymous = true)]
    public async Task<IActionResult> GetRestore(
        [HttpTrigger(AuthorizationLevel.Admin, "get", Route = Operator + "restore")] HttpRequest request,
        CancellationToken cancellationToken) =>
        Restore(request, await restore.StateAsync(cancellationToken) ?? throw new VoxException(Errors.NotFound, "There was no restore."));

    [Function("BeginFailover")]
    [ApiOperation("Operators", "Renew all conversations after a failover that lost the last minutes, with the master key",
        Response = typeof(RestoreResponse), Anonymous = true)]
    public async Task<IActionResult> BeginFailover(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = Operator + "failover")] HttpRequest request,
        CancellationToken cancellationToken) =>
        Restore(request, await restore.BeginFailoverAsync(cancellationToken));

    [Function("RebuildLog")]
    [ApiOperation("Operators", "Make a project's log anew from its conversations, with the master key",
        Response = typeof(RestoreResponse), Anonymous = true)]
    public async Task<IActionResult> RebuildLog(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = Operator + "projects/{projectId}/log")] HttpRequest request,
        string projectId, CancellationToken cancellationToken) =>
        Restore(request, await restore.BeginLogAsync(projectId, cancellationToken));

    private static IActionResult Restore(HttpRequest request, RestoreState state) =>
        Json(request, RestoreResponse.Of(state), BackupJson.Wire.RestoreResponse);

    private static IActionResult Json<T>(
        HttpRequest request, T answer, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return WireResults.Json(answer, type);
    }
}
