using Azure;
using Azure.Storage.Blobs.Specialized;

namespace Vox.Chat.Files;

/// <summary>Reads blobs that strangers have written: as they are stored, and never more than was counted.</summary>
internal static class DownloadBlobs
{
    /// <exception cref="ImageException">image_too_many_bytes, image_unsupported</exception>
    public static async Task ToFileAsync(BlobBaseClient blob, string path, long most, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = (await blob.DownloadStreamingAsync(cancellationToken: cancellationToken)).Value;
            await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1, useAsync: true);
            var buffer = new byte[81_920];
            var left = most;
            while (await answer.Content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                left -= read;
                if (left < 0)
                {
                    throw new ImageException(ImageException.TooManyBytes);
                }

                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        catch (RequestFailedException e) when (e.Status is 400 or 404 or 409 or 412)
        {
            // It is gone or has changed, or is encrypted with a key of the client's.
            throw new ImageException(ImageException.Unsupported, e);
        }
    }
}
