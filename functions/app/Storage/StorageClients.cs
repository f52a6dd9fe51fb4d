using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Vox.Storage;

/// <summary>Makes the clients of the storage account. No request is sent before the first use.</summary>
/// <param name="policies">Each sees every request, retries included; tests register faults here.</param>
public sealed class StorageClients(
    IOptions<StorageOptions> options, IConfiguration configuration, StorageRequestCounter counter, IEnumerable<HttpPipelinePolicy> policies)
{
    private readonly Lazy<TableServiceClient> tables = new(() => CreateTables(options.Value, configuration, [counter, .. policies]));

    public Table Table(string name) =>
        new(tables.Value.GetTableClient(options.Value.TablePrefix + name), options.Value.CreateTables);

    private static TableServiceClient CreateTables(StorageOptions options, IConfiguration configuration, List<HttpPipelinePolicy> policies)
    {
        var client = new TableClientOptions
        {
            Retry =
            {
                Mode = RetryMode.Exponential,
                MaxRetries = options.Retries,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = TimeSpan.FromSeconds(5),
                NetworkTimeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
            },
            Transport = SharedTransport,
            Diagnostics = { IsLoggingEnabled = false, IsTelemetryEnabled = false },
        };
        policies.ForEach(policy => client.AddPolicy(policy, HttpPipelinePosition.PerRetry));

        if ((NotEmpty(options.ConnectionString) ?? ConnectionStringOf(configuration, options)) is { } connection)
        {
            return new TableServiceClient(connection, client);
        }

        var account = NotEmpty(options.AccountName) ?? NotEmpty(configuration["AzureWebJobsStorage:accountName"]);
        var uri = options.TableServiceUri ?? Uri(NotEmpty(configuration["AzureWebJobsStorage:tableServiceUri"]))
            ?? (account is null ? null : new Uri($"https://{account}.table.core.windows.net"))
            ?? throw new InvalidOperationException(
                "No storage is configured: set AzureWebJobsStorage or Storage__ConnectionString to a connection string, "
                + "or Storage__AccountName to the name of an account that this identity may use.");
        return new TableServiceClient(uri, new DefaultAzureCredential(), client);
    }

    private static string? ConnectionStringOf(IConfiguration configuration, StorageOptions options) =>
        NotEmpty(options.AccountName) is null && options.TableServiceUri is null ? NotEmpty(configuration["AzureWebJobsStorage"]) : null;

    // Templates and settings files often have an empty value for what is not used.
    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static Uri? Uri(string? text) => text is null ? null : new Uri(text);

    // One pool of connections for all clients; DNS changes are seen within two minutes.
    private static readonly HttpClientTransport SharedTransport = new(new HttpClient(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        EnableMultipleHttp2Connections = true,
        AutomaticDecompression = System.Net.DecompressionMethods.All,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    });
}
