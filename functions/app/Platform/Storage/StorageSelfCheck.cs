using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;
using Vox.Platform.SelfChecks;

namespace Vox.Platform.Storage;

/// <summary>Writes a row to each account and reads its containers: what a missing role, table or container refuses.</summary>
internal sealed class StorageSelfCheck(
    StorageClients storage, StorageAdvice advice, IOptions<StorageOptions> options, TimeProvider time) : ISelfCheck
{
    private const string Name = "storage";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    public async Task<IReadOnlyList<Finding>> CheckAsync(CancellationToken cancellationToken)
    {
        List<Task<Finding>> asking = [];
        try
        {
            asking.AddRange(storage.TablesOfEach.Select(service => AskAsync($"Tables of {service.AccountName}", null, WriteRow(service))));
            asking.AddRange(storage.Blobs.Select(service =>
                AskAsync($"Files of {service.AccountName}", service.Uri.ToString(), ReadContainer(service, "files"))));
            if (storage.UploadBlobs is { } uploads)
            {
                asking.Add(AskAsync(
                    $"Uploads to {uploads.AccountName}", uploads.Uri.ToString(), ReadContainer(uploads, "uploads")));
            }
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
        {
            return [new Finding(Name, FindingLevel.Error, "The storage settings cannot be used.", advice.Explain(e))];
        }

        return await Task.WhenAll(asking);
    }

    private async Task<Finding> AskAsync(string what, string? address, Func<CancellationToken, Task> ask)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await ask(limit.Token);
            return new Finding(Name, FindingLevel.Ok, what + " can be used.", null, address);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new Finding(Name, FindingLevel.Error, what + " cannot be used.", Remedy(e, isBlob: address is not null), address);
        }
    }

    private Func<CancellationToken, Task> WriteRow(TableServiceClient service) => async cancellationToken =>
    {
        var table = service.GetTableClient(options.Value.TablePrefix + "users");
        if (options.Value.CreateTables)
        {
            await table.CreateIfNotExistsAsync(cancellationToken);
        }

        // No project's partition begins like this.
        var row = new TableEntity("doctor", Guid.NewGuid().ToString("N"));
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken);
    };

    private Func<CancellationToken, Task> ReadContainer(BlobServiceClient service, string name) => async cancellationToken =>
    {
        var container = service.GetBlobContainerClient($"{options.Value.TablePrefix.ToLowerInvariant()}-{name}");
        if (options.Value.CreateTables)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        }

        await container.GetPropertiesAsync(cancellationToken: cancellationToken);
        if (!service.CanGenerateAccountSasUri)
        {
            // Access by identity: addresses for browsers are signed with such a key.
            await service.GetUserDelegationKeyAsync(null, time.GetUtcNow().AddHours(1), cancellationToken);
        }
    };

    private string Remedy(Exception exception, bool isBlob) => exception switch
    {
        Azure.RequestFailedException { Status: 403 } when isBlob =>
            "Give the app's identity the role Storage Blob Data Contributor on this account (infra-bicep/modules/rbac.bicep); "
            + "after an assignment it takes some minutes.",
        Azure.RequestFailedException { Status: 404 } when isBlob => "The container is missing: deploy infra-bicep.",
        Azure.RequestFailedException { Status: 404 } => "A table is missing: deploy infra-bicep, or set Storage__CreateTables to true.",
        _ => advice.Explain(exception),
    };
}
