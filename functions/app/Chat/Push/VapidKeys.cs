using System.Buffers.Text;
using System.Security.Cryptography;
using Lib.Net.Http.WebPush.Authentication;
using Microsoft.Extensions.Options;
using Vox.Platform.Caching;

namespace Vox.Chat.Push;

/// <summary>
/// The keys with which a project proves itself to the push services of browsers (RFC 8292), made when somebody first asks for them. A
/// browser's subscription is bound to the public key, so they are kept for ever.
/// </summary>
public sealed class VapidKeys(VapidKeyStore store, IOptions<PushOptions> options, TimeProvider time)
{
    private readonly ExpiringCache<string, VapidAuthentication> known = new(10_000, TimeSpan.FromHours(1), time);

    /// <returns>An uncompressed point, base64url: the <c>applicationServerKey</c> of a subscription.</returns>
    public async Task<string> PublicKeyAsync(string projectId, CancellationToken cancellationToken) =>
        (await GetAsync(projectId, cancellationToken)).PublicKey;

    internal async ValueTask<VapidAuthentication> GetAsync(string projectId, CancellationToken cancellationToken)
    {
        if (known.TryGet(projectId, out var cached))
        {
            return cached;
        }

        if (await store.FindAsync(projectId, cancellationToken) is not { } found)
        {
            await MakeAsync(projectId, cancellationToken);
            found = await store.FindAsync(projectId, cancellationToken)
                ?? throw new InvalidOperationException("The project is being removed.");
        }

        var keys = new VapidAuthentication(found.Public, Base64Url.EncodeToString(found.Private))
        {
            Subject = options.Value.Contact,
            // Services refuse what is good for more than a day.
            Expiration = (int)TimeSpan.FromHours(12).TotalSeconds,
        };
        known.Set(projectId, keys);
        return keys;
    }

    private async Task MakeAsync(string projectId, CancellationToken cancellationToken)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var made = key.ExportParameters(includePrivateParameters: true);
        await store.AddAsync(projectId, Base64Url.EncodeToString([4, .. made.Q.X!, .. made.Q.Y!]), made.D!, cancellationToken);
    }
}
