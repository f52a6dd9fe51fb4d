using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Azure.Data.Tables;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Vox.Storage;

namespace Vox.Security;

/// <summary>
/// Encrypts secrets that have to be read back (authenticator secrets, push certificates) with ASP.NET Core's data protection; its keys
/// stand in table <c>keys</c>. Set up on first use: the registration in the app's own services would read the keys at every start.
/// </summary>
public sealed class SecretProtector(StorageClients storage)
{
    private readonly Lazy<IDataProtectionProvider> provider = new(() =>
    {
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("vox");
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = new KeyRepository(storage.Table("keys")));
        return services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>();
    });

    /// <param name="purpose">What for, and whose: a text protected for one purpose cannot be read for another.</param>
    public string Protect(string purpose, ReadOnlySpan<byte> secret) =>
        Convert.ToBase64String(provider.Value.CreateProtector(purpose).Protect(secret.ToArray()));

    /// <exception cref="CryptographicException">Not made by <see cref="Protect"/> for this purpose, or its key is gone.</exception>
    public byte[] Unprotect(string purpose, string text) =>
        provider.Value.CreateProtector(purpose).Unprotect(Convert.FromBase64String(text));

    /// <summary>The interface is synchronous; it is called once a day at most.</summary>
    private sealed class KeyRepository(Table table) : IXmlRepository
    {
        private const string Partition = "dataprotection";

        public IReadOnlyCollection<XElement> GetAllElements() =>
            [.. table.QueryAsync($"PartitionKey eq {Partition}", 1_000, CancellationToken.None).GetAwaiter().GetResult()
                .Select(row => XElement.Parse(row.GetString("Xml")))];

        public void StoreElement(XElement element, string friendlyName) =>
            table.UpsertAsync(
                new TableEntity(Partition, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(friendlyName))[..16]))
                {
                    ["Xml"] = element.ToString(SaveOptions.DisableFormatting),
                },
                CancellationToken.None).GetAwaiter().GetResult();
    }
}
