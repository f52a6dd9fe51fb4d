using Azure.Storage.Blobs;

namespace Vox.Platform.Storage;

/// <summary>One blob container, in each account with projects' data. Created on first use if the options say so. Never public.</summary>
public sealed class BlobContainer(Func<BlobContainerClient[]> clients, Func<ProjectAccounts> accounts, bool create)
{
    private readonly Lazy<Part[]> parts = new(() => [.. clients().Select(client => new Part(client, create))]);

    public string Name => parts.Value[0].Client.Name;

    /// <summary>The container where this blob is.</summary>
    public async ValueTask<BlobContainerClient> ReadyAsync(string blob, CancellationToken cancellationToken) =>
        await parts.Value[parts.Value.Length == 1 ? 0 : await accounts().OfAsync(blob, cancellationToken)].ReadyAsync(cancellationToken);

    private sealed class Part(BlobContainerClient client, bool create)
    {
        private readonly SemaphoreSlim creating = new(1);
        private volatile bool ready = !create;

        public BlobContainerClient Client => client;

        public async ValueTask<BlobContainerClient> ReadyAsync(CancellationToken cancellationToken)
        {
            if (ready)
            {
                return client;
            }

            await creating.WaitAsync(cancellationToken);
            try
            {
                if (!ready)
                {
                    await client.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
                    ready = true;
                }
            }
            finally
            {
                creating.Release();
            }

            return client;
        }
    }
}
