using System.Globalization;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using Vox.Platform.Storage;

namespace Vox.Chat.Files;

/// <summary>The part of an upload that has arrived.</summary>
/// <param name="Bytes">What the file would have: of the blob, or of the blocks that are not committed to a blob yet.</param>
/// <param name="Blocks">Numbers of the blocks that are not committed to a blob yet.</param>
/// <param name="BlockIds">Their ids in the file's order. Null when there is a blob already, or nothing.</param>
/// <param name="Most">
/// The larger of the blob and the uncommitted blocks together. A client that behaves never brings more than it announced.
/// </param>
/// <param name="IsPlain">
/// False when it is no block blob, or says that its bytes are compressed: whoever reads it would get others than those that were counted.
/// </param>
public sealed record StagedUpload(long Bytes, IReadOnlyList<int> Blocks, IReadOnlyList<string>? BlockIds, long Most, bool IsPlain = true);

/// <summary>
/// Container <c>uploads</c>, where clients write: one blob each, through a signed address. The address cannot say how much may be written,
/// so it lives no longer than the upload needs, what has arrived is looked at when it ends, and a lease closes it before that.
/// </summary>
public sealed class UploadBlobs(StorageClients storage, BlobLinks links, TimeProvider time)
{
    /// <summary>Metadata of the empty blob that a closed upload leaves behind.</summary>
    public const string Closed = "closed";

    private const int Attempts = 3;

    private readonly BlobContainer uploads = storage.UploadContainer("uploads");

    /// <summary>Lets the client write this upload's blob; not read it, and not touch anything else.</summary>
    public async Task<Uri> WriteLinkAsync(StoredFile file, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        await links.SignAsync(
            await BlobAsync(file.Blob, cancellationToken), BlobSasPermissions.Create | BlobSasPermissions.Write, expiresAt, null,
            cancellationToken);

    /// <summary>Lets the storage service itself copy the upload.</summary>
    public async Task<Uri> CopyLinkAsync(StoredFile file, CancellationToken cancellationToken) =>
        await links.SignAsync(
            await BlobAsync(file.Blob, cancellationToken), BlobSasPermissions.Read, time.GetUtcNow().AddMinutes(15), null,
            cancellationToken);

    public async Task<StagedUpload> FindAsync(StoredFile file, CancellationToken cancellationToken)
    {
        var blob = await BlobAsync(file.Blob, cancellationToken);
        try
        {
            var list = (await blob.GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: cancellationToken)).Value;
            var blocks = list.UncommittedBlocks.ToList();
            var staged = blocks.Sum(block => block.SizeLong);
            var most = Math.Max(staged, list.BlobContentLength);
            if (list.BlobContentLength > 0 || blocks.Count == 0)
            {
                // Only a client has committed it, or an earlier completion.
                var isPlain = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ContentEncoding is null or "";
                if (list.BlobContentLength == file.Size || blocks.Count == 0)
                {
                    return new StagedUpload(list.BlobContentLength, [], null, most, isPlain);
                }
            }

            return new StagedUpload(
                staged,
                [.. blocks.Select(block => NumberOf(block.Name)).Where(number => number >= 0).Order()],
                [.. blocks.Select(block => block.Name).OrderBy(DecodedId, StringComparer.Ordinal)],
                most);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return new StagedUpload(0, [], null, 0);
        }
        catch (RequestFailedException e) when (e.Status is 400 or 409)
        {
            // An append or page blob has no blocks. One that is encrypted with a key of the client's cannot be read at all.
            return new StagedUpload(0, [], null, 0, IsPlain: false);
        }
    }

    /// <summary>
    /// Commits the blocks to a blob, in the order of their ids, whatever order they came in. The server does this and not the client, so
    /// that the server has counted every byte before.
    /// </summary>
    /// <returns>False when the blob has changed meanwhile: look again.</returns>
    public async Task<bool> TryCommitAsync(StoredFile file, IReadOnlyList<string> blockIds, CancellationToken cancellationToken)
    {
        var blob = await BlobAsync(file.Blob, cancellationToken);
        try
        {
            await blob.CommitBlockListAsync(
                blockIds, new CommitBlockListOptions { Conditions = await UnchangedAsync(blob, cancellationToken) }, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 400 or 404 or 409 or 412)
        {
            // Another completion has used up the blocks. Or the client has leased the blob, to keep us out.
            if (e.ErrorCode == BlobErrorCode.LeaseIdMissing)
            {
                await BreakLeaseAsync(blob, cancellationToken);
            }

            return false;
        }
    }

    /// <summary>Downloads the upload into a file, but not more than that.</summary>
    /// <exception cref="ImageException">image_too_many_bytes, image_unsupported</exception>
    public async Task DownloadAsync(StoredFile file, string path, long most, CancellationToken cancellationToken) =>
        await DownloadBlobs.ToFileAsync(await BlobAsync(file.Blob, cancellationToken), path, most, cancellationToken);

    /// <summary>
    /// Drops what has arrived, and closes the upload: an empty blob stays, with a lease that nobody knows, so the address writes nothing
    /// any more. The sweep removes the blob when the address has expired.
    /// </summary>
    public async Task CloseAsync(string name, CancellationToken cancellationToken)
    {
        var blob = await BlobAsync(name, cancellationToken);
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            try
            {
                // Writing the blob anew drops its uncommitted blocks too.
                var empty = await blob.UploadAsync(
                    Stream.Null,
                    new BlobUploadOptions { Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [Closed] = "1" } },
                    cancellationToken);
                await blob.GetBlobLeaseClient().AcquireAsync(
                    BlobLeaseClient.InfiniteLeaseDuration, new RequestConditions { IfMatch = empty.Value.ETag }, cancellationToken);
                return;
            }
            catch (RequestFailedException e) when (e.Status is 400 or 404 or 409 or 412)
            {
                // Closed already; or the client has written or leased it at the same moment, or it is no block blob.
                if (await IsClosedAsync(blob, cancellationToken))
                {
                    return;
                }

                await RemoveAsync(name, cancellationToken);
            }
        }
    }

    public async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        var blob = await BlobAsync(name, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await RemoveOnceAsync(blob, cancellationToken);
                return;
            }
            catch (RequestFailedException e) when (attempt <= Attempts && e.ErrorCode == BlobErrorCode.LeaseIdMissing)
            {
                await BreakLeaseAsync(blob, cancellationToken);
            }
        }
    }

    public static string BlockId(int number) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(number.ToString("D8", CultureInfo.InvariantCulture)));

    private static async Task RemoveOnceAsync(BlockBlobClient blob, CancellationToken cancellationToken)
    {
        if (await blob.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken))
        {
            return;
        }

        // Blocks that were never committed cannot be deleted, only replaced. The storage service itself would keep them for a week.
        try
        {
            await blob.GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return;
        }

        await blob.CommitBlockListAsync([], new CommitBlockListOptions(), cancellationToken);
        await blob.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken);
    }

    private static async Task<bool> IsClosedAsync(BlockBlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            var found = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
            return found is { ContentLength: 0, LeaseState: LeaseState.Leased } && found.Metadata.ContainsKey(Closed);
        }
        catch (RequestFailedException e) when (e.Status is 400 or 404 or 409)
        {
            return false;
        }
    }

    private static async Task BreakLeaseAsync(BlockBlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            await blob.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409)
        {
            // It has ended meanwhile.
        }
    }

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

    private async Task<BlockBlobClient> BlobAsync(string name, CancellationToken cancellationToken) =>
        (await uploads.ReadyAsync(name, cancellationToken)).GetBlockBlobClient(name);
}
