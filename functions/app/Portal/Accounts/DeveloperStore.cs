using Azure.Data.Tables;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Portal.Accounts;

/// <summary>Accounts in table <c>developers</c>.</summary>
public sealed class DeveloperStore(StorageClients storage)
{
    private readonly Table table = storage.Table("developers");

    public async Task<Developer?> FindAsync(string id, CancellationToken cancellationToken) =>
        await table.FindAsync(id, PortalKeys.DeveloperRow, cancellationToken) is { } row ? FromRow(row) : null;

    public Task<Developer?> FindByEmailAsync(string email, CancellationToken cancellationToken) =>
        FindAsync(PortalKeys.Developer(email), cancellationToken);

    public async Task<bool> TryAddAsync(Developer developer, CancellationToken cancellationToken) =>
        await table.TryAddAsync(ToRow(developer), cancellationToken) is not null;

    public async Task<bool> TryReplaceAsync(Developer developer, CancellationToken cancellationToken) =>
        await table.TryReplaceAsync(ToRow(developer), developer.Version, cancellationToken) is not null;

    /// <summary>Applies a change to the newest version, and repeats it if somebody else was faster.</summary>
    /// <exception cref="VoxException">not_signed_in, when the account is gone</exception>
    public async Task<Developer> UpdateAsync(string id, Func<Developer, Developer> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var current = await FindAsync(id, cancellationToken)
                ?? throw new VoxException(Errors.NotSignedIn, "This account does not exist any more.");
            var changed = change(current);
            if (await TryReplaceAsync(changed, cancellationToken))
            {
                return changed;
            }
        }
    }

    private static TableEntity ToRow(Developer developer) => new(developer.Id, PortalKeys.DeveloperRow)
    {
        ["Email"] = developer.Email,
        ["Name"] = developer.Name,
        ["Company"] = developer.Company,
        ["Phone"] = developer.Phone,
        ["PasswordHash"] = developer.PasswordHash,
        ["TermsVersion"] = developer.TermsVersion,
        ["TermsAt"] = developer.TermsAt,
        ["CreatedAt"] = developer.CreatedAt,
        ["ActivatedAt"] = developer.ActivatedAt,
        ["TotpSecret"] = developer.TotpSecret,
        ["TotpStep"] = developer.TotpStep,
        ["RecoveryCodes"] = string.Join(' ', developer.RecoveryCodes),
    };

    private static Developer FromRow(TableEntity row) => new(
        row.PartitionKey,
        row.GetString("Email"),
        row.GetString("Name"),
        row.GetString("Company"),
        row.GetString("Phone"),
        row.GetString("PasswordHash"),
        row.GetString("TermsVersion"),
        row.GetDateTimeOffset("TermsAt") ?? default,
        row.GetDateTimeOffset("CreatedAt") ?? default,
        row.GetDateTimeOffset("ActivatedAt"),
        row.GetString("TotpSecret"),
        row.GetInt64("TotpStep") ?? 0,
        row.GetString("RecoveryCodes") is { Length: > 0 } codes ? codes.Split(' ') : [],
        row.ETag);
}
