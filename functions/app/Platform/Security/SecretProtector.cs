using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Vox.Platform.Storage;

namespace Vox.Platform.Security;

/// <summary>
/// Encrypts secrets that have to be read back (authenticator secrets, push keys) with ASP.NET Core's data protection. Its keys are in
/// blobs, wrapped by a Key Vault key where one is configured. It is set up on first use: registered in the app's own services, data
/// protection would read the keys at every start.
/// </summary>
public sealed class SecretProtector(StorageClients storage, KeyVault vault)
{
    private readonly Lazy<IDataProtectionProvider> provider = new(() =>
    {
        var services = new ServiceCollection();
        services.AddSingleton(vault);
        services.AddDataProtection().SetApplicationName("vox");
        services.Configure<KeyManagementOptions>(options =>
        {
            options.XmlRepository = new KeyBlobs(storage.Container("keys"));
            options.XmlEncryptor = vault.IsConfigured ? new KeyVaultXmlEncryptor(vault) : null;
        });
        return services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>();
    });

    /// <param name="purpose">What the secret is for, and whose it is: text protected for one purpose cannot be read for another.</param>
    public string Protect(string purpose, ReadOnlySpan<byte> secret) =>
        Convert.ToBase64String(provider.Value.CreateProtector(purpose).Protect(secret.ToArray()));

    /// <exception cref="CryptographicException">Not made by <see cref="Protect"/> for this purpose, or its key is gone.</exception>
    public byte[] Unprotect(string purpose, string text) =>
        provider.Value.CreateProtector(purpose).Unprotect(Convert.FromBase64String(text));
}
