using System.Globalization;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using Vox.Platform.Storage;

namespace Vox.Chat.Files;

/// <summary>The part of an upload that has arrived.</summary>
/// <param name="Blocks">Numbers of the blocks that are not committed to a blob yet.</param>
/// <param name="BlockIds">Their ids in the file's order. Null when there is a blob already, or nothing.</param>
public sealed record StagedUpload(long Bytes, IReadOnlyList<int> Blocks, IReadOnlyList<string>? BlockIds);

/// <summary>
/// The files' bytes. Clients write into container <c>uploads</c>, one blob each. What is checked and kept is a copy in container
/// <c>files</c>, where no client ever writes. So using an upload address once more changes nothing that anyone can see. The storage service
/// itself makes the copy, because both containers are in one account.
/// </summary>
public sealed class FileBlobs(StorageClients storage, BlobLinks links, TimeProvider time)
{
    public const string Main = "f";
    public const string Thumbnail = "t";
    public const string Preview = "p";

    private static readonly TimeSpan CopyLimit = TimeSpan.FromMinutes(4);

    private readonly BlobContainer uploads = storage.ProjectContainer("uploads");
    private readonly BlobContainer files = storage.ProjectContainer("files");

    /// <summary>Lets the client write this upload's blob; not read it, and not touch anything else.</summary>
    public async Task<Uri> UploadLinkAsync(StoredFile file, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        await links.SignAsync(
            await StagedAsync(file.Blob, cancellationToken), BlobSasPermissions.Create | BlobSasPermissions.Write, expiresAt, null,
            cancellationToken);

    public async Task<Uri> ReadLinkAsync(
        StoredFile file, string part, LinkHeaders headers, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        await links.SignAsync(
            await FinalAsync(file.Blob, part, cancellationToken), BlobSasPermissions.Read, expiresAt, headers, cancellationToken);

    public async Task<StagedUpload> FindStagedAsync(StoredFile file, CancellationToken cancellationToken)
    {
        var blob = await StagedAsync(file.Blob, cancellationToken);
        try
        {
            var list = (await blob.GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: cancellationToken)).Value;
            var blocks = list.UncommittedBlocks.ToList();
            if (list.BlobContentLength == file.Size || blocks.Count == 0)
            {
                return new StagedUpload(list.BlobContentLength, [], null);
            }

            return new StagedUpload(
                blocks.Sum(block => block.SizeLong),
                [.. blocks.Select(block => NumberOf(block.Name)).Where(number => number >= 0).Order()],
                [.. blocks.Select(block => block.Name).OrderBy(DecodedId, StringComparer.Ordinal)]);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return new StagedUpload(0, [], null);
        }
    }

    /// <summary>
    /// Commits the blocks to a blob, in the order of their ids, whatever order they came in. The server does this and not the client, so
    /// that the server has counted every byte before.
    /// </summary>
    /// <returns>False when the blob has changed meanwhile: look again.</returns>
    public async Task<bool> TryCommitAsync(StoredFile file, IReadOnlyList<string> blockIds, CancellationToken cancellationToken)
    {
        var blob = await StagedAsync(file.Blob, cancellationToken);
        try
        {
            await blob.CommitBlockListAsync(
                blockIds, new CommitBlockListOptions { Conditions = await UnchangedAsync(blob, cancellationToken) }, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 400 or 404 or 409 or 412)
        {
            // Another completion has used up the blocks.
            return false;
        }
    }

    /// <summary>Copies the upload to its final place. A file that is there already is not replaced.</summary>
    /// <returns>The file's size. Null when there is neither an upload nor a file.</returns>
    public async Task<long?> KeepAsync(StoredFile file, CancellationToken cancellationToken)
    {
        var target = await FinalAsync(file.Blob, Main, cancellationToken);
        if (await SizeAsync(target, cancellationToken) is { } known)
        {
            return known;
        }

        var source = await StagedAsync(file.Blob, cancellationToken);
        try
        {
            var link = await links.SignAsync(source, BlobSasPermissions.Read, time.GetUtcNow().AddMinutes(15), null, cancellationToken);
            await target.StartCopyFromUriAsync(
                link, new BlobCopyFromUriOptions { DestinationConditions = new() { IfNoneMatch = ETag.All } }, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            // Another completion is copying, or has copied.
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return await SizeAsync(target, cancellationToken);
        }

        return await SizeAsync(target, cancellationToken);
    }

    /// <summary>The first bytes of the kept file.</summary>
    public async Task<byte[]> ReadHeadAsync(StoredFile file, int bytes, CancellationToken cancellationToken)
    {
        var blob = await FinalAsync(file.Blob, Main, cancellationToken);
        var result = await blob.DownloadContentAsync(new BlobDownloadOptions { Range = new HttpRange(0, bytes) }, cancellationToken);
        return result.Value.Content.ToArray();
    }

    public async Task DownloadAsync(StoredFile file, string path, CancellationToken cancellationToken) =>
        await (await FinalAsync(file.Blob, Main, cancellationToken)).DownloadToAsync(path, cancellationToken);

    public async Task DownloadStagedAsync(StoredFile file, string path, CancellationToken cancellationToken) =>
        await (await StagedAsync(file.Blob, cancellationToken)).DownloadToAsync(path, cancellationToken);

    public async Task WriteAsync(StoredFile file, string part, byte[] bytes, string contentType, CancellationToken cancellationToken) =>
        await (await FinalAsync(file.Blob, part, cancellationToken)).UploadAsync(
            new BinaryData(bytes), new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = contentType } },
            cancellationToken);

    public async Task RemoveStagedAsync(string blob, CancellationToken cancellationToken)
    {
        var staged = await StagedAsync(blob, cancellationToken);
        if (!await staged.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken))
        {
            // Blocks that were never committed cannot be deleted, only replaced. The storage service itself would keep them for a week.
            try
            {
                await staged.GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: cancellationToken);
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                return;
            }

            await staged.CommitBlockListAsync([], new CommitBlockListOptions(), cancellationToken);
            await staged.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken);
        }
    }

    public async Task RemoveAsync(string blob, CancellationToken cancellationToken)
    {
        await RemoveStagedAsync(blob, cancellationToken);
        foreach (var part in new[] { Main, Thumbnail, Preview })
        {
            await (await FinalAsync(blob, part, cancellationToken)).DeleteIfExistsAsync(
                DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken);
        }
    }

    public static string BlockId(int number) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(number.ToString("D8", CultureInfo.InvariantCulture)));

    private static int NumberOf(string blockId) =>
        int.TryParse(DecodedId(blockId), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static string DecodedId(string blockId)
    {
        Span<byte> bytes = stackalloc byte[64];
        return Convert.TryFromBase64String(blockId, bytes, out var length) ? Encoding.Latin1.GetString(bytes[..length]) : blockId;
    }

    private static async Task<BlobRequestConditions> UnchangedAsync(BlockBlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            var before = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
            return new BlobRequestConditions { IfMatch = before.ETag };
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return new BlobRequestConditions { IfNoneMatch = ETag.All };
        }
    }

    private async Task<long?> SizeAsync(BlobBaseClient blob, CancellationToken cancellationToken)
    {
        var giveUp = time.GetTimestamp();
        while (true)
        {
            try
            {
                var properties = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
                switch (properties.BlobCopyStatus)
                {
                    case CopyStatus.Pending when time.GetElapsedTime(giveUp) < CopyLimit:
                        await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
                        continue;
                    case CopyStatus.Pending:
                        throw new TimeoutException("The storage is still copying the file.");
                    case CopyStatus.Failed or CopyStatus.Aborted:
                        // A failed copy leaves an empty blob behind. Without it, the next attempt starts anew.
                        await blob.DeleteIfExistsAsync(cancellationToken: cancellationToken);
                        throw new TimeoutException("The storage could not copy the file: " + properties.CopyStatusDescription);
                    default:
                        return properties.ContentLength;
                }
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                return null;
            }
        }
    }

    private async Task<BlockBlobClient> StagedAsync(string blob, CancellationToken cancellationToken) =>
        (await uploads.ReadyAsync(blob, cancellationToken)).GetBlockBlobClient(blob);

    private async Task<BlobClient> FinalAsync(string blob, string part, CancellationToken cancellationToken) =>
        (await files.ReadyAsync(blob, cancellationToken)).GetBlobClient($"{blob}/{part}");
}
