using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Configuration;

namespace Vox.DevHost.Timers;

/// <summary>Leases on blobs where the Functions host keeps its own: <c>azure-webjobs-hosts/locks/{host}/{function}.Listener</c>.</summary>
internal sealed class BlobTimerLeases(IConfiguration configuration, TimeProvider time) : ITimerLeases
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);

    // No retries inside the client: they could outlast the lease, and every caller here tries again anyway.
    private static readonly BlobClientOptions Impatient = new() { Retry = { MaxRetries = 0, NetworkTimeout = TimeSpan.FromSeconds(5) } };

    public async Task<ITimerLease?> TryAcquireAsync(string name, CancellationToken cancellation)
    {
        var connection = configuration["AzureWebJobsStorage"]
            ?? throw new InvalidOperationException("Timers need storage: set 'AzureWebJobsStorage'.");
        var container = new BlobContainerClient(connection, "azure-webjobs-hosts", Impatient);
        await container.CreateIfNotExistsAsync(cancellationToken: cancellation);
        var blob = container.GetBlockBlobClient($"locks/{name}.Listener");
        await CreateAsync(blob, cancellation);

        var lease = blob.GetBlobLeaseClient();
        try
        {
            await lease.AcquireAsync(Duration, cancellationToken: cancellation);
            return new BlobTimerLease(lease, time);
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return null;
        }
    }

    private static async Task CreateAsync(BlockBlobClient blob, CancellationToken cancellation)
    {
        try
        {
            var onlyNew = new Azure.Storage.Blobs.Models.BlobUploadOptions { Conditions = new() { IfNoneMatch = ETag.All } };
            await blob.UploadAsync(Stream.Null, onlyNew, cancellation);
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            // The blob exists: leased (412) or not (409).
        }
    }

    private sealed class BlobTimerLease : ITimerLease
    {
        private readonly CancellationTokenSource lost = new();
        private readonly CancellationTokenSource end = new();
        private readonly BlobLeaseClient lease;
        private readonly Task renewal;

        public BlobTimerLease(BlobLeaseClient lease, TimeProvider time)
        {
            this.lease = lease;
            renewal = RenewAsync(time);
        }

        public CancellationToken Lost => lost.Token;

        public async ValueTask DisposeAsync()
        {
            await end.CancelAsync();
            await renewal;
            if (!lost.IsCancellationRequested)
            {
                await ReleaseAsync();
            }

            end.Dispose();
            lost.Dispose();
        }

        private async Task RenewAsync(TimeProvider time)
        {
            var renewed = time.GetTimestamp();
            try
            {
                while (true)
                {
                    await Task.Delay(RenewEvery, time, end.Token);
                    try
                    {
                        await this.lease.RenewAsync(cancellationToken: end.Token);
                        renewed = time.GetTimestamp();
                    }
                    catch (RequestFailedException e) when (e.Status is not (404 or 409)
                        && time.GetElapsedTime(renewed) < Duration - RenewEvery)
                    {
                        // Storage failed for a moment: the lease is still ours for a while.
                    }
                }
            }
            catch (Exception) when (end.IsCancellationRequested)
            {
                // The timer ends and gives the lease back.
            }
            catch (Exception)
            {
                await lost.CancelAsync();
            }
        }

        private async Task ReleaseAsync()
        {
            try
            {
                await this.lease.ReleaseAsync();
            }
            catch (Exception)
            {
                // Storage is gone, perhaps stopped together with us: the lease expires by itself.
            }
        }
    }
}
