using Microsoft.Extensions.Options;

namespace Vox.Portal.Billing;

/// <summary>The credits of a project: what it has, and how it came to that.</summary>
public sealed class CreditService(LedgerStore ledger, IPaymentGateway gateway, IOptions<BillingOptions> options)
{
    private const int PageSize = 50;

    /// <summary>The balance and a page of the ledger, newest first.</summary>
    /// <param name="before">Only entries before this number; null: from the newest.</param>
    public async Task<CreditsResponse> ReadAsync(string projectId, long? before, CancellationToken cancellationToken)
    {
        var entries = await ledger.ReadAsync(projectId, before, PageSize + 1, cancellationToken);
        var set = options.Value;
        return new CreditsResponse(
            await ledger.BalanceAsync(projectId, cancellationToken) / LedgerStore.Scale, set.Currency,
            CurrencyUnits.Decimals(set.Currency), gateway.Name, set.MinPayment, set.MaxPayment, set.LowBalance,
            [.. entries.Take(PageSize).Select(e => new LedgerLine(
                e.Number, e.At, e.Kind, e.Detail, e.Amount / LedgerStore.Scale, e.Balance / LedgerStore.Scale))],
            entries.Count > PageSize ? entries[PageSize - 1].Number : null);
    }
}
