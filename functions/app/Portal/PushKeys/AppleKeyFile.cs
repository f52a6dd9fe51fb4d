using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Accounts;

namespace Vox.Portal.PushKeys;

/// <summary>A file that Apple gives developers for push messages, read and checked.</summary>
/// <param name="Secret">What is stored: a .p12 without a password, or the key of the .p8 as PKCS#8.</param>
internal sealed record AppleKeyFile(
    string Kind, string? Subject, string BundleId, string? KeyId, string? TeamId, string? Environment, DateTimeOffset? ExpiresAt,
    string Fingerprint, byte[] Secret)
{
    private const string UserId = "0.9.2342.19200300.100.1.1";
    private const string Unit = "2.5.4.11";

    // Apple uses its own extensions to mark what a certificate is for.
    private const string Development = "1.2.840.113635.100.6.3.1";
    private const string Production = "1.2.840.113635.100.6.3.2";
    private const string Topics = "1.2.840.113635.100.6.3.6";

    /// <summary>ERROR_INVALID_PASSWORD: the loader says this on every system.</summary>
    private const int WrongPassword = unchecked((int)0x80070056);

    /// <exception cref="VoxException">
    /// invalid_certificate, wrong_file_password, certificate_expired, not_for_push, missing_field, invalid_field
    /// </exception>
    public static AppleKeyFile Read(byte[] file, IosPushKeyRequest request, DateTimeOffset now) =>
        file.AsSpan().TrimStart("\uFEFF \r\n\t"u8).StartsWith("-----BEGIN"u8)
            ? ReadKey(file, request)
            : ReadCertificate(file, request.Password, now);

    private static AppleKeyFile ReadCertificate(byte[] file, string? password, DateTimeOffset now)
    {
        using var certificate = Load(file, password);
        if (!certificate.HasPrivateKey)
        {
            throw new VoxException(
                Errors.InvalidCertificate,
                "The file has no private key: export the certificate together with its key from the keychain as .p12.", "file");
        }

        var development = Has(certificate, Development) || Has(certificate, Topics);
        var production = Has(certificate, Production) || Has(certificate, Topics);
        var bundle = Part(certificate, UserId);
        if ((!development && !production) || bundle is null)
        {
            throw new VoxException(
                Errors.NotForPush,
                "This is no certificate for push messages: make one of the kind “Apple Push Notification service” for your app.", "file");
        }

        var expires = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
        if (expires <= now)
        {
            throw new VoxException(
                Errors.CertificateExpired, $"The certificate expired on {expires:yyyy-MM-dd}: make a new one and upload that.", "file");
        }

        return new AppleKeyFile(
            "p12", certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false), bundle, null, Part(certificate, Unit),
            development && production ? "both" : production ? "production" : "development", expires, Fingerprinted(certificate.RawData),
            certificate.Export(X509ContentType.Pkcs12));
    }

    private static X509Certificate2 Load(byte[] file, string? password)
    {
        // In memory only, where the system can do that. The default limits of the loader refuse files that are made to keep it busy.
        var flags = X509KeyStorageFlags.Exportable
            | (OperatingSystem.IsMacOS() ? X509KeyStorageFlags.DefaultKeySet : X509KeyStorageFlags.EphemeralKeySet);
        try
        {
            return X509CertificateLoader.LoadPkcs12(file, password, flags);
        }
        catch (CryptographicException e) when (e.HResult == WrongPassword)
        {
            throw new VoxException(
                Errors.WrongFilePassword,
                string.IsNullOrEmpty(password)
                    ? "The file has a password: enter the one that was chosen at its export."
                    : "The password is not that of the file.",
                "password", e);
        }
        catch (CryptographicException e)
        {
            throw new VoxException(
                Errors.InvalidCertificate, "The file is neither a .p12 nor a .p8, or it is damaged: export or download it again.", "file",
                e);
        }
    }

    private static AppleKeyFile ReadKey(byte[] file, IosPushKeyRequest request)
    {
        var keyId = Id(request.KeyId, "keyId");
        var teamId = Id(request.TeamId, "teamId");
        var bundle = DeveloperInput.Text(request.BundleId, "bundleId", 155);
        if (!bundle.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-') || !bundle.Contains('.', StringComparison.Ordinal))
        {
            throw new VoxException(Errors.InvalidField, "bundleId must be the id of your app, such as com.example.shop.", "bundleId");
        }

        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(Encoding.UTF8.GetString(file));
            // Apple's keys are of this curve only. Exporting the private parameters fails for a file with only a public key.
            var curve = key.ExportParameters(includePrivateParameters: true).Curve.Oid;
            if (curve.Value != ECCurve.NamedCurves.nistP256.Oid.Value && curve.FriendlyName is not ("nistP256" or "ECDSA_P256"))
            {
                throw new VoxException(
                    Errors.NotForPush, "This is no key for push messages: those of Apple are of the curve P-256.", "file");
            }

            return new AppleKeyFile(
                "p8", null, bundle, keyId, teamId, null, null, Fingerprinted(key.ExportSubjectPublicKeyInfo()),
                key.ExportPkcs8PrivateKey());
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new VoxException(
                Errors.InvalidCertificate,
                "The file holds no private key that can be read: download the .p8 again, or make a new one, and upload it as it is.",
                "file", e);
        }
    }

    private static string Id(string? text, string field) =>
        DeveloperInput.Text(text, field, 10) is { Length: 10 } id && id.All(char.IsAsciiLetterOrDigit)
            ? id
            : throw new VoxException(Errors.InvalidField, $"{field} must be ten letters and digits, as Apple's site shows it.", field);

    private static bool Has(X509Certificate2 certificate, string extension) =>
        certificate.Extensions.Any(e => e.Oid?.Value == extension);

    private static string? Part(X509Certificate2 certificate, string type) =>
        certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .FirstOrDefault(part => !part.HasMultipleElements && part.GetSingleElementType().Value == type)?.GetSingleElementValue();

    internal static string Fingerprinted(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes)[..8]);
}
