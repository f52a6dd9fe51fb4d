using System.Globalization;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Vox.Platform.Storage;

namespace Vox.Operations.Backups;

/// <summary>A pass over all rows: when it began and ended, Unix ms.</summary>
internal sealed record BackupPass(long Began, long Ended);

/// <summary>
/// The files of a backup. They are only ever added: a name is never written twice, so the container may be immutable, and the app needs no
/// right to read or delete. Names sort by time.
/// </summary>
public sealed class BackupBlobs(StorageClients storage)
{
    private const string Segments = "segments/";
    private const string Passes = "passes/";
    private const int BlockSize = 4 * 1024 * 1024;

    private readonly Lazy<BlobContainer> container = new(storage.BackupContainer);

    /// <summary><c>segments/001798761600000.jsonl.gz</c></summary>
    internal static string SegmentAt(long time) => $"{Segments}{Text(time)}.jsonl.gz";

    internal async Task WriteAsync(string name, Func<SegmentWriter, Task> write, CancellationToken cancellationToken)
    {
        var blob = (await container.Value.ReadyAsync(name, cancellationToken)).GetBlockBlobClient(name);
        await using var blocks = new StagedBlobs(blob);
        await using var segment = new SegmentWriter(blocks);
        await write(segment);
        await segment.CompleteAsync(cancellationToken);
        await blocks.CommitAsync(cancellationToken);
    }

    internal async Task NotePassAsync(BackupPass pass, CancellationToken cancellationToken)
    {
        var name = $"{Passes}{Text(pass.Began)}-{Text(pass.Ended)}";
        var blob = (await container.Value.ReadyAsync(name, cancellationToken)).GetBlockBlobClient(name);
        await using var blocks = new StagedBlobs(blob);
        await blocks.CommitAsync(cancellationToken);
    }

    /// <summary>The last pass that was complete at a time.</summary>
    internal async Task<BackupPass?> FindPassAsync(long until, CancellationToken cancellationToken)
    {
        BackupPass? last = null;
        var client = await container.Value.ReadyAsync(Passes, cancellationToken);
        await foreach (var blob in client.GetBlobsAsync(BlobTraits.None, BlobStates.None, Passes, cancellationToken))
        {
            var times = blob.Name[Passes.Length..].Split('-');
            var pass = new BackupPass(Number(times[0]), Number(times[1]));
            last = pass.Ended <= until && pass.Began >= (last?.Began ?? 0) ? pass : last;
        }

        return last;
    }

    /// <summary>The segments of a pass and after it, oldest first.</summary>
    /// <param name="after">The last one that is not wanted; null for all.</param>
    internal async IAsyncEnumerable<string> ListSegmentsAsync(
        long from, long until, string? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var client = await container.Value.ReadyAsync(Segments, cancellationToken);
        await foreach (var blob in client.GetBlobsAsync(BlobTraits.None, BlobStates.None, Segments, cancellationToken))
        {
            if (string.CompareOrdinal(blob.Name, SegmentAt(from)) >= 0 && string.CompareOrdinal(blob.Name, SegmentAt(until)) <= 0
                && (after is null || string.CompareOrdinal(blob.Name, after) > 0))
            {
                yield return blob.Name;
            }
        }
    }

    internal async Task<Stream> OpenAsync(string name, CancellationToken cancellationToken) =>
        await (await container.Value.ReadyAsync(name, cancellationToken)).GetBlockBlobClient(name)
            .OpenReadAsync(cancellationToken: cancellationToken);

    private static string Text(long time) => time.ToString("D15", CultureInfo.InvariantCulture);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>The SDK's own stream begins with an empty file, which could not be replaced in an immutable container.</summary>
    private sealed class StagedBlobs(BlockBlobClient blob) : Stream
    {
        private readonly MemoryStream block = new();
        private readonly List<string> ids = [];

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            block.Write(buffer.Span);
            if (block.Length >= BlockSize)
            {
                await StageAsync(cancellationToken);
            }
        }

        // The compressor writes its end like this. It fits into memory and is sent with the commit.
        public override void Write(byte[] buffer, int offset, int count) => block.Write(buffer, offset, count);

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        /// <exception cref="RequestFailedException">409: there is a file of this name.</exception>
        public async Task CommitAsync(CancellationToken cancellationToken)
        {
            if (block.Length > 0)
            {
                await StageAsync(cancellationToken);
            }

            await blob.CommitBlockListAsync(
                ids, new CommitBlockListOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } }, cancellationToken);
        }

        private async Task StageAsync(CancellationToken cancellationToken)
        {
            var id = Convert.ToBase64String(Encoding.ASCII.GetBytes(ids.Count.ToString("D6", CultureInfo.InvariantCulture)));
            block.Position = 0;
            await blob.StageBlockAsync(id, block, cancellationToken: cancellationToken);
            ids.Add(id);
            block.SetLength(0);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                block.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
