using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Vox.Platform.Caching;

namespace Vox.Platform.Security;

/// <summary>
/// Remembers for some minutes which passwords were verified, because every REST call carries one. The cache key is a MAC over the user,
/// the version of their row and the password, with a secret of this process. A memory dump of this cache alone does not reveal a
/// password, and after any change of the row the entry no longer matches.
/// </summary>
public sealed class VerifiedCredentials(IOptions<SecurityOptions> options, TimeProvider time)
{
    private readonly byte[] secret = RandomNumberGenerator.GetBytes(32);
    private readonly ExpiringCache<string, bool> cache = new(50_000, options.Value.CredentialCache, time);

    public bool Contains(string userKey, string version, string password) => cache.TryGet(Mac(userKey, version, password), out _);

    public void Add(string userKey, string version, string password) => cache.Set(Mac(userKey, version, password), true);

    private string Mac(string userKey, string version, string password)
    {
        // The first two cannot contain newlines.
        var text = Encoding.UTF8.GetBytes($"{userKey}\n{version}\n{password}");
        return Convert.ToBase64String(HMACSHA256.HashData(secret, text));
    }
}
