using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Storage;

namespace Vox.Files;

/// <summary>
/// For local development: lets pages of any origin upload to and read from the storage emulator. What really decides is the signed
/// address; this only tells browsers that they may use it. In Azure it is part of the infrastructure (modules/storage.bicep).
/// </summary>
public sealed partial class BlobCors(StorageClients storage, IOptions<FilesOptions> options, ILogger<BlobCors> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.SetBlobCors is not true)
        {
            return;
        }

        try
        {
            foreach (var blobs in storage.Blobs)
            {
                var properties = (await blobs.GetPropertiesAsync(cancellationToken)).Value;
                properties.Cors =
                [
                    new BlobCorsRule
                    {
                        AllowedOrigins = "*",
                        AllowedMethods = "PUT,GET,HEAD,OPTIONS",
                        AllowedHeaders = "content-type,content-md5,range,x-ms-*",
                        ExposedHeaders = "etag,content-length,content-range,accept-ranges,x-ms-*",
                        MaxAgeInSeconds = 3_600,
                    },
                ];
                await blobs.SetPropertiesAsync(properties, cancellationToken);
            }
        }
        catch (Exception e) when (e is Azure.RequestFailedException or AggregateException)
        {
            // The chat works without files.
            NotSet(e);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(6200, LogLevel.Warning, "The storage's CORS rules could not be set: web pages cannot upload files")]
    private partial void NotSet(Exception exception);
}
