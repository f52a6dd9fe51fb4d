using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Vox.Portal.Accounts;

/// <summary>Random texts for cookies, links and codes. Only hashes of them are stored.</summary>
internal static class Secrets
{
    /// <summary>256 random bits as 43 characters.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static string NewCode() =>
        RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary><c>k7m2p-q9xwd</c>: without letters and digits that look alike.</summary>
    public static string NewRecoveryCode()
    {
        var text = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 10);
        return text[..5] + "-" + text[5..];
    }

    public static string Hash(string secret) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public static bool AreEqual(string a, string b) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));
}
