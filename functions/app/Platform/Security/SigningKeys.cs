using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Vox.Platform.Storage;

namespace Vox.Platform.Security;

/// <summary>
/// The keys that sign access tokens: the configured one, or keys in table <c>keys</c>, generated when they are first needed. All
/// processes accept every key that is young enough, and sign with the newest.
/// </summary>
public sealed partial class SigningKeys(
    SigningKeyStore store, IOptions<SigningKeyOptions> options, TimeProvider time, ILogger<SigningKeys> logger)
{
    private static readonly TimeSpan Renewal = TimeSpan.FromDays(60);
    private static readonly TimeSpan Acceptance = TimeSpan.FromDays(90);
    private static readonly TimeSpan Reload = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan MinReload = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim loading = new(1);
    private volatile Loaded? loaded;

    public async ValueTask<SymmetricSecurityKey> CurrentAsync(CancellationToken cancellationToken) =>
        (await LoadAsync(Reload, cancellationToken)).Current;

    /// <summary>
    /// The current key as this process last loaded it, for what is not worth a request. Null while it has not loaded any.
    /// </summary>
    public SymmetricSecurityKey? KnownCurrent => loaded?.Current;

    /// <returns>Null for a key that this process has not loaded: it does not look for it.</returns>
    public SymmetricSecurityKey? FindKnown(string keyId) => loaded?.ById.GetValueOrDefault(keyId);

    /// <returns>Null for a key id that nobody knows.</returns>
    public async ValueTask<SymmetricSecurityKey?> FindAsync(string? keyId, CancellationToken cancellationToken)
    {
        if (keyId is not { Length: > 0 })
        {
            return null;
        }

        var keys = await LoadAsync(Reload, cancellationToken);
        if (!keys.ById.TryGetValue(keyId, out var key))
        {
            // Another process may have begun to sign with a new key. Guessed ids make us look every few seconds at most.
            keys = await LoadAsync(MinReload, cancellationToken);
            key = keys.ById.GetValueOrDefault(keyId);
        }

        return key;
    }

    private async ValueTask<Loaded> LoadAsync(TimeSpan freshness, CancellationToken cancellationToken)
    {
        if (loaded is { } now && time.GetElapsedTime(now.At) < freshness)
        {
            return now;
        }

        await loading.WaitAsync(cancellationToken);
        try
        {
            if (loaded is { } meanwhile && time.GetElapsedTime(meanwhile.At) < freshness)
            {
                return meanwhile;
            }

            loaded = options.Value.SigningKey is { Length: > 0 } configured
                ? Of([new SymmetricSecurityKey(Convert.FromBase64String(configured)) { KeyId = "configured" }])
                : await FromStorageAsync(cancellationToken);
            return loaded;
        }
        finally
        {
            loading.Release();
        }
    }

    private async Task<Loaded> FromStorageAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var keys = await store.ReadAsync(now - Acceptance, cancellationToken);
        if (keys.Count == 0 || now - keys.Max(key => key.CreatedAt) > Renewal)
        {
            try
            {
                keys.Add(await store.AddAsync(now, cancellationToken));
            }
            catch (Exception e) when (keys.Count > 0 && (StorageFailure.IsAny(e) || StorageFailure.IsUnavailable(e)))
            {
                // The old key is good for another month. A vault that is silent today must not keep anybody from logging in.
                NotRenewed(e);
            }
        }

        return Of(keys.OrderByDescending(key => key.CreatedAt)
            .Select(key => new SymmetricSecurityKey(key.Key) { KeyId = key.Id }).ToList());
    }

    private Loaded Of(IReadOnlyList<SymmetricSecurityKey> keys) =>
        new(keys[0], keys.ToDictionary(key => key.KeyId, StringComparer.Ordinal), time.GetTimestamp());

    private sealed record Loaded(SymmetricSecurityKey Current, IReadOnlyDictionary<string, SymmetricSecurityKey> ById, long At);

    [LoggerMessage(7002, LogLevel.Warning, "There is no new signing key yet: the old one is used, and the next look tries again")]
    private partial void NotRenewed(Exception exception);
}
