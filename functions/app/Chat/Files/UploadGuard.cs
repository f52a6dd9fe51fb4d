using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Files;

/// <summary>Ends uploads that cannot become files: what has arrived is dropped, the address is closed, and the reason is kept.</summary>
public sealed class UploadGuard(FileStore store, UploadBlobs uploads, FileRemoval removal)
{
    /// <summary>Looks at what has arrived of an upload. An upload of what no file may have is refused.</summary>
    /// <exception cref="VoxException">file_too_large, unsupported_media_type</exception>
    public async Task<StagedUpload> LookAsync(StoredFile file, CancellationToken cancellationToken)
    {
        var staged = await uploads.FindAsync(file, cancellationToken);
        if (Why(file, staged) is { } why)
        {
            await RefuseAsync(file, why, cancellationToken);
            throw why;
        }

        return staged;
    }

    /// <summary>Stores the reason, so that a repeated request gets it again, and removes the bytes.</summary>
    public async Task RefuseAsync(StoredFile file, VoxException why, CancellationToken cancellationToken)
    {
        while (await store.FindAsync(file.ProjectId, file.Id, cancellationToken)
            is { State: FileState.Pending or FileState.Claimed or FileState.Stored } current && current.OwnerUid == file.OwnerUid)
        {
            var refusal = new FileRefusal(why.Error.Code, why.Message, why.Field ?? "");
            var refused = current with
            {
                State = FileState.Refused,
                Refusal = refusal,
                Claim = current.Claim is { } claim ? claim with { Fields = null } : null,
            };
            if (await store.TryReplaceAsync(refused, cancellationToken) is not null)
            {
                await removal.CloseAsync(current, cancellationToken);
                return;
            }
        }
    }

    /// <summary>The upload's bytes are others than those that were counted.</summary>
    public static VoxException NotPlain() => new(
        Errors.UnsupportedMediaType,
        "The upload is no block blob, or has a content encoding: upload the file's own bytes, in blocks, without further headers.", "id");

    private static VoxException? Why(StoredFile file, StagedUpload staged) =>
        !staged.IsPlain ? NotPlain()
        : staged.Most > file.Size ? new VoxException(
            Errors.FileTooLarge,
            $"{staged.Most:N0} bytes have arrived, but {file.Size:N0} were announced: begin anew with the file's size.", "size")
        : null;
}
