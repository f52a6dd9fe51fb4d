using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Vox.Platform.Storage;

namespace Vox.Platform.Queues;

/// <summary>
/// Makes the clients of queues. They are in the account of the Functions host, <c>AzureWebJobsStorage</c>, because its queue trigger reads
/// them there. No request is sent before the first use.
/// </summary>
/// <param name="policies">Each sees every request, retries included; tests register faults here.</param>
public sealed class QueueClients(
    IConfiguration configuration, IOptions<StorageOptions> options, StorageRequestCounter counter, IEnumerable<HttpPipelinePolicy> policies)
{
    private readonly Lazy<QueueServiceClient> service = new(() => Create(configuration, options.Value, [counter, .. policies]));

    /// <param name="setting">The setting that has the queue's name: the trigger reads the same one.</param>
    /// <param name="byDefault">The name where the setting is not there.</param>
    public MessageQueue Queue(string setting, string byDefault) => new(
        () => service.Value, configuration[setting] is { Length: > 0 } name ? name : byDefault);

    private static QueueServiceClient Create(IConfiguration configuration, StorageOptions options, List<HttpPipelinePolicy> policies)
    {
        // The trigger expects Base64.
        var client = StorageClients.Prepare(
            new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }, options, policies, options.Retries);
        if (Text(configuration["AzureWebJobsStorage"]) is { } connection)
        {
            return new QueueServiceClient(connection, client);
        }

        var uri = Text(configuration["AzureWebJobsStorage:queueServiceUri"])
            ?? (Text(configuration["AzureWebJobsStorage:accountName"]) is { } account
                ? $"https://{account}.queue.core.windows.net"
                : throw new InvalidOperationException(
                    "No queue storage is configured: set AzureWebJobsStorage to a connection string, or "
                    + "AzureWebJobsStorage__accountName to the name of an account that this identity may use."));
        return new QueueServiceClient(new Uri(uri), new DefaultAzureCredential(), client);
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
