using Azure;
using Azure.Data.Tables;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Portal.Accounts;

/// <summary>What a token stands for.</summary>
/// <param name="Subject">Whose it is, or what it is about.</param>
/// <param name="Value">More, such as the hash of a code.</param>
public sealed record OneTimeToken(string Kind, string Subject, string Value, int Attempts, DateTimeOffset ExpiresAt, RowVersion Version, string Partition);

/// <summary>Things that are good once and for a time, in table <c>portaltokens</c>: links, sign-ins under way, solved captchas.</summary>
public sealed class OneTimeTokens(StorageClients storage, TimeProvider time)
{
    public const string Activation = "activation";
    public const string Reset = "reset";
    public const string SignIn = "signin";
    public const string Invitation = "invitation";
    public const string Captcha = "captcha";

    private readonly Table table = storage.Table("portaltokens");

    public async Task<string> CreateAsync(string kind, string subject, string value, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var token = Secrets.NewToken();
        await TryRememberAsync(kind, token, subject, value, lifetime, cancellationToken);
        return token;
    }

    /// <returns>False when this very token is known already.</returns>
    public async Task<bool> TryRememberAsync(
        string kind, string token, string subject, string value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        await table.TryAddAsync(
            new TableEntity(PortalKeys.OneTimeToken(kind, token), PortalKeys.OneTimeTokenRow)
            {
                ["Kind"] = kind, ["Subject"] = subject, ["Value"] = value, ["Attempts"] = 0, ["ExpiresAt"] = time.GetUtcNow() + lifetime,
            },
            cancellationToken) is not null;

    /// <summary>Looks without using it up.</summary>
    public async Task<OneTimeToken?> FindAsync(string kind, string? token, CancellationToken cancellationToken)
    {
        var row = token is { Length: > 0 and <= 128 }
            ? await table.FindAsync(PortalKeys.OneTimeToken(kind, token), PortalKeys.OneTimeTokenRow, cancellationToken)
            : null;
        var expires = row?.GetDateTimeOffset("ExpiresAt");
        return row is null || expires <= time.GetUtcNow()
            ? null
            : new OneTimeToken(
                kind, row.GetString("Subject"), row.GetString("Value"), row.GetInt32("Attempts") ?? 0, expires!.Value, row.ETag, row.PartitionKey);
    }

    /// <summary>Uses it up. Of several who try at once, one succeeds.</summary>
    /// <exception cref="VoxException">invalid_link</exception>
    public async Task<OneTimeToken> UseAsync(string kind, string? token, CancellationToken cancellationToken) =>
        await FindAsync(kind, token, cancellationToken) is { } found && await TryUseAsync(found, cancellationToken)
            ? found
            : throw new VoxException(Errors.InvalidLink, "This link was used already or has expired: ask for a new one.", "token");

    public async Task<bool> TryUseAsync(OneTimeToken token, CancellationToken cancellationToken)
    {
        var client = await table.ReadyAsync("", cancellationToken);
        try
        {
            using var deleted = await client.DeleteEntityAsync(token.Partition, PortalKeys.OneTimeTokenRow, token.Version, cancellationToken);
            return deleted.Status == 204;
        }
        catch (RequestFailedException e) when (e.Status is 412 or 404)
        {
            return false;
        }
    }

    /// <summary>Counts an attempt before it is made, or changes the value; null when somebody else was faster.</summary>
    public async Task<OneTimeToken?> TryChangeAsync(OneTimeToken token, CancellationToken cancellationToken)
    {
        var row = new TableEntity(token.Partition, PortalKeys.OneTimeTokenRow)
        {
            ["Kind"] = token.Kind, ["Subject"] = token.Subject, ["Value"] = token.Value, ["Attempts"] = token.Attempts, ["ExpiresAt"] = token.ExpiresAt,
        };
        return await table.TryReplaceAsync(row, token.Version, cancellationToken) is { } version ? token with { Version = version } : null;
    }

    /// <summary>Removes what has expired; run by a timer.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await foreach (var row in table.EnumerateAsync($"ExpiresAt lt {now}", 1_000, cancellationToken, ["PartitionKey", "RowKey"]))
        {
            await table.DeleteAsync(row.PartitionKey, row.RowKey, cancellationToken);
        }
    }
}
