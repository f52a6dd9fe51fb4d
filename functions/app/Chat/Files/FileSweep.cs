using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Timers;

namespace Vox.Chat.Files;

/// <summary>
/// Looks after uploads that nobody else looks after. Removes those that were never completed, finishes those that were left half completed,
/// and removes what a client has written through an old address.
/// </summary>
public sealed partial class FileSweep(
    FileStore store, UploadBlobs uploads, UploadGuard guard, FileRemoval removal, FileCompletion completion, ProjectService projects,
    TimerRuns timers, IOptions<FilesOptions> options, TimeProvider time, ILogger<FileSweep> logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var run = timers.Begin("SweepUploads", cancellationToken);
        await run.EachAsync(
            store.DueAsync(time.GetUtcNow(), cancellationToken),
            upload => $"{upload.ProjectId}|{upload.FileId}",
            async (upload, token) =>
            {
                if (await LookAfterAsync(upload, token))
                {
                    await store.RemoveDueAsync(upload, token);
                }
            });
    }

    /// <returns>False to look again at the next run.</returns>
    private async Task<bool> LookAfterAsync(DueUpload upload, CancellationToken cancellationToken)
    {
        var file = await store.FindAsync(upload.ProjectId, upload.FileId, cancellationToken);
        var over = file is null || file.OwnerUid != upload.OwnerUid || file.DueAt <= time.GetUtcNow();
        switch (file?.OwnerUid == upload.OwnerUid ? file?.State : null)
        {
            case null:
            case FileState.Pending or FileState.Refused when over:
                await removal.RemoveFileAsync(upload.ProjectId, upload.OwnerUid, upload.FileId, cancellationToken);
                Removed(upload.FileId);
                return true;
            case FileState.Claimed or FileState.Stored when !upload.IsAddress:
                return await FinishAsync(file!, cancellationToken);
            case FileState.Claimed or FileState.Stored:
                // It may be under way just now. If it is not, it is finished when it has had the time.
                await store.AddDueAsync(file!, time.GetUtcNow() + options.Value.CompletionTime, cancellationToken);
                return true;
            case FileState.Done when over:
                // No upload address is valid any more, so none has to be kept closed.
                await uploads.RemoveAsync(file!.Blob, cancellationToken);
                return true;
            case FileState.Pending:
                // An address has expired. The row for the end of the upload is still there.
                await CheckAsync(file!, cancellationToken);
                return true;
            default:
                return true;
        }
    }

    /// <summary>Ends the upload if more has arrived than was announced.</summary>
    private async Task CheckAsync(StoredFile file, CancellationToken cancellationToken)
    {
        try
        {
            await guard.LookAsync(file, cancellationToken);
        }
        catch (VoxException e) when (!e.Error.Retryable)
        {
            RefusedEarly(file.Id, e.Error.Code);
        }
    }

    private async Task<bool> FinishAsync(StoredFile file, CancellationToken cancellationToken)
    {
        if (file.State == FileState.Claimed && file.Attempts >= options.Value.MaxCompletionAttempts)
        {
            // It may be the file itself that ends the process each time. Nobody is to try it for ever.
            await guard.RefuseAsync(
                file, new VoxException(Errors.UploadFailed, "The file could not be looked at in several attempts: begin anew.", "id"),
                cancellationToken);
            Refused(file.Id, Errors.UploadFailed.Code);
            return false;
        }

        if (await store.TryReplaceAsync(file with { Attempts = file.Attempts + 1 }, cancellationToken) is not { } counted)
        {
            // Somebody else is at it.
            return false;
        }

        try
        {
            file = counted;
            await completion.FinishAsync(await projects.GetAsync(file.ProjectId, cancellationToken), file, cancellationToken);
            Finished(file.Id);
        }
        catch (VoxException e) when (!e.Error.Retryable)
        {
            Refused(file.Id, e.Error.Code);
        }

        // The upload is done or refused. When its time is over, the next run removes what is left.
        return file.DueAt > time.GetUtcNow();
    }

    [LoggerMessage(6100, LogLevel.Information, "Upload {Upload} was not completed and is removed")]
    private partial void Removed(string upload);

    [LoggerMessage(6101, LogLevel.Warning, "Upload {Upload} was left half completed and is finished now")]
    private partial void Finished(string upload);

    [LoggerMessage(6102, LogLevel.Warning, "Upload {Upload} was left half completed and cannot be finished: {Code}")]
    private partial void Refused(string upload, string code);

    [LoggerMessage(6104, LogLevel.Warning, "Upload {Upload} is refused, because of what has arrived: {Code}")]
    private partial void RefusedEarly(string upload, string code);
}
