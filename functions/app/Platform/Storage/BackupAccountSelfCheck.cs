using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Vox.Platform.SelfChecks;

namespace Vox.Platform.Storage;

/// <summary>
/// Whether the account of the backups takes files; in restore mode, whether it can be read. The app has no other right there. No file is
/// left: a block that belongs to none is gone after a week.
/// </summary>
internal sealed class BackupAccountSelfCheck(
    StorageClients storage, StorageAdvice advice, IOptions<BackupOptions> options, IConfiguration configuration) : ISelfCheck
{
    private const string Name = "backup account";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    public async Task<IReadOnlyList<Finding>> CheckAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.IsOn)
        {
            return
            [
                configuration["WEBSITE_HOSTNAME"] is { Length: > 0 }
                    ? new Finding(
                        Name, FindingLevel.Warning, "Tables are not backed up: a mistake cannot be undone.",
                        "Set Backup__Account; infra-bicep does, unless VOX_BACKUP is false.")
                    : new Finding(Name, FindingLevel.Ok, "Not used."),
            ];
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            await LookAsync(limit.Token);
            return [new Finding(Name, FindingLevel.Ok, options.Value.Restoring ? "It can be read." : "Files can be added.")];
        }
        catch (Exception e) when (e is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            var what = options.Value.Restoring ? "The backup cannot be read." : "No file can be added: nothing is backed up.";
            return [new Finding(Name, FindingLevel.Error, what, Remedy(e))];
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var client = await storage.BackupContainer().ReadyAsync("doctor", cancellationToken);
        if (!options.Value.Restoring)
        {
            using var block = new MemoryStream([0]);
            await client.GetBlockBlobClient("doctor/check").StageBlockAsync("MDAwMDAw", block, cancellationToken: cancellationToken);
            return;
        }

        await foreach (var _ in client.GetBlobsAsync(BlobTraits.None, BlobStates.None, null, cancellationToken))
        {
            return;
        }
    }

    private string Remedy(Exception exception) => exception switch
    {
        RequestFailedException { Status: 403, ErrorCode: not ("AuthenticationFailed" or "KeyBasedAuthenticationNotPermitted") } =>
            options.Value.Restoring
                ? "Give the app's identity Storage Blob Data Reader on the account that Backup__Account names, for the restore alone "
                    + "(docs/operations.md, Restore tables); it takes some minutes."
                : "Deploy infra-bicep: modules/backup.bicep gives the app's identity a role that only adds files. It takes some minutes. "
                    + "If Backup__Account is a connection string, copy it again.",
        RequestFailedException { Status: 404 } =>
            "The container is missing: deploy infra-bicep, and see that Backup__Account names the account of the backups.",
        FormatException or ArgumentException => "Backup__Account is neither the name of an account nor a connection string.",
        _ => "It is about the account that Backup__Account names. " + advice.Explain(exception),
    };
}
