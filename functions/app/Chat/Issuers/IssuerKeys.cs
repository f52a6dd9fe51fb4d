using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using Vox.Platform.Caching;
using Vox.Platform.Outbound;

namespace Vox.Chat.Issuers;

/// <summary>
/// The public keys of issuers. Those at an address are fetched when they are first needed and then every ten minutes; a key that is not
/// among them is looked for once more, at most every half minute, because issuers change their keys. While the address does not answer,
/// the keys of before stay good for a day.
/// </summary>
public sealed partial class IssuerKeys(OutboundGuard outbound, TimeProvider time, ILogger<IssuerKeys> logger)
{
    private const int MaxBytes = 256 * 1024;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AtMost = TimeSpan.FromDays(1);

    private readonly ExpiringCache<string, Fetched> known = new(10_000, AtMost, time);
    private readonly ConcurrentDictionary<string, Lazy<Task<Fetched>>> underWay = new(StringComparer.Ordinal);

    /// <param name="keyId">The token's <c>kid</c>; null when it has none.</param>
    public async ValueTask<IReadOnlyList<SecurityKey>> OfAsync(TokenIssuer issuer, string? keyId, CancellationToken cancellationToken)
    {
        if (issuer.PublicKey is { } pem)
        {
            return PublicKeys.FromPem(pem) is { } key ? [key] : [];
        }

        var now = time.GetUtcNow();
        var found = known.TryGet(issuer.JwksUri!, out var fetched) ? fetched : null;
        var wanted = found is null || found.Keys.Count == 0 || now - found.At > Fresh
            || (keyId is not null && !found.Keys.Any(key => key.KeyId == keyId));
        if (wanted && !(now - found?.TriedAt < AtLeast))
        {
            found = await FetchAsync(issuer.JwksUri!, found).WaitAsync(cancellationToken);
        }

        return [.. found!.Keys.Where(key => keyId is null || key.KeyId == keyId)];
    }

    /// <summary>Once for all who wait.</summary>
    private async Task<Fetched> FetchAsync(string address, Fetched? before)
    {
        var fetching = underWay.GetOrAdd(address, _ => new(() => FetchNowAsync(address, before)));
        try
        {
            return await fetching.Value;
        }
        finally
        {
            underWay.TryRemove(KeyValuePair.Create(address, fetching));
        }
    }

    private async Task<Fetched> FetchNowAsync(string address, Fetched? before)
    {
        var now = time.GetUtcNow();
        IReadOnlyList<SecurityKey> keys = [];
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.ParseAdd("application/json");
            var answer = await outbound.SendAsync(request, MaxBytes, CancellationToken.None);
            keys = answer is { Status: 200, IsWhole: true } ? PublicKeys.FromJwks(Encoding.UTF8.GetString(answer.Body.Span)) : [];
            if (keys.Count == 0)
            {
                NoKeys(address, answer.Status);
            }
        }
        catch (OutboundException e)
        {
            NotFetched(e, address);
        }

        var fetched = keys.Count > 0 ? new Fetched(keys, now, now)
            : before is not null && now - before.At < AtMost ? before with { TriedAt = now }
            : new Fetched([], now, now);
        known.Set(address, fetched);
        return fetched;
    }

    /// <param name="At">When they were fetched.</param>
    /// <param name="TriedAt">When they were last asked for.</param>
    private sealed record Fetched(IReadOnlyList<SecurityKey> Keys, DateTimeOffset At, DateTimeOffset TriedAt);

    [LoggerMessage(6403, LogLevel.Warning, "The public keys at {Address} could not be fetched: tokens of their issuer may be refused")]
    private partial void NotFetched(Exception exception, string address);

    [LoggerMessage(6404, LogLevel.Warning, "There are no public keys for RS256 or ES256 at {Address}: it answered {Status}")]
    private partial void NoKeys(string address, int status);
}
