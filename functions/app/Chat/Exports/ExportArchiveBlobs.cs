using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using Vox.Platform.Storage;

namespace Vox.Chat.Exports;

/// <summary>The archives in container <c>exports</c>. Nobody sees an archive before its blocks are committed.</summary>
public sealed class ExportArchiveBlobs(StorageClients storage, BlobLinks links)
{
    private readonly BlobContainer exports = storage.ProjectContainer("exports");

    public async Task StageAsync(Export export, string blockId, byte[] bytes, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(bytes, writable: false);
        await (await BlobAsync(export.Blob, cancellationToken)).StageBlockAsync(blockId, content, null, cancellationToken);
    }

    public async Task CommitAsync(Export export, IEnumerable<string> blockIds, CancellationToken cancellationToken) =>
        await (await BlobAsync(export.Blob, cancellationToken)).CommitBlockListAsync(
            blockIds,
            new CommitBlockListOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "application/x-tar" } },
            cancellationToken);

    public async Task RemoveAsync(Export export, CancellationToken cancellationToken)
    {
        var blob = await BlobAsync(export.Blob, cancellationToken);
        if (!await blob.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken)
            && export.Blocks.Length > 0)
        {
            // Staged blocks cannot be deleted, only replaced. The storage would keep them for a week.
            try
            {
                await blob.CommitBlockListAsync([], new CommitBlockListOptions(), cancellationToken);
                await blob.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken);
            }
            catch (RequestFailedException e) when (e.Status is 404 or 409)
            {
                // Another process does the same.
            }
        }
    }

    public async Task<Uri> LinkAsync(Export export, string name, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        await links.SignAsync(
            await BlobAsync(export.Blob, cancellationToken), BlobSasPermissions.Read, expiresAt,
            new LinkHeaders("application/x-tar", $"attachment; filename={name}", "no-store"), cancellationToken);

    private async Task<BlockBlobClient> BlobAsync(string name, CancellationToken cancellationToken) =>
        (await exports.ReadyAsync(name, cancellationToken)).GetBlockBlobClient(name);
}
