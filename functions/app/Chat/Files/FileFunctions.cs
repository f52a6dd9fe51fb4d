using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Sessions;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Files;

/// <summary>Uploads. A client announces a file, uploads it to the address in the answer, and completes it.</summary>
public sealed class FileFunctions(
    CallerReader callers, FileService files, FileCompletion completion, FileSweep sweep, RequestBody body)
{
    [Function("BeginUpload")]
    [ApiOperation("Files", "Begin an upload", Request = typeof(BeginUploadRequest), Response = typeof(UploadResponse))]
    public async Task<IActionResult> BeginUpload(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/files")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var upload = await body.ReadJsonAsync(request, FileJson.Wire.BeginUploadRequest, cancellationToken);
        return WireResults.Json(await files.BeginUploadAsync(caller, upload, cancellationToken), FileJson.Wire.UploadResponse);
    }

    [Function("RenewUpload")]
    [ApiOperation("Files", "Resume an upload: a new address, and what has arrived", Response = typeof(UploadResponse))]
    public async Task<IActionResult> RenewUpload(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/files/{id}/renew")] HttpRequest request,
        string id, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        return WireResults.Json(await files.RenewUploadAsync(caller, id, cancellationToken), FileJson.Wire.UploadResponse);
    }

    [Function("CompleteUpload")]
    [ApiOperation("Files", "Check the uploaded file, make its thumbnail, and send it",
        Request = typeof(CompleteUploadRequest), Response = typeof(CompleteUploadResponse))]
    public async Task<IActionResult> CompleteUpload(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/files/{id}/complete")] HttpRequest request,
        string id, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var complete = await body.ReadJsonAsync(request, FileJson.Wire.CompleteUploadRequest, cancellationToken);
        return WireResults.Json(
            await completion.CompleteUploadAsync(caller, id, complete, cancellationToken), FileJson.Wire.CompleteUploadResponse);
    }

    [Function("CancelUpload")]
    [ApiOperation("Files", "Give up an upload")]
    public async Task<IActionResult> CancelUpload(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/files/{id}")] HttpRequest request,
        string id, CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        await files.CancelUploadAsync(caller, id, cancellationToken);
        return WireResults.NoContent;
    }

    /// <summary>Every ten minutes: looks after uploads that were not completed, or only half.</summary>
    [Function("SweepUploads")]
    public Task SweepUploads([TimerTrigger("0 3/10 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        sweep.RunAsync(cancellationToken);
}
