using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace Vox.Platform.Security;

/// <summary>Encrypts a data protection key (AES-256-GCM) with a new key for each, which Key Vault wraps.</summary>
internal sealed class KeyVaultXmlEncryptor(KeyVault vault) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var key = RandomNumberGenerator.GetBytes(32);
        var (keyId, wrapped) = vault.Wrap(key);
        var text = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var nonce = RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize);
        var cipher = new byte[text.Length];
        var tag = new byte[AesGcm.TagByteSizes.MaxSize];
        using (var aes = new AesGcm(key, tag.Length))
        {
            aes.Encrypt(nonce, text, cipher, tag);
        }

        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(text);
        return new EncryptedXmlInfo(
            new XElement(
                "keyVaultKey", new XAttribute("id", keyId), Part("wrapped", wrapped), Part("nonce", nonce), Part("cipher", cipher),
                Part("tag", tag)),
            typeof(KeyVaultXmlDecryptor));

        static XElement Part(string name, byte[] bytes) => new(name, Convert.ToBase64String(bytes));
    }
}

/// <summary>Created by data protection, from the type name that it stores with what <see cref="KeyVaultXmlEncryptor"/> encrypted.</summary>
internal sealed class KeyVaultXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var key = services.GetRequiredService<KeyVault>().Unwrap((string)encryptedElement.Attribute("id")!, Part("wrapped"));
        var cipher = Part("cipher");
        var tag = Part("tag");
        var text = new byte[cipher.Length];
        using (var aes = new AesGcm(key, tag.Length))
        {
            aes.Decrypt(Part("nonce"), cipher, tag, text);
        }

        CryptographicOperations.ZeroMemory(key);
        return XElement.Parse(Encoding.UTF8.GetString(text));

        byte[] Part(string name) => Convert.FromBase64String((string)encryptedElement.Element(name)!);
    }
}
