using Microsoft.Extensions.Options;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Events;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Files;

/// <summary>
/// Turns an upload into a file and sends it. First it notes what the client wants (the claim). Whoever comes next, the client or the sweep,
/// can repeat everything after that from any point where a process stopped, and there is only one result.
/// </summary>
public sealed class FileCompletion(
    FileService files,
    FileStore store,
    UploadBlobs uploads,
    UploadGuard guard,
    FileBlobs blobs,
    FileInspector inspector,
    FileRemoval removal,
    FileMeter meter,
    MessageService messages,
    IProjectEvents events,
    LimitEvents limits,
    IOptions<FilesOptions> options,
    TimeProvider time)
{
    // Each but the last means that a client, or another completion, has changed the upload just now.
    private const int Attempts = 8;

    /// <summary>More than the clocks of two machines may differ, and more than it takes to note the claim.</summary>
    private static readonly TimeSpan SweepMargin = TimeSpan.FromMinutes(1);

    /// <exception cref="VoxException">
    /// upload_not_found, upload_incomplete, upload_completed (for something else), file_too_large, unsupported_media_type, quota_exceeded,
    /// not_an_image, and those of sending
    /// </exception>
    public async Task<CompleteUploadResponse> CompleteUploadAsync(
        Caller caller, string id, CompleteUploadRequest request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var file = await files.FindOwnAsync(caller, id, cancellationToken);
            if (file.State == FileState.Refused)
            {
                throw FileService.Refused(file);
            }

            if (file.State == FileState.Pending)
            {
                if (await ClaimAsync(caller, file, request, cancellationToken) is not { } claimed)
                {
                    continue;
                }

                file = claimed;
            }
            else if (!IsSame(file.Claim!, request))
            {
                throw new VoxException(
                    Errors.UploadCompleted,
                    "The upload was completed with another recipient, type or message id: send the key as a message.", "id");
            }

            return await FinishAsync(caller.Project, file, cancellationToken);
        }

        throw new VoxException(
            Errors.UploadIncomplete, "The uploaded bytes were changed while the upload was completed: upload and complete again.", "size");
    }

    /// <summary>Everything after the claim.</summary>
    public async Task<CompleteUploadResponse> FinishAsync(Project project, StoredFile file, CancellationToken cancellationToken)
    {
        try
        {
            if (file.State == FileState.Claimed)
            {
                file = await KeepAsync(project, file, cancellationToken);
            }

            return await SendAsync(project, file, cancellationToken);
        }
        catch (VoxException e) when (!e.Error.Retryable)
        {
            await limits.QuotaAsync(project.Id, file.OwnerLoginId, e);
            if (file.State != FileState.Done)
            {
                await guard.RefuseAsync(file, e, cancellationToken);
            }

            throw;
        }
    }

    /// <summary>Notes what is to become of the upload, once all of it has arrived.</summary>
    /// <returns>Null when the upload has changed meanwhile.</returns>
    private async Task<StoredFile?> ClaimAsync(
        Caller caller, StoredFile file, CompleteUploadRequest request, CancellationToken cancellationToken)
    {
        var claim = Check(file, request);
        if (claim.To.Length > 0)
        {
            messages.CheckMuted(caller.Sender);
            // What sending would refuse in the end is refused before the work. This checks the message, not the file.
            messages.Check(caller.Sender, FileMessages.Request(file, claim, null));
        }

        if (claim.ThumbnailId.Length > 0)
        {
            var thumbnail = await files.FindOwnAsync(caller, claim.ThumbnailId, cancellationToken);
            if (thumbnail.Kind != FileKind.Thumbnail)
            {
                throw new VoxException(Errors.InvalidField, "thumbnailUpload must be an upload of kind thumbnail.", "thumbnailUpload");
            }
        }

        var staged = await guard.LookAsync(file, cancellationToken);
        if (staged.Bytes != file.Size)
        {
            throw new VoxException(
                Errors.UploadIncomplete,
                $"{staged.Bytes:N0} of {file.Size:N0} bytes have arrived: renew tells which blocks, upload the others and complete again.",
                "size");
        }

        if (staged.BlockIds is { } ids && !await uploads.TryCommitAsync(file, ids, cancellationToken))
        {
            return null;
        }

        // While the upload's first address is valid, there is a row that makes the sweep look when it has expired. That is enough.
        var now = time.GetUtcNow();
        if (now + SweepMargin >= file.CreatedAt + options.Value.UploadTimeOf(file.Size))
        {
            await store.AddDueAsync(file, now + options.Value.CompletionTime, cancellationToken);
        }

        return await store.TryReplaceAsync(file with { State = FileState.Claimed, Claim = claim }, cancellationToken);
    }

    private async Task<StoredFile> KeepAsync(Project project, StoredFile file, CancellationToken cancellationToken)
    {
        // From here on the client cannot change the file: nothing it writes reaches this copy.
        var kept = await blobs.KeepAsync(file, cancellationToken);
        if (kept is { IsPlain: false })
        {
            throw UploadGuard.NotPlain();
        }

        if (kept is null || (kept.Size != file.Size && !kept.IsRewritten))
        {
            throw new VoxException(
                Errors.UploadIncomplete, "The uploaded bytes were changed while the upload was completed: begin anew.", "size");
        }

        var (content, bytes) = await inspector.InspectAsync(file, kept.Size, project.KeepsMetadata, cancellationToken);
        await meter.AddAsync(file.ProjectId, file.OwnerUid, file.Id, bytes, cancellationToken);

        // If there is no message to send, no uploaded thumbnail to remove and nobody to tell, the file is done.
        var state = file.Claim is { To: "", ThumbnailId: "" } && !project.Wants(EventTypes.FileUploaded)
            ? FileState.Done
            : FileState.Stored;
        var stored = await StoreAsync(file, content, state, cancellationToken);
        await uploads.CloseAsync(file.Blob, cancellationToken);
        return stored;
    }

    private async Task<StoredFile> StoreAsync(
        StoredFile file, FileContent content, FileState state, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await store.TryReplaceAsync(file with { State = state, Content = content }, cancellationToken) is { } stored)
            {
                return stored;
            }

            // Another completion was faster, or the user was deleted. Or the sweep has only counted its attempt.
            var current = await store.FindAsync(file.ProjectId, file.Id, cancellationToken);
            if (current is null || current.OwnerUid != file.OwnerUid)
            {
                throw new VoxException(Errors.UploadNotFound, "The upload was removed while it was completed.", "id");
            }

            if (current.State != FileState.Claimed)
            {
                return current.State == FileState.Refused ? throw FileService.Refused(current) : current;
            }

            file = current;
        }
    }

    private async Task<CompleteUploadResponse> SendAsync(Project project, StoredFile file, CancellationToken cancellationToken)
    {
        var (content, claim) = (file.Content!, file.Claim!);
        SendMessageResponse? message = null;
        if (claim.To.Length > 0)
        {
            var sent = await messages.SendMessageAsync(
                project, new Sender(file.OwnerLoginId, file.OwnerUid), FileMessages.Request(file, claim, content), cancellationToken,
                isNewFile: true);
            file = file with { ConversationId = sent.ConversationId };
            message = SendMessageResponse.Of(sent);
        }

        if (file.State == FileState.Stored)
        {
            if (claim.ThumbnailId.Length > 0)
            {
                await removal.RemoveFileAsync(file.ProjectId, file.OwnerUid, claim.ThumbnailId, cancellationToken);
            }

            await TellAsync(file, content, claim);
            await store.TryReplaceAsync(file with { State = FileState.Done, Claim = claim with { Fields = null } }, cancellationToken);
        }

        return new CompleteUploadResponse(
            file.Key, content.Size, (int)content.Type, content.ContentType,
            content.HasThumbnail ? FileKey.ThumbnailPrefix + file.Key : Empty(claim.ThumbnailUrl),
            content.HasPreview ? FileKey.PreviewPrefix + file.Key : null,
            content.Width > 0 ? content.Width : null, content.Height > 0 ? content.Height : null, Empty(content.Reason), message);
    }

    /// <summary>Before it is noted that the file is done: whoever repeats this tells of the same event.</summary>
    private Task TellAsync(StoredFile file, FileContent content, FileClaim claim) => events.TellAsync(
        file.ProjectId, EventTypes.FileUploaded, time.GetUtcNow(),
        new FileEventData(
            file.Key, file.OwnerLoginId, content.Size, (int)content.Type, content.ContentType,
            content.HasThumbnail ? FileKey.ThumbnailPrefix + file.Key : Empty(claim.ThumbnailUrl), Empty(claim.To)),
        EventJson.Wire.FileEventData, file.Id);

    private static FileClaim Check(StoredFile file, CompleteUploadRequest request)
    {
        if (file.Kind == FileKind.Thumbnail)
        {
            throw new VoxException(
                Errors.InvalidRequest, "A thumbnail is not completed by itself: name it when completing the file that it belongs to.",
                "id");
        }

        if (file.Kind == FileKind.Photo && request.To is { Length: > 0 })
        {
            throw new VoxException(Errors.InvalidField, "A photo is not sent: put its key into the profile or the group.", "to");
        }

        var type = (MessageType)request.Type;
        if (!type.IsFile())
        {
            throw new VoxException(Errors.InvalidField, "type must be 4 (image), 5 (video) or 7 (document).", "type");
        }

        return new FileClaim(
            request.To ?? "", type,
            request.ClientMessageId is { Length: > 0 } id ? id : RandomIds.Create(16),
            FileKey.CheckReference(request.ThumbnailUrl, "thumbnail"), request.ThumbnailUpload ?? "", request.ClientTime,
            request.ClientSequence)
        {
            Reports = request.Reports ?? true,
            Fields = FileMessages.Fields(request),
        };
    }

    private static bool IsSame(FileClaim claim, CompleteUploadRequest request) =>
        (request.To ?? "") == claim.To && request.Type == (int)claim.Type
        && (request.ClientMessageId is not { Length: > 0 } id || id == claim.MessageId);

    private static string? Empty(string text) => text.Length > 0 ? text : null;
}
