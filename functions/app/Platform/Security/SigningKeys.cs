using System.Security.Cryptography;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Vox.Platform.Storage;

namespace Vox.Platform.Security;

/// <summary>
/// The keys that sign access tokens: the configured one, or keys in table <c>keys</c>, generated when they are first needed. All
/// processes accept every key that is young enough, and sign with the newest.
/// </summary>
public sealed class SigningKeys(StorageClients storage, IOptions<SigningKeyOptions> options, TimeProvider time)
{
    private const string Partition = "signing";
    private static readonly TimeSpan Renewal = TimeSpan.FromDays(60);
    private static readonly TimeSpan Acceptance = TimeSpan.FromDays(90);
    private static readonly TimeSpan Reload = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan MinReload = TimeSpan.FromSeconds(5);

    private readonly Table table = storage.Table("keys");
    private readonly SemaphoreSlim loading = new(1);
    private volatile Loaded? loaded;

    public async ValueTask<SymmetricSecurityKey> CurrentAsync(CancellationToken cancellationToken) =>
        (await LoadAsync(Reload, cancellationToken)).Current;

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
        var rows = await table.QueryAsync($"PartitionKey eq {Partition}", 1_000, cancellationToken);
        var keys = rows
            .Where(row => now - row.GetDateTimeOffset("CreatedAt") < Acceptance)
            .OrderByDescending(row => row.GetDateTimeOffset("CreatedAt"))
            .ToList();
        if (keys is not [var newest, ..] || now - newest.GetDateTimeOffset("CreatedAt") > Renewal)
        {
            // Two processes may create a key at the same moment. Then there are two, and both are valid.
            var row = new TableEntity(Partition, Convert.ToHexString(RandomNumberGenerator.GetBytes(8)))
            {
                ["Key"] = RandomNumberGenerator.GetBytes(32),
                ["CreatedAt"] = now,
            };
            await table.UpsertAsync(row, cancellationToken);
            keys.Insert(0, row);
        }

        return Of(keys.ConvertAll(row => new SymmetricSecurityKey(row.GetBinary("Key")) { KeyId = row.RowKey }));
    }

    private Loaded Of(IReadOnlyList<SymmetricSecurityKey> keys) =>
        new(keys[0], keys.ToDictionary(key => key.KeyId, StringComparer.Ordinal), time.GetTimestamp());

    private sealed record Loaded(SymmetricSecurityKey Current, IReadOnlyDictionary<string, SymmetricSecurityKey> ById, long At);
}
