using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Vox.Platform.Storage;

/// <summary>Makes the clients of the storage accounts. No request is sent before the first use.</summary>
/// <param name="policies">Each sees every request, retries included; tests register faults here.</param>
public sealed class StorageClients(
    IOptions<StorageOptions> options, IOptions<BackupOptions> backup, IConfiguration configuration, StorageRequestCounter counter,
    IEnumerable<HttpPipelinePolicy> policies, TimeProvider time, ILoggerFactory loggers)
{
    private readonly Lazy<TableServiceClient[]> tables =
        new(() => CreateTables(options.Value, configuration, [counter, new FirstAnswer(), .. policies], options.Value.Retries));

    private readonly Lazy<TableServiceClient> probe =
        new(() => CreateTables(options.Value, configuration, [counter, .. policies], retries: 0)[0]);

    private readonly Lazy<BlobServiceClient[]> blobs = new(() => CreateBlobs(options.Value, configuration, [counter, .. policies]));

    private readonly Lazy<BlobServiceClient?> uploads = new(
        () => options.Value.UploadAccount is { } account && !string.IsNullOrWhiteSpace(account)
            ? FurtherBlobs(account, Prepare(new BlobClientOptions(), options.Value, [counter, .. policies], options.Value.Retries))
            : null);

    private readonly Lazy<BlobServiceClient> backups = new(
        () => FurtherBlobs(
            backup.Value.Account!, Prepare(new BlobClientOptions(), options.Value, [counter, .. policies], options.Value.Retries)));

    private ProjectAccounts? accounts;
    private ChangeJournal? journal;

    /// <summary>One client for each account. The first is for what belongs to no project.</summary>
    public IReadOnlyList<BlobServiceClient> Blobs => blobs.Value;

    /// <summary>One for each account, in the same order as <see cref="Blobs"/>.</summary>
    internal IReadOnlyList<TableServiceClient> TablesOfEach => tables.Value;

    /// <summary>The account of unfinished uploads, if they have one of their own.</summary>
    internal BlobServiceClient? UploadBlobs => uploads.Value;

    public ProjectAccounts Accounts =>
        LazyInitializer.EnsureInitialized(
            ref accounts, () => new ProjectAccounts(1 + options.Value.ProjectAccountList().Count, new(() => Table("projects")), time));

    /// <summary>A table for what belongs to no project, or must be found before the project is known.</summary>
    /// <param name="schema">The shapes that its rows have had; null: only one.</param>
    public Table Table(string name, RowSchema? schema = null) => new(
        [tables.Value[0].GetTableClient(options.Value.TablePrefix + name)], null, options.Value.CreateTables, name, schema,
        JournalOf(name));

    /// <summary>A table whose partitions begin with a project's id, in the account that has the project's data.</summary>
    /// <param name="schema">The shapes that its rows have had; null: only one.</param>
    public Table ProjectTable(string name, RowSchema? schema = null) =>
        new(
            [.. tables.Value.Select(account => account.GetTableClient(options.Value.TablePrefix + name))], Accounts,
            options.Value.CreateTables, name, schema, JournalOf(name));

    /// <summary>The tables of each account that are in backups.</summary>
    internal async Task<List<(int Account, string Name, TableClient Client)>> BackedUpTablesAsync(CancellationToken cancellationToken)
    {
        var (prefix, found) = (options.Value.TablePrefix, new List<(int, string, TableClient)>());
        for (var account = 0; account < tables.Value.Length; account++)
        {
            // Names of tables are letters and digits, and equal whatever their case.
            await foreach (var table in tables.Value[account].QueryAsync($"TableName ge '{prefix}' and TableName lt '{prefix}{{'",
                cancellationToken: cancellationToken))
            {
                if (table.Name.StartsWith(prefix, StringComparison.Ordinal) && table.Name[prefix.Length..] is var name
                    && BackupTables.IsBackedUp(name))
                {
                    found.Add((account, name, tables.Value[account].GetTableClient(table.Name)));
                }
            }
        }

        return found;
    }

    /// <summary>Container <c>vox-backups</c> in the account for backups.</summary>
    internal BlobContainer BackupContainer() => new(
        () => [backups.Value.GetBlobContainerClient($"{options.Value.TablePrefix.ToLowerInvariant()}-backups")], () => Accounts,
        options.Value.CreateTables);

    private ChangeJournal? JournalOf(string name) => backup.Value.NotesChanges && BackupTables.IsBackedUp(name)
        ? LazyInitializer.EnsureInitialized(ref journal, () => new ChangeJournal(
            Table(BackupTables.Changes), time, TimeSpan.FromMinutes(backup.Value.IntervalMinutes), loggers.CreateLogger<ChangeJournal>()))
        : null;

    /// <summary>Container <c>vox-{name}</c> for blobs whose names begin with a project's id.</summary>
    public BlobContainer ProjectContainer(string name) => new(
        // Container names are lower case, unlike table names.
        () => [.. blobs.Value.Select(account => account.GetBlobContainerClient($"{options.Value.TablePrefix.ToLowerInvariant()}-{name}"))],
        () => Accounts, options.Value.CreateTables);

    /// <summary>Container <c>vox-{name}</c> for what clients write: in an account of its own if there is one.</summary>
    public BlobContainer UploadContainer(string name) => new(
        () => [.. (uploads.Value is { } own ? [own] : blobs.Value).Select(
            account => account.GetBlobContainerClient($"{options.Value.TablePrefix.ToLowerInvariant()}-{name}"))],
        () => Accounts, options.Value.CreateTables);

    /// <summary>Container <c>vox-{name}</c> for what belongs to no project.</summary>
    public BlobContainer Container(string name) => new(
        () => [blobs.Value[0].GetBlobContainerClient($"{options.Value.TablePrefix.ToLowerInvariant()}-{name}")], () => Accounts,
        options.Value.CreateTables);

    /// <summary>Tells browsers that pages of any origin may use signed addresses of blobs.</summary>
    public async Task AllowAllOriginsAsync(CancellationToken cancellationToken)
    {
        foreach (var service in uploads.Value is { } own ? blobs.Value.Append(own) : blobs.Value)
        {
            var properties = (await service.GetPropertiesAsync(cancellationToken)).Value;
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
            await service.SetPropertiesAsync(properties, cancellationToken);
        }
    }

    /// <summary>Asks storage once, without retries.</summary>
    /// <returns>The storage's time, and whether the table exists.</returns>
    /// <exception cref="Azure.RequestFailedException">Storage answered with an error other than 404, or not at all.</exception>
    public async Task<(DateTimeOffset? ServerTime, bool Exists)> ProbeAsync(string table, CancellationToken cancellationToken)
    {
        var client = probe.Value.GetTableClient(options.Value.TablePrefix + table);
        try
        {
            var row = await client.GetEntityIfExistsAsync<TableEntity>("health", "health", cancellationToken: cancellationToken);
            var raw = row.GetRawResponse();
            return (raw.Headers.Date, !raw.Headers.TryGetValue("x-ms-error-code", out var code) || code != "TableNotFound");
        }
        catch (Azure.RequestFailedException e) when (e.Status == 404)
        {
            return (e.GetRawResponse()?.Headers.Date, e.ErrorCode != "TableNotFound");
        }
    }

    private static TableServiceClient[] CreateTables(
        StorageOptions options, IConfiguration configuration, List<HttpPipelinePolicy> policies, int retries)
    {
        var client = Prepare(new TableClientOptions(), options, policies, retries);
        return
        [
            CreateHomeTables(options, configuration, client),
            .. options.ProjectAccountList().Select(account => IsName(account)
                ? new TableServiceClient(new Uri($"https://{account}.table.core.windows.net"), new DefaultAzureCredential(), client)
                : new TableServiceClient(account, client)),
        ];
    }

    private static TableServiceClient CreateHomeTables(StorageOptions options, IConfiguration configuration, TableClientOptions client)
    {
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

    private static BlobServiceClient[] CreateBlobs(StorageOptions options, IConfiguration configuration, List<HttpPipelinePolicy> policies)
    {
        var client = Prepare(new BlobClientOptions(), options, policies, options.Retries);
        return
        [
            CreateHomeBlobs(options, configuration, client),
            .. options.ProjectAccountList().Select(account => FurtherBlobs(account, client)),
        ];
    }

    private static BlobServiceClient FurtherBlobs(string account, BlobClientOptions client) => IsName(account)
        ? new BlobServiceClient(new Uri($"https://{account}.blob.core.windows.net"), new DefaultAzureCredential(), client)
        : new BlobServiceClient(account, client);

    private static BlobServiceClient CreateHomeBlobs(StorageOptions options, IConfiguration configuration, BlobClientOptions client)
    {
        if ((NotEmpty(options.ConnectionString) ?? ConnectionStringOf(configuration, options)) is { } connection)
        {
            return new BlobServiceClient(connection, client);
        }

        var account = NotEmpty(options.AccountName) ?? NotEmpty(configuration["AzureWebJobsStorage:accountName"]);
        var uri = options.BlobServiceUri ?? Uri(NotEmpty(configuration["AzureWebJobsStorage:blobServiceUri"]))
            ?? (account is null ? null : new Uri($"https://{account}.blob.core.windows.net"))
            ?? throw new InvalidOperationException(
                "No blob storage is configured: set AzureWebJobsStorage or Storage__ConnectionString to a connection string, "
                + "or Storage__AccountName (or Storage__BlobServiceUri) to an account that this identity may use.");
        return new BlobServiceClient(uri, new DefaultAzureCredential(), client);
    }

    internal static TOptions Prepare<TOptions>(TOptions client, StorageOptions options, List<HttpPipelinePolicy> policies, int retries)
        where TOptions : ClientOptions
    {
        client.Retry.Mode = RetryMode.Exponential;
        client.Retry.MaxRetries = retries;
        client.Retry.Delay = TimeSpan.FromMilliseconds(200);
        client.Retry.MaxDelay = TimeSpan.FromSeconds(5);
        client.Retry.NetworkTimeout = options.Timeout;
        client.Transport = SharedTransport;
        client.Diagnostics.IsLoggingEnabled = false;
        client.Diagnostics.IsTelemetryEnabled = false;
        policies.ForEach(policy => client.AddPolicy(policy, HttpPipelinePosition.PerRetry));
        return client;
    }

    private static string? ConnectionStringOf(IConfiguration configuration, StorageOptions options) =>
        NotEmpty(options.AccountName) is null && options.TableServiceUri is null && options.BlobServiceUri is null
            ? NotEmpty(configuration["AzureWebJobsStorage"])
            : null;

    private static bool IsName(string account) => !account.Contains('=', StringComparison.Ordinal);

    // Templates and settings files often contain an empty value for what is not used.
    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static Uri? Uri(string? text) => text is null ? null : new Uri(text);

    // All clients share one pool of connections. DNS changes are noticed within two minutes.
    private static readonly HttpClientTransport SharedTransport = new(new HttpClient(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        EnableMultipleHttp2Connections = true,

        // Whoever uploads a blob says how it is compressed. A few hundred bytes could fill the memory.
        AutomaticDecompression = System.Net.DecompressionMethods.None,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    });
}
