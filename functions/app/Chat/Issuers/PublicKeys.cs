using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Vox.Chat.Issuers;

/// <summary>Keys that can check a signature with RS256 or ES256, and nothing else.</summary>
internal static class PublicKeys
{
    private const int MinRsaBits = 2_048;

    /// <returns>Null for a text that is no such key, also for a private key.</returns>
    public static SecurityKey? FromPem(string pem)
    {
        try
        {
            if (pem.Contains("PRIVATE", StringComparison.Ordinal))
            {
                return null;
            }

            using var rsa = TryRsa(pem);
            if (rsa is not null)
            {
                return rsa.KeySize >= MinRsaBits ? new RsaSecurityKey(rsa.ExportParameters(false)) : null;
            }

            using var ec = ECDsa.Create();
            ec.ImportFromPem(pem);
            return ec.KeySize == 256
                ? new ECDsaSecurityKey(ECDsa.Create(ec.ExportParameters(false)))
                : null;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The keys of a JWKS (RFC 7517) that are of these kinds. Secret ones (<c>oct</c>) must never check a token.</summary>
    public static IReadOnlyList<SecurityKey> FromJwks(string json)
    {
        try
        {
            return
            [
                .. new JsonWebKeySet(json).Keys.Where(IsUsable),
            ];
        }
        catch (Exception e) when (e is ArgumentException or JsonException)
        {
            return [];
        }
    }

    private static bool IsUsable(JsonWebKey key)
    {
        try
        {
            return key.Use is null or "" or "sig" && (IsRsa(key) || IsP256(key));
        }
        catch (FormatException)
        {
            // Its numbers are not base64url. The other keys of the set may be good.
            return false;
        }
    }

    private static bool IsRsa(JsonWebKey key) =>
        key.Kty == JsonWebAlgorithmsKeyTypes.RSA && key is { N.Length: > 0, E.Length: > 0 } && key.KeySize >= MinRsaBits;

    private static bool IsP256(JsonWebKey key) =>
        key is { Kty: JsonWebAlgorithmsKeyTypes.EllipticCurve, Crv: "P-256", X.Length: > 0, Y.Length: > 0 };

    private static RSA? TryRsa(string pem)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return rsa;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            rsa.Dispose();
            return null;
        }
    }
}
