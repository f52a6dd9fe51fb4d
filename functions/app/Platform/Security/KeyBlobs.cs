using System.Xml.Linq;
using Azure;
using Azure.Storage.Blobs.Models;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Vox.Platform.Storage;

namespace Vox.Platform.Security;

/// <summary>
/// The data protection keys, in container <c>keys</c>, one blob each. A blob is written only once, on the condition that it does not
/// exist: processes that create keys at the same moment cannot overwrite each other's, as they could in one shared blob.
/// </summary>
/// <remarks>The interface is synchronous. It is called at most once a day.</remarks>
internal sealed class KeyBlobs(BlobContainer container) : IXmlRepository
{
    private const string Folder = "dataprotection/";

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        var client = container.ReadyAsync(Folder, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return [.. client.GetBlobs(BlobTraits.None, BlobStates.None, Folder, CancellationToken.None)
            .Select(blob => XElement.Parse(client.GetBlobClient(blob.Name).DownloadContent().Value.Content.ToString()))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        var client = container.ReadyAsync(Folder, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        var blob = client.GetBlobClient($"{Folder}{KeyText.Encode(friendlyName)}.xml");
        var text = element.ToString(SaveOptions.DisableFormatting);
        try
        {
            blob.Upload(
                BinaryData.FromString(text),
                new BlobUploadOptions
                {
                    Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                    HttpHeaders = new BlobHttpHeaders { ContentType = "application/xml" }
                });
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412 && blob.DownloadContent().Value.Content.ToString() == text)
        {
            // A retry inside the storage client found what its own first attempt had written.
        }
    }
}
