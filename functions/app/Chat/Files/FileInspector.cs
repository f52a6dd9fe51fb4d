using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Files;

/// <summary>
/// Finds out what a file is from its bytes, and makes its thumbnail and preview. If an image or video is not one, or cannot be read, it is
/// not thrown away. It becomes a document, with the reason.
/// </summary>
public sealed class FileInspector(UploadBlobs uploads, FileBlobs blobs, FileStore store, ImageRenderer images)
{
    /// <param name="size">Bytes that the file has now.</param>
    /// <param name="keepMetadata">Whether pictures keep what they say about place and camera.</param>
    /// <returns>What the file is, and how many bytes are stored for it in all.</returns>
    /// <exception cref="VoxException">not_an_image, busy</exception>
    public async Task<(FileContent Content, long Bytes)> InspectAsync(
        StoredFile file, long size, bool keepMetadata, CancellationToken cancellationToken)
    {
        var head = await blobs.ReadHeadAsync(file, ContentSniffer.Needed, cancellationToken);
        var kind = ContentSniffer.Sniff(head);
        var (rendered, reason) = kind.Class == ContentClass.Image
            ? await RenderAsync(
                kind.ContentType, size, file.Kind == FileKind.Photo, path => blobs.DownloadAsync(file, path, size, cancellationToken),
                keepMetadata || file.Kind == FileKind.Photo || !PictureMetadata.Knows(kind.ContentType)
                    ? null
                    : async path => size = await StripAsync(file, path, kind.ContentType, size, cancellationToken),
                cancellationToken)
            : (null, "");
        if (file.Kind == FileKind.Photo)
        {
            return await KeepPhotoAsync(file, rendered, reason, cancellationToken);
        }

        var type = file.Claim!.Type;
        if (type == MessageType.Image && rendered is null)
        {
            (type, reason) = (MessageType.Document, reason.Length > 0 ? reason : "not_an_image");
        }
        else if (type == MessageType.Video && kind.Class != ContentClass.Video)
        {
            (type, reason) = (MessageType.Document, "not_a_video");
        }

        if (rendered is null && file.Claim.ThumbnailId.Length > 0)
        {
            (rendered, var refused) = await RenderThumbnailAsync(file, cancellationToken);
            reason = refused.Length > 0 && reason.Length == 0 ? refused : reason;
        }

        var isImage = kind.Class == ContentClass.Image && rendered is not null;
        var content = new FileContent(
            type, Delivery.SafeType(kind, isImage), size, isImage ? rendered!.Width : 0, isImage ? rendered!.Height : 0,
            rendered?.Thumbnail.ContentType ?? "", rendered?.Preview.ContentType ?? "", reason);
        return (content, size + await WriteAsync(file, rendered, cancellationToken));
    }

    /// <summary>The square replaces the upload, because its metadata may tell where a profile picture was taken.</summary>
    private async Task<(FileContent, long)> KeepPhotoAsync(
        StoredFile file, RenderedImage? rendered, string reason, CancellationToken cancellationToken)
    {
        if (rendered is null)
        {
            throw new VoxException(
                Errors.NotAnImage,
                "A photo must be a JPEG, PNG, WebP, GIF or AVIF picture that can be read "
                + $"({(reason.Length > 0 ? reason : "not_an_image")}).",
                "id");
        }

        await blobs.WriteAsync(file, FileBlobs.Thumbnail, rendered.Thumbnail.Bytes, rendered.Thumbnail.ContentType, cancellationToken);
        await blobs.WriteAsync(file, FileBlobs.Main, rendered.Preview.Bytes, rendered.Preview.ContentType, cancellationToken);
        var size = rendered.Preview.Bytes.Length;
        var side = Math.Min(ImageRenderer.PhotoSize, Math.Min(rendered.Width, rendered.Height));
        return (
            new FileContent(MessageType.Image, rendered.Preview.ContentType, size, side, side, rendered.Thumbnail.ContentType, "", ""),
            size + rendered.Thumbnail.Bytes.Length);
    }

    /// <summary>Renders the thumbnail that the client made of the file. It is trusted no more than any other image.</summary>
    private async Task<(RenderedImage? Image, string Reason)> RenderThumbnailAsync(StoredFile file, CancellationToken cancellationToken)
    {
        const string Refused = "thumbnail_refused";
        var thumbnail = await store.FindAsync(file.ProjectId, file.Claim!.ThumbnailId, cancellationToken);
        if (thumbnail is null || thumbnail.OwnerUid != file.OwnerUid)
        {
            return (null, Refused);
        }

        var staged = await uploads.FindAsync(thumbnail, cancellationToken);
        if (staged.Bytes != thumbnail.Size || staged.Most > thumbnail.Size || !staged.IsPlain)
        {
            return (null, Refused);
        }

        if (staged.BlockIds is { } ids)
        {
            // If another process was faster, the blob is committed as well.
            await uploads.TryCommitAsync(thumbnail, ids, cancellationToken);
        }

        var (image, _) = await RenderAsync(
            null, thumbnail.Size, false, path => uploads.DownloadAsync(thumbnail, path, thumbnail.Size, cancellationToken), null,
            cancellationToken);
        return (image, image is null ? Refused : "");
    }

    /// <summary>Replaces the original by a copy that does not tell where it was taken.</summary>
    /// <returns>Its size.</returns>
    private async Task<long> StripAsync(StoredFile file, string path, string contentType, long size, CancellationToken cancellationToken)
    {
        var clean = path + ".clean";
        try
        {
            if (!await Task.Run(() => PictureMetadata.Remove(path, contentType, clean), cancellationToken))
            {
                return size;
            }

            await blobs.RewriteAsync(file, clean, cancellationToken);
            return new FileInfo(clean).Length;
        }
        finally
        {
            Remove(clean);
        }
    }

    /// <param name="contentType">Null to judge it by the downloaded bytes.</param>
    private async Task<(RenderedImage? Image, string Reason)> RenderAsync(
        string? contentType, long size, bool square, Func<string, Task> download, Func<string, Task>? after,
        CancellationToken cancellationToken)
    {
        if (contentType is not null && !ImageRenderer.CanTry(contentType))
        {
            return (null, ImageException.Unsupported);
        }

        if (size > images.MaxBytes)
        {
            return (null, ImageException.TooManyBytes);
        }

        // A file, not memory: libvips reads only what it needs of it, and many at once take no heap.
        var path = Path.Combine(Path.GetTempPath(), "vox-" + Path.GetRandomFileName());
        try
        {
            return (await images.RenderAsync(path, contentType, square, download, after, cancellationToken), "");
        }
        catch (ImageException e)
        {
            return (null, e.Code);
        }
        catch (IOException e)
        {
            // For example, the disk is full. The upload stays as it is, and another instance or a later attempt may have room.
            throw new VoxException(Errors.Busy, "There is no room to look at the picture just now: try again shortly.", inner: e);
        }
        finally
        {
            Remove(path);
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (IOException)
        {
            // The folder is missing, so the file was never there.
        }
    }

    private async Task<long> WriteAsync(StoredFile file, RenderedImage? rendered, CancellationToken cancellationToken)
    {
        if (rendered is null)
        {
            return 0;
        }

        await blobs.WriteAsync(file, FileBlobs.Thumbnail, rendered.Thumbnail.Bytes, rendered.Thumbnail.ContentType, cancellationToken);
        await blobs.WriteAsync(file, FileBlobs.Preview, rendered.Preview.Bytes, rendered.Preview.ContentType, cancellationToken);
        return rendered.Thumbnail.Bytes.Length + rendered.Preview.Bytes.Length;
    }
}
