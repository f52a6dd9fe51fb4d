using Azure.Storage.Blobs;

namespace Vox.Storage;

/// <summary>One container of blobs. Creates it on first use when the options say so. Never public.</summary>
public sealed class BlobContainer(Func<BlobContainerClient> client, bool create)
{
    private readonly Lazy<BlobContainerClient> client = new(client);
    private readonly SemaphoreSlim creating = new(1);
    private volatile bool ready = !create;

    public string Name => client.Value.Name;

    public async ValueTask<BlobContainerClient> ReadyAsync(CancellationToken cancellationToken)
    {
        if (ready)
        {
            return client.Value;
        }

        await creating.WaitAsync(cancellationToken);
        try
        {
            if (!ready)
            {
                await client.Value.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
                ready = true;
            }
        }
        finally
        {
            creating.Release();
        }

        return client.Value;
    }
}
