using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Platform.Storage;

namespace Vox.Chat.Files;

/// <summary>
/// For local development: lets pages of any origin upload to and read from the storage emulator. The signed address is what grants access;
/// this only tells browsers that they may use it. In Azure it is part of the infrastructure (modules/storage.bicep).
/// </summary>
internal sealed partial class BlobCors(StorageClients storage, IOptions<FilesOptions> options, ILogger<BlobCors> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.SetBlobCors is not true)
        {
            return;
        }

        try
        {
            await storage.AllowAllOriginsAsync(cancellationToken);
        }
        catch (Exception e) when (StorageFailure.IsAny(e) || e is AggregateException)
        {
            // Go on: without files the chat still works.
            NotSet(e);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(6020, LogLevel.Warning, "The storage's CORS rules could not be set: web pages cannot upload files")]
    private partial void NotSet(Exception exception);
}
