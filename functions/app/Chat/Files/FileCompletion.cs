using Microsoft.Extensions.Options;
using Vox.Chat.Conversations.Messages;
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
    FileBlobs blobs,
    FileInspector inspector,
    FileRemoval removal,
    FileMeterStore meter,
    MessageService messages,
    IOptions<FilesOptions> options,
    TimeProvider time)
{
    /// <exception cref="VoxException">
    /// upload_not_found, upload_incomplete, upload_completed (for something else), quota_exceeded, not_an_image, and those of sending
    /// </exception>
    public async Task<CompleteUploadResponse> CompleteUploadAsync(
        Caller caller, string id, CompleteUploadRequest request, CancellationToken cancellationToken)
    {
        while (true)
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
    }

    /// <summary>Everything after the claim.</summary>
    public async Task<CompleteUploadResponse> FinishAsync(Project project, StoredFile file, CancellationToken cancellationToken)
    {
        try
        {
            if (file.State == FileState.Claimed)
            {
                file = await KeepAsync(file, cancellationToken);
            }

            return await SendAsync(project, file, cancellationToken);
        }
        catch (VoxException e) when (!e.Error.Retryable)
        {
            await RefuseAsync(file, e, cancellationToken);
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
            // What sending would refuse in the end is refused before the work. This checks the message, not the file.
            messages.Check(caller.Sender, Request(file, claim, null));
        }

        if (claim.ThumbnailId.Length > 0)
        {
            var thumbnail = await files.FindOwnAsync(caller, claim.ThumbnailId, cancellationToken);
            if (thumbnail.Kind != FileKind.Thumbnail)
            {
                throw new VoxException(Errors.InvalidField, "thumbnailUpload must be an upload of kind thumbnail.", "thumbnailUpload");
            }
        }

        var staged = await blobs.FindStagedAsync(file, cancellationToken);
        if (staged.Bytes != file.Size)
        {
            throw new VoxException(
                Errors.UploadIncomplete,
                $"{staged.Bytes:N0} of {file.Size:N0} bytes have arrived: renew tells which blocks, upload the others and complete again.",
                "size");
        }

        if (staged.BlockIds is { } ids && !await blobs.TryCommitAsync(file, ids, cancellationToken))
        {
            return null;
        }

        await store.AddDueAsync(file, time.GetUtcNow() + options.Value.CompletionTime, cancellationToken);
        return await store.TryReplaceAsync(file with { State = FileState.Claimed, Claim = claim }, cancellationToken);
    }

    private async Task<StoredFile> KeepAsync(StoredFile file, CancellationToken cancellationToken)
    {
        // From here on the client cannot change the file: nothing it writes reaches this copy.
        var size = await blobs.KeepAsync(file, cancellationToken);
        if (size is null || size != file.Size && file.Kind != FileKind.Photo)
        {
            throw new VoxException(
                Errors.UploadIncomplete, "The uploaded bytes were changed while the upload was completed: begin anew.", "size");
        }

        var (content, bytes) = await inspector.InspectAsync(file, cancellationToken);
        await meter.AddAsync(file.ProjectId, file.OwnerUid, file.Id, bytes, cancellationToken);
        var stored = await store.TryReplaceAsync(file with { State = FileState.Stored, Content = content }, cancellationToken);
        if (stored is null)
        {
            // Another completion was faster, or the user was deleted.
            stored = await store.FindAsync(file.ProjectId, file.Id, cancellationToken);
            if (stored is null || stored.State == FileState.Refused)
            {
                throw stored is null
                    ? new VoxException(Errors.UploadNotFound, "The upload was removed while it was completed.", "id")
                    : FileService.Refused(stored);
            }
        }

        await blobs.RemoveStagedAsync(file.Blob, cancellationToken);
        return stored;
    }

    private async Task<CompleteUploadResponse> SendAsync(Project project, StoredFile file, CancellationToken cancellationToken)
    {
        var (content, claim) = (file.Content!, file.Claim!);
        SendMessageResponse? message = null;
        if (claim.To.Length > 0)
        {
            var sent = await messages.SendMessageAsync(
                project, new Sender(file.OwnerLoginId, file.OwnerUid), Request(file, claim, content), cancellationToken);
            message = new SendMessageResponse(sent.Id, sent.ConversationId, sent.Sequence, sent.SentAt, sent.Duplicate);
        }

        if (file.State == FileState.Stored)
        {
            await store.RemovePendingAsync(file.ProjectId, file.OwnerUid, file.Id, cancellationToken);
            if (claim.ThumbnailId.Length > 0)
            {
                await removal.RemoveFileAsync(file.ProjectId, file.OwnerUid, claim.ThumbnailId, cancellationToken);
            }

            await store.TryReplaceAsync(file with { State = FileState.Done }, cancellationToken);
        }

        return new CompleteUploadResponse(
            file.Key, content.Size, (int)content.Type, content.ContentType,
            content.HasThumbnail ? FileKey.ThumbnailPrefix + file.Key : Empty(claim.ThumbnailUrl),
            content.HasPreview ? FileKey.PreviewPrefix + file.Key : null,
            content.Width > 0 ? content.Width : null, content.Height > 0 ? content.Height : null, Empty(content.Reason), message);
    }

    /// <summary>Stores the reason, so that a repeated complete gets it again, and removes the bytes.</summary>
    private async Task RefuseAsync(StoredFile file, VoxException why, CancellationToken cancellationToken)
    {
        if (file.State == FileState.Done
            || await store.FindAsync(file.ProjectId, file.Id, cancellationToken)
                is not { State: FileState.Claimed or FileState.Stored } current
            || current.OwnerUid != file.OwnerUid)
        {
            return;
        }

        var refusal = new FileRefusal(why.Error.Code, why.Message, why.Field ?? "");
        if (await store.TryReplaceAsync(current with { State = FileState.Refused, Refusal = refusal }, cancellationToken) is not null)
        {
            await removal.RemoveBytesAsync(file.ProjectId, file.OwnerUid, file.Id, cancellationToken);
            await store.RemovePendingAsync(file.ProjectId, file.OwnerUid, file.Id, cancellationToken);
        }
    }

    private static SendMessageRequest Request(StoredFile file, FileClaim claim, FileContent? content) => new(
        claim.To, file.Key, (int)(content?.Type ?? claim.Type), content?.ContentType, claim.MessageId, claim.ClientTime,
        claim.ClientSequence,
        content is { HasThumbnail: true } ? FileKey.ThumbnailPrefix + file.Key : Empty(claim.ThumbnailUrl), content?.Size ?? file.Size);

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
            MessageData.CheckThumbnail(request.ThumbnailUrl), request.ThumbnailUpload ?? "", request.ClientTime, request.ClientSequence);
    }

    private static bool IsSame(FileClaim claim, CompleteUploadRequest request) =>
        (request.To ?? "") == claim.To && request.Type == (int)claim.Type
        && (request.ClientMessageId is not { Length: > 0 } id || id == claim.MessageId);

    private static string? Empty(string text) => text.Length > 0 ? text : null;
}
