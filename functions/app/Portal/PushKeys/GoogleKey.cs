using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Accounts;

namespace Vox.Portal.PushKeys;

/// <summary>A key for Firebase Cloud Messaging, read and checked.</summary>
internal sealed record GoogleKey(
    string Kind, string? FirebaseProject, string? ClientEmail, string? KeyId, string Fingerprint, byte[] Secret)
{
    private const int MaxAccountBytes = 16 * 1024;

    /// <exception cref="VoxException">missing_field, invalid_field, file_too_large, invalid_certificate</exception>
    public static GoogleKey Read(AndroidPushKeyRequest request) => (request.ServiceAccount, request.ServerKey) switch
    {
        ({ Length: > 0 } account, null or "") => ReadAccount(account),
        (null or "", { Length: > 0 } key) => ReadServerKey(key),
        (null or "", null or "") => throw new VoxException(
            Errors.MissingField, "serviceAccount is missing: choose the JSON file of the service account.", "serviceAccount"),
        _ => throw new VoxException(Errors.InvalidField, "Give either serviceAccount or serverKey, not both.", "serverKey"),
    };

    private static GoogleKey ReadAccount(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > MaxAccountBytes)
        {
            throw new VoxException(
                Errors.FileTooLarge, $"The file is larger than {MaxAccountBytes:N0} bytes: that of a service account has about 2,400.",
                "serviceAccount");
        }

        try
        {
            using var json = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 4 });
            if (Field("type") != "service_account")
            {
                throw new VoxException(
                    Errors.NotForPush,
                    "This is not the key of a service account: make one in the Firebase console under Project settings, Service accounts.",
                    "serviceAccount");
            }

            using var key = RSA.Create();
            key.ImportFromPem(Field("private_key"));
            // Fails for a file with only a public key, which the import accepts.
            key.ExportPkcs8PrivateKey();
            return new GoogleKey(
                "service_account", Name("project_id"), Name("client_email"), Name("private_key_id"),
                AppleKeyFile.Fingerprinted(key.ExportSubjectPublicKeyInfo()), bytes);

            string Name(string name) => DeveloperInput.Text(Field(name), name, 254);

            string Field(string name) =>
                json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var value)
                    && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        }
        catch (Exception e) when (e is JsonException or CryptographicException or ArgumentException)
        {
            throw new VoxException(
                Errors.InvalidCertificate,
                "The file is not the JSON file of a service account, or it is damaged: download it again and upload it as it is.",
                "serviceAccount", e);
        }
    }

    private static GoogleKey ReadServerKey(string text)
    {
        var key = DeveloperInput.Text(text, "serverKey", 300);
        return key.Length >= 30 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ':')
            ? new GoogleKey(
                "server_key", null, null, null, AppleKeyFile.Fingerprinted(Encoding.ASCII.GetBytes(key)), Encoding.ASCII.GetBytes(key))
            : throw new VoxException(
                Errors.InvalidField, "serverKey is not a server key: copy it from the Firebase console, all of it.", "serverKey");
    }
}
