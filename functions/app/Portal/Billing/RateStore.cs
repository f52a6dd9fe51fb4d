using System.Globalization;
using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Portal.Billing;

/// <summary>
/// What operators have agreed with customers, in table <c>rates</c>: one row for each project and each day on which something changes.
/// </summary>
public sealed class RateStore(StorageClients storage)
{
    public const int MaxChanges = 200;

    private readonly Table table = storage.ProjectTable("rates");

    /// <summary>Oldest first.</summary>
    public async Task<List<RateChange>> ReadAsync(string projectId, CancellationToken cancellationToken) =>
        (await table.QueryAsync($"PartitionKey eq {PortalKeys.Rates(projectId)}", MaxChanges, cancellationToken))
            .ConvertAll(ToChange);

    /// <summary>The same of all projects that have some.</summary>
    public async Task<ILookup<string, RateChange>> ReadAllAsync(CancellationToken cancellationToken) =>
        (await table.QueryAsync($"RowKey gt {""}", int.MaxValue, cancellationToken))
            .ToLookup(row => Keys.ProjectIdOf(row.PartitionKey), ToChange, StringComparer.Ordinal);

    public Task SetAsync(string projectId, RateChange change, CancellationToken cancellationToken) => table.UpsertAsync(
        new TableEntity(PortalKeys.Rates(projectId), PortalKeys.RatesFrom(change.From))
        {
            ["UserPrices"] = change.UserPrices,
            ["StoragePrices"] = change.StoragePrices
        },
        cancellationToken);

    public Task RemoveAsync(string projectId, DateOnly from, CancellationToken cancellationToken) =>
        table.DeleteAsync(PortalKeys.Rates(projectId), PortalKeys.RatesFrom(from), cancellationToken);

    private static RateChange ToChange(TableEntity row) => new(
        DateOnly.ParseExact(row.RowKey, "yyyy-MM-dd", CultureInfo.InvariantCulture), row.GetString("UserPrices"),
        row.GetString("StoragePrices"));
}
