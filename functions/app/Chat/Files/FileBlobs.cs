using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using Vox.Platform.Storage;

namespace Vox.Chat.Files;

/// <summary>The copy of an upload.</summary>
/// <param name="IsRewritten">We have replaced the client's bytes by our own, so the size may differ.</param>
/// <param name="IsPlain">As in <see cref="StagedUpload"/>.</param>
public sealed record KeptFile(long Size, bool IsRewritten, bool IsPlain);

/// <summary>
/// The files' bytes. Clients write into container <c>uploads</c> (<see cref="UploadBlobs"/>). What is checked and kept is a copy in
/// container <c>files</c>, where no client ever writes. So using an upload address once more changes nothing that anyone can see. The
/// storage service itself makes the copy.
/// </summary>
public sealed class FileBlobs(StorageClients storage, UploadBlobs uploads, BlobLinks links, TimeProvider time)
{
    public const string Main = "f";
    public const string Thumbnail = "t";
    public const string Preview = "p";

    private const string Origin = "origin";
    private const string Rewritten = "rewritten";
    private static readonly TimeSpan CopyLimit = TimeSpan.FromMinutes(4);

    private readonly BlobContainer files = storage.ProjectContainer("files");

    public async Task<Uri> ReadLinkAsync(
        StoredFile file, string part, LinkHeaders headers, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        await links.SignAsync(
            await BlobAsync(file.Blob, part, cancellationToken), BlobSasPermissions.Read, expiresAt, headers, cancellationToken);

    /// <summary>Copies the upload to its final place. A file that is there already is not replaced.</summary>
    /// <returns>Null when there is neither an upload nor a file.</returns>
    public async Task<KeptFile?> KeepAsync(StoredFile file, CancellationToken cancellationToken)
    {
        var target = await BlobAsync(file.Blob, Main, cancellationToken);
        if (await LookAsync(target, cancellationToken) is { } known)
        {
            return known;
        }

        try
        {
            await target.StartCopyFromUriAsync(
                await uploads.CopyLinkAsync(file, cancellationToken),
                new BlobCopyFromUriOptions
                {
                    DestinationConditions = new() { IfNoneMatch = ETag.All },

                    // With metadata of its own, the copy does not take over the client's.
                    Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [Origin] = "upload" },
                },
                cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            // Another completion is copying, or has copied.
        }

        return await LookAsync(target, cancellationToken);
    }

    /// <summary>The first bytes of the kept file.</summary>
    public async Task<byte[]> ReadHeadAsync(StoredFile file, int bytes, CancellationToken cancellationToken)
    {
        var blob = await BlobAsync(file.Blob, Main, cancellationToken);
        var result = await blob.DownloadContentAsync(new BlobDownloadOptions { Range = new HttpRange(0, bytes) }, cancellationToken);
        return result.Value.Content.ToArray();
    }

    /// <summary>The kept file's length; null when it is not there.</summary>
    public async Task<long?> LengthAsync(StoredFile file, CancellationToken cancellationToken)
    {
        try
        {
            var blob = await BlobAsync(file.Blob, Main, cancellationToken);
            return (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ContentLength;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>A part of a kept file; null when it is not there, or not as long.</summary>
    /// <param name="name">The file's name in both containers.</param>
    public async Task<byte[]?> ReadPartAsync(string name, long from, int count, CancellationToken cancellationToken)
    {
        try
        {
            var blob = await BlobAsync(name, Main, cancellationToken);
            var result = await blob.DownloadContentAsync(
                new BlobDownloadOptions { Range = new HttpRange(from, count) }, cancellationToken);
            return result.Value.Content.ToArray();
        }
        catch (RequestFailedException e) when (e.Status is 404 or 416)
        {
            return null;
        }
    }

    /// <summary>Downloads the kept file, but not more than that.</summary>
    /// <exception cref="ImageException">image_too_many_bytes, image_unsupported</exception>
    public async Task DownloadAsync(StoredFile file, string path, long most, CancellationToken cancellationToken) =>
        await DownloadBlobs.ToFileAsync(await BlobAsync(file.Blob, Main, cancellationToken), path, most, cancellationToken);

    public async Task WriteAsync(StoredFile file, string part, byte[] bytes, string contentType, CancellationToken cancellationToken) =>
        await (await BlobAsync(file.Blob, part, cancellationToken)).UploadAsync(
            new BinaryData(bytes), Options(contentType), cancellationToken);

    /// <summary>Replaces the client's bytes by ours.</summary>
    public async Task RewriteAsync(StoredFile file, string path, CancellationToken cancellationToken) =>
        await (await BlobAsync(file.Blob, Main, cancellationToken)).UploadAsync(path, Options(Delivery.Bytes), cancellationToken);

    public async Task RemoveAsync(string blob, CancellationToken cancellationToken)
    {
        foreach (var part in new[] { Main, Thumbnail, Preview })
        {
            await (await BlobAsync(blob, part, cancellationToken)).DeleteIfExistsAsync(
                DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken);
        }
    }

    private static BlobUploadOptions Options(string contentType) => new()
    {
        HttpHeaders = new BlobHttpHeaders { ContentType = contentType },
        Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [Origin] = Rewritten },
    };

    private async Task<KeptFile?> LookAsync(BlobBaseClient blob, CancellationToken cancellationToken)
    {
        var giveUp = time.GetTimestamp();
        while (true)
        {
            try
            {
                var found = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
                switch (found.BlobCopyStatus)
                {
                    case CopyStatus.Pending when time.GetElapsedTime(giveUp) < CopyLimit:
                        await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
                        continue;
                    case CopyStatus.Pending:
                        throw new TimeoutException("The storage is still copying the file.");
                    case CopyStatus.Failed or CopyStatus.Aborted:
                        // A failed copy leaves an empty blob behind. Without it, the next attempt starts anew.
                        await blob.DeleteIfExistsAsync(cancellationToken: cancellationToken);
                        throw new TimeoutException("The storage could not copy the file: " + found.CopyStatusDescription);
                    default:
                        return await CleanAsync(blob, found, cancellationToken);
                }
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                return null;
            }
        }
    }

    /// <summary>The copy has the headers of the upload, and the storage would send them to every reader.</summary>
    private static async Task<KeptFile> CleanAsync(BlobBaseClient blob, BlobProperties found, CancellationToken cancellationToken)
    {
        var isRewritten = found.Metadata.TryGetValue(Origin, out var origin) && origin == Rewritten;
        var isPlain = found is { BlobType: BlobType.Block, ContentEncoding: null or "" };
        var isClean = found is
        {
            ContentType: null or "" or Delivery.Bytes, ContentDisposition: null or "", ContentLanguage: null or "", CacheControl: null or ""
        };
        if (isPlain && !isRewritten && !isClean)
        {
            await blob.SetHttpHeadersAsync(new BlobHttpHeaders { ContentType = Delivery.Bytes }, cancellationToken: cancellationToken);
        }

        return new KeptFile(found.ContentLength, isRewritten, isPlain);
    }

    private async Task<BlobClient> BlobAsync(string blob, string part, CancellationToken cancellationToken) =>
        (await files.ReadyAsync(blob, cancellationToken)).GetBlobClient($"{blob}/{part}");
}
