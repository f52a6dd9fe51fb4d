using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Vox.Platform.Caching;

namespace Vox.Platform.Security;

/// <summary>
/// Remembers which passwords were verified, because every REST call carries one: for some minutes after the last use instead of a hash,
/// and for a day as a sign that the caller does not guess. The cache key is a MAC over the user, the version of their row and the
/// password, with a secret of this process. A memory dump of this cache alone does not reveal a password, and after any change of the
/// row the entry no longer matches.
/// </summary>
public sealed class VerifiedCredentials(IOptions<SecurityOptions> options, TimeProvider time)
{
    private readonly byte[] secret = RandomNumberGenerator.GetBytes(32);
    private readonly ExpiringCache<string, long> cache = new(50_000, TimeSpan.FromDays(1), time);

    /// <summary>Whether these were right a moment ago, so that they need not be hashed.</summary>
    public bool Contains(string userKey, string version, string password)
    {
        var key = Mac(userKey, version, password);
        if (!cache.TryGet(key, out var used) || time.GetElapsedTime(used) >= options.Value.CredentialCache)
        {
            return false;
        }

        // Whoever uses them all the time never waits for a hash. A change of the user ends it, as the version is another one.
        cache.Set(key, time.GetTimestamp());
        return true;
    }

    /// <summary>Whether these were right within the last day. They have to be hashed, but they are no guess.</summary>
    public bool WereRight(string userKey, string version, string password) => cache.TryGet(Mac(userKey, version, password), out _);

    public void Add(string userKey, string version, string password) => cache.Set(Mac(userKey, version, password), time.GetTimestamp());

    private string Mac(string userKey, string version, string password)
    {
        // The first two cannot contain newlines.
        var text = Encoding.UTF8.GetBytes($"{userKey}\n{version}\n{password}");
        return Convert.ToBase64String(HMACSHA256.HashData(secret, text));
    }
}
