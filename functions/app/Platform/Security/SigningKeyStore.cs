using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Vox.Platform.Storage;

namespace Vox.Platform.Security;

/// <summary>A key that signs access tokens.</summary>
internal sealed record SigningKey(string Id, byte[] Key, DateTimeOffset CreatedAt);

/// <summary>
/// The keys that sign access tokens, in table <c>keys</c>. Where a Key Vault key is configured, it wraps them: whoever can only read the
/// table can sign nothing.
/// </summary>
public sealed partial class SigningKeyStore(StorageClients storage, KeyVault vault, ILogger<SigningKeyStore> logger)
{
    private const string Clear = "signing";

    // Apart from the others: an earlier version of the app, which runs during an update or after a rollback, must not find rows that it
    // cannot read.
    private const string Wrapped = "signing.wrapped";

    private readonly Table table = storage.Table("keys");

    // Opened keys by id. The vault is asked once for each key, not with every look into the table.
    private readonly Dictionary<string, byte[]> opened = new(StringComparer.Ordinal);
    private bool triedToWrap;

    /// <summary>The keys that are young enough. The first call also wraps keys that lie there in clear.</summary>
    /// <exception cref="RequestFailedException">The vault did not open a key.</exception>
    internal async Task<List<SigningKey>> ReadAsync(DateTimeOffset after, CancellationToken cancellationToken)
    {
        var keys = new Dictionary<string, SigningKey>(StringComparer.Ordinal);
        var wrap = vault.IsConfigured && !triedToWrap;
        triedToWrap = true;
        foreach (var row in await table.QueryAsync($"PartitionKey ge {Clear} and PartitionKey le {Wrapped}", 1_000, cancellationToken))
        {
            if (row.GetDateTimeOffset("CreatedAt") is not { } created || created <= after
                || await OpenAsync(row, cancellationToken) is not { } bytes)
            {
                continue;
            }

            var key = keys[row.RowKey] = new SigningKey(row.RowKey, bytes, created);
            if (wrap && row.PartitionKey == Clear)
            {
                await WrapAsync(key, cancellationToken);
            }
        }

        return [.. keys.Values];
    }

    /// <summary>Makes a new key and stores it. It is never stored in clear where it could be wrapped.</summary>
    /// <exception cref="RequestFailedException">The vault did not wrap the key.</exception>
    internal async Task<SigningKey> AddAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Two processes may create a key at the same moment. Then there are two, and both are valid.
        var key = new SigningKey(
            Convert.ToHexString(RandomNumberGenerator.GetBytes(8)), RandomNumberGenerator.GetBytes(32), now);
        var row = vault.IsConfigured
            ? await WrappedRowAsync(key, cancellationToken)
            : new TableEntity(Clear, key.Id) { ["Key"] = key.Key, ["CreatedAt"] = key.CreatedAt };
        await table.UpsertAsync(row, cancellationToken);
        return key;
    }

    private async Task<byte[]?> OpenAsync(TableEntity row, CancellationToken cancellationToken)
    {
        if (row.PartitionKey == Clear)
        {
            return row.GetBinary("Key");
        }

        if (opened.TryGetValue(row.RowKey, out var known))
        {
            return known;
        }

        try
        {
            // The vault's client is synchronous, and this happens once for each key and process.
            return opened[row.RowKey] = await Task.Run(
                () => vault.Unwrap(row.GetString("WrappedBy"), row.GetBinary("Wrapped")), cancellationToken);
        }
        catch (Exception e) when (e is InvalidOperationException or RequestFailedException { Status: 400 or 404 })
        {
            // Not by our vault's key, or that is gone: no token of this key can be checked any more. Clients refresh, and get another.
            NotOpened(e, row.RowKey);
            return null;
        }
    }

    private async Task WrapAsync(SigningKey key, CancellationToken cancellationToken)
    {
        try
        {
            // First the new row: if this process ends in between, there are two of the same key. Another process may do the same.
            await table.UpsertAsync(await WrappedRowAsync(key, cancellationToken), cancellationToken);
            await table.DeleteAsync(Clear, key.Id, cancellationToken);
        }
        catch (Exception e) when (StorageFailure.IsAny(e) || StorageFailure.IsUnavailable(e))
        {
            NotWrapped(e, key.Id);
        }
    }

    private async Task<TableEntity> WrappedRowAsync(SigningKey key, CancellationToken cancellationToken)
    {
        var (vaultKey, wrapped) = await Task.Run(() => vault.Wrap(key.Key), cancellationToken);
        opened[key.Id] = key.Key;
        return new TableEntity(Wrapped, key.Id) { ["WrappedBy"] = vaultKey, ["Wrapped"] = wrapped, ["CreatedAt"] = key.CreatedAt };
    }

    [LoggerMessage(7000, LogLevel.Error, "The signing key {Key} cannot be opened: another vault's key has wrapped it, or that key is gone")]
    private partial void NotOpened(Exception exception, string key);

    [LoggerMessage(
        7001, LogLevel.Warning,
        "The signing key {Key} stays in storage in clear, because Key Vault did not wrap it: the next start tries again")]
    private partial void NotWrapped(Exception exception, string key);
}
