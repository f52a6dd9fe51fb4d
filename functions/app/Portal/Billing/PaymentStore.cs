using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Vox.Platform.Storage;

namespace Vox.Portal.Billing;

/// <summary>Payments in table <c>payments</c>, all of a project in one partition.</summary>
public sealed class PaymentStore(StorageClients storage, IOptions<BillingOptions> options)
{
    private readonly Table table = storage.Table("payments");

    public Task TryAddAsync(Payment payment, CancellationToken cancellationToken) => table.TryAddAsync(ToRow(payment), cancellationToken);

    public async Task<Payment?> FindAsync(string projectId, string id, CancellationToken cancellationToken) =>
        id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        && await table.FindAsync(Keys.Project(projectId), id, cancellationToken) is { } row
            ? new Payment(
                row.PartitionKey, row.RowKey, row.GetInt64("Amount")!.Value / LedgerStore.Scale,
                // Rows of earlier versions do not say: they were in the only currency there was.
                row.GetString("Currency") ?? options.Value.Currency, row.GetString("Status"), row.GetString("By"),
                row.GetDateTimeOffset("CreatedAt") ?? default, row.GetString("Gateway"))
            : null;

    public Task SetAsync(Payment payment, CancellationToken cancellationToken) => table.UpsertAsync(ToRow(payment), cancellationToken);

    private static TableEntity ToRow(Payment payment) => new(Keys.Project(payment.ProjectId), payment.Id)
    {
        ["Amount"] = (long)(payment.Amount * LedgerStore.Scale),
        ["Currency"] = payment.Currency,
        ["Status"] = payment.Status,
        ["By"] = payment.By,
        ["CreatedAt"] = payment.CreatedAt,
        ["Gateway"] = payment.Gateway,
    };
}
