using System.Collections.Concurrent;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;

namespace Vox.Platform.Storage;

/// <summary>How a browser is to treat a blob that it gets through a link.</summary>
public sealed record LinkHeaders(string ContentType, string ContentDisposition, string CacheControl);

/// <summary>
/// Makes addresses that let whoever has them do one thing to one blob for a while (SAS). They are signed with the account's key if the
/// connection string has one, otherwise with a user delegation key of our own identity.
/// </summary>
public sealed class BlobLinks(TimeProvider time)
{
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(12);
    private static readonly TimeSpan KeyReserve = TimeSpan.FromHours(2);

    private readonly SemaphoreSlim renewing = new(1);
    private readonly ConcurrentDictionary<string, UserDelegationKey> delegationKeys = new(StringComparer.Ordinal);

    public async ValueTask<Uri> SignAsync(
        BlobBaseClient blob, BlobSasPermissions permissions, DateTimeOffset expiresAt, LinkHeaders? headers,
        CancellationToken cancellationToken)
    {
        var sas = new BlobSasBuilder(permissions, expiresAt)
        {
            BlobContainerName = blob.BlobContainerName,
            BlobName = blob.Name,
            Resource = "b",
            Protocol = blob.Uri.Scheme == "https" ? SasProtocol.Https : SasProtocol.HttpsAndHttp,
            ContentType = headers?.ContentType,
            ContentDisposition = headers?.ContentDisposition,
            CacheControl = headers?.CacheControl,
        };
        if (blob.CanGenerateSasUri)
        {
            return blob.GenerateSasUri(sas);
        }

        var key = await DelegationKeyAsync(blob, expiresAt, cancellationToken);
        return new BlobUriBuilder(blob.Uri) { Sas = sas.ToSasQueryParameters(key, blob.AccountName) }.ToUri();
    }

    private async ValueTask<UserDelegationKey> DelegationKeyAsync(
        BlobBaseClient blob, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (delegationKeys.TryGetValue(blob.AccountName, out var known) && known.SignedExpiresOn > until + KeyReserve / 24)
        {
            return known;
        }

        await renewing.WaitAsync(cancellationToken);
        try
        {
            if (delegationKeys.TryGetValue(blob.AccountName, out var renewed) && renewed.SignedExpiresOn > until + KeyReserve / 24)
            {
                return renewed;
            }

            // Begins a little in the past, because clocks differ.
            var now = time.GetUtcNow();
            var end = until + KeyReserve > now + KeyLifetime ? until + KeyReserve : now + KeyLifetime;
            var account = blob.GetParentBlobContainerClient().GetParentBlobServiceClient();
            return delegationKeys[blob.AccountName] = await account.GetUserDelegationKeyAsync(now.AddMinutes(-15), end, cancellationToken);
        }
        finally
        {
            renewing.Release();
        }
    }
}
