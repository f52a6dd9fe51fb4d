using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Vox.Platform.Caching;

namespace Vox.Platform.Security;

/// <summary>
/// Remembers for minutes which passwords were verified, because REST calls carry one each time. The key is a MAC, with a secret of
/// this process, over the user row's version and the password: neither can be read from memory dumps of this cache alone, and with
/// any change of the row the entry matches no more.
/// </summary>
public sealed class VerifiedCredentials(IOptions<SecurityOptions> options, TimeProvider time)
{
    private readonly byte[] secret = RandomNumberGenerator.GetBytes(32);
    private readonly ExpiringCache<string, bool> cache = new(50_000, options.Value.CredentialCache, time);

    public bool Contains(string userKey, string version, string password) => cache.TryGet(Mac(userKey, version, password), out _);

    public void Add(string userKey, string version, string password) => cache.Set(Mac(userKey, version, password), true);

    private string Mac(string userKey, string version, string password)
    {
        // Newlines cannot occur in the first two.
        var text = Encoding.UTF8.GetBytes($"{userKey}\n{version}\n{password}");
        return Convert.ToBase64String(HMACSHA256.HashData(secret, text));
    }
}
