namespace Vox.Portal.Billing;

/// <param name="Gateway"><c>stripe</c>, or <c>sandbox</c> where no money moves.</param>
public sealed record CreditsResponse(
    decimal Balance, string Currency, string Gateway, decimal MinPayment, decimal MaxPayment, decimal LowBalance, IReadOnlyList<LedgerLine> Entries, long? Next);

public sealed record LedgerLine(long Number, DateTimeOffset At, string Kind, string Detail, decimal Amount, decimal Balance);

/// <param name="Agreed">To the refund and cancellation policy and the terms.</param>
/// <param name="Key">Made by the page: the same key makes one payment, however often it is sent.</param>
public sealed record PaymentRequest(decimal? Amount, bool Agreed, string? Key);

public sealed record PaymentStarted(string PaymentId, string Url);

public sealed record PaymentResponse(string Id, decimal Amount, string Currency, string Status);

public sealed record SandboxRequest(bool Paid);

/// <param name="Users">At the end of the day as charged; for days not charged yet, now.</param>
public sealed record UsageDayResponse(string Day, long Messages, int ActiveUsers, int? Users, long? StorageBytes, decimal Charge);

public sealed record UsageResponse(
    string From, string To, string Currency, IReadOnlyList<UsageDayResponse> Days, long Messages, int Users, long StorageBytes, decimal Charge, decimal Balance);

/// <param name="Next">Goes into <c>before</c> for older ones; absent on the last page.</param>
public sealed record InvoiceList(IReadOnlyList<InvoiceHead> Invoices, long? Next);

/// <param name="Now">What is charged today.</param>
/// <param name="Later">What follows, soonest first.</param>
public sealed record PricesResponse(string Currency, PriceListResponse Now, IReadOnlyList<PriceListResponse> Later);

/// <param name="Custom">Agreed for this project; otherwise the standard rates.</param>
/// <param name="Since">First day (UTC); absent: from the start.</param>
public sealed record PriceListResponse(bool Custom, string? Since, IReadOnlyList<PriceTier> Users, IReadOnlyList<PriceTier> Storage);

/// <param name="From">First day (UTC), such as 2026-12-01; not before today.</param>
/// <param name="UserPrices">Tiers as in the setting <c>Billing__UserPrices</c>; absent: the standard ones.</param>
/// <param name="StoragePrices">The same for storage.</param>
public sealed record RatesRequest(string? From, string? UserPrices, string? StoragePrices);

public sealed record RateChangeResponse(string From, string? UserPrices, string? StoragePrices);

public sealed record RatesResponse(string ProjectId, string Project, IReadOnlyList<RateChangeResponse> Changes);
