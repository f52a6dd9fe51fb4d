using Vox.Chat.Model;
using Microsoft.Extensions.Options;
using Vox.Chat.Events;
using Vox.Chat.Sessions;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Files;

/// <summary>Begins, resumes and cancels uploads. The bytes themselves go straight from the client to the storage.</summary>
public sealed class FileService(
    FileStore store, UploadBlobs uploads, UploadGuard guard, FileRemoval removal, FileMeter meter, LimitEvents limits,
    IOptions<FilesOptions> options, TimeProvider time)
{
    private const int MaxContentType = 127;
    private const int MaxBlocks = 50_000;

    /// <exception cref="VoxException">
    /// missing_field, invalid_field, too_long, empty_file, file_too_large, quota_exceeded, limit_reached, file_key_taken
    /// </exception>
    public async Task<UploadResponse> BeginUploadAsync(Caller caller, BeginUploadRequest request, CancellationToken cancellationToken)
    {
        var kind = KindOf(request.Kind);
        CheckSize(request.Size);
        var key = FileKey.Choose(request.Name, request.Key);
        var id = ChatKeys.FileId(caller.Project.Id, key);
        var now = time.GetUtcNow();
        var file = new StoredFile(
            caller.Project.Id, id, key, caller.LoginId, caller.Sender.Uid, kind, request.Size, CheckType(request.ContentType),
            FileState.Pending, now, now + options.Value.PendingTime, null, null, null, default);

        if (await store.FindAsync(caller.Project.Id, id, cancellationToken) is { } known)
        {
            return await AgainAsync(known, file, cancellationToken);
        }

        await CheckQuotaAsync(caller, request.Size, cancellationToken);
        if (await store.TryAddAsync(file, cancellationToken))
        {
            try
            {
                await meter.CheckAnnouncedAsync(caller.Project.Id, caller.Sender.Uid, cancellationToken);
            }
            catch (VoxException)
            {
                await removal.RemoveFileAsync(caller.Project.Id, caller.Sender.Uid, id, CancellationToken.None);
                throw;
            }

            return await LinkAsync(file, [], cancellationToken);
        }

        return await AgainAsync(await FindOwnAsync(caller, id, cancellationToken), file, cancellationToken);
    }

    private async Task CheckQuotaAsync(Caller caller, long size, CancellationToken cancellationToken)
    {
        try
        {
            await meter.CheckAsync(caller.Project.Id, caller.Sender.Uid, size, cancellationToken);
        }
        catch (VoxException e) when (e.Error == Errors.QuotaExceeded)
        {
            await limits.QuotaAsync(caller.Project.Id, caller.LoginId, e);
            throw;
        }
    }

    /// <summary>Returns a new address for an upload under way, and what has arrived of it.</summary>
    /// <exception cref="VoxException">
    /// upload_not_found, upload_completed, file_too_large, unsupported_media_type, or the reason why the upload was refused
    /// </exception>
    public async Task<UploadResponse> RenewUploadAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var file = await FindOwnAsync(caller, id, cancellationToken);
        CheckPending(file);
        return await LinkAsync(file, (await guard.LookAsync(file, cancellationToken)).Blocks, cancellationToken);
    }

    /// <summary>Gives up an upload and removes what has arrived. Repeating it is not an error.</summary>
    /// <exception cref="VoxException">upload_completed</exception>
    public async Task CancelUploadAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var file = await store.FindAsync(caller.Project.Id, id, cancellationToken);
        if (file is null || file.OwnerUid != caller.Sender.Uid || file.State == FileState.Refused)
        {
            return;
        }

        CheckPending(file);
        var refusal = new FileRefusal(Errors.UploadNotFound.Code, "The upload was cancelled.", "id");
        if (await store.TryReplaceAsync(file with { State = FileState.Refused, Refusal = refusal }, cancellationToken) is null)
        {
            throw new VoxException(Errors.UploadCompleted, "The upload was completed just now.", "id");
        }

        await removal.CloseAsync(file, cancellationToken);
    }

    /// <exception cref="VoxException">upload_not_found, also for another user's upload</exception>
    public async Task<StoredFile> FindOwnAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var file = IsId(id) ? await store.FindAsync(caller.Project.Id, id, cancellationToken) : null;
        return file?.OwnerUid == caller.Sender.Uid
            ? file
            : throw new VoxException(
                Errors.UploadNotFound, "You have no upload with this id: it may have been swept, so begin anew.", "id");
    }

    /// <summary>The stored reason why a refused file cannot be used.</summary>
    public static VoxException Refused(StoredFile file)
    {
        var refusal = file.Refusal!;
        var error = Errors.All.FirstOrDefault(e => e.Code == refusal.Code) ?? Errors.InvalidRequest;
        return new VoxException(error, refusal.Detail, refusal.Field.Length > 0 ? refusal.Field : null);
    }

    private async Task<UploadResponse> AgainAsync(StoredFile known, StoredFile file, CancellationToken cancellationToken)
    {
        if (known.State != FileState.Pending || known.OwnerUid != file.OwnerUid || known.Size != file.Size || known.Kind != file.Kind)
        {
            throw new VoxException(Errors.FileKeyTaken, "There is a file with this key already: make a new one for each file.", "key");
        }

        return await LinkAsync(known, (await guard.LookAsync(known, cancellationToken)).Blocks, cancellationToken);
    }

    private async Task<UploadResponse> LinkAsync(StoredFile file, IReadOnlyList<int> blocks, CancellationToken cancellationToken)
    {
        var expiresAt = time.GetUtcNow() + options.Value.UploadTimeOf(file.Size);
        expiresAt = expiresAt < file.DueAt ? expiresAt : file.DueAt;
        if (expiresAt < file.DueAt)
        {
            // When the address has expired, the sweep looks at what has come through it.
            await store.AddDueAsync(file, expiresAt, cancellationToken, isAddress: true);
        }

        var url = await uploads.WriteLinkAsync(file, expiresAt, cancellationToken);
        return new UploadResponse(
            file.Id, file.Key, url.AbsoluteUri, BlockSize(file.Size), expiresAt.ToUnixTimeMilliseconds(),
            file.DueAt.ToUnixTimeMilliseconds(), blocks);
    }

    private void CheckPending(StoredFile file)
    {
        if (file.State == FileState.Refused)
        {
            throw Refused(file);
        }

        if (file.State != FileState.Pending)
        {
            throw new VoxException(Errors.UploadCompleted, "The upload is completed: its file cannot be changed any more.", "id");
        }

        if (file.DueAt <= time.GetUtcNow())
        {
            throw new VoxException(Errors.UploadNotFound, "The upload was not completed in time: begin anew.", "id");
        }
    }

    private void CheckSize(long size)
    {
        if (size <= 0)
        {
            throw size == 0
                ? new VoxException(Errors.EmptyFile, "The file has no bytes: there is nothing to send.", "size")
                : new VoxException(Errors.InvalidField, "size must be the file's length in bytes.", "size");
        }

        if (size > options.Value.MaxFileBytes)
        {
            throw new VoxException(Errors.FileTooLarge, $"A file may have at most {options.Value.MaxFileBytes:N0} bytes.", "size");
        }
    }

    private int BlockSize(long size)
    {
        const int MiB = 1_048_576;
        var needed = (size + MaxBlocks - 1) / MaxBlocks;
        return (int)Math.Max(options.Value.BlockBytes, (needed + MiB - 1) / MiB * MiB);
    }

    private static bool IsId(string id) => id.Length == 27 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static FileKind KindOf(string? kind) => kind switch
    {
        null or "" or "file" => FileKind.File,
        "photo" => FileKind.Photo,
        "thumbnail" => FileKind.Thumbnail,
        _ => throw new VoxException(Errors.InvalidField, "kind must be file, photo or thumbnail.", "kind"),
    };

    private static string CheckType(string? type) => type switch
    {
        null => "",
        { Length: > MaxContentType } => throw new VoxException(
            Errors.TooLong, $"contentType may have at most {MaxContentType} characters.", "contentType"),
        _ when type.Any(c => c is < ' ' or > '~') => throw new VoxException(
            Errors.InvalidField, "contentType must be a MIME type such as image/png.", "contentType"),
        _ => type,
    };
}
