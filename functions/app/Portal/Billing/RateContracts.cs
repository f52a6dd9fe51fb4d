namespace Vox.Portal.Billing;

/// <param name="Now">The rates of today.</param>
/// <param name="Later">The rates that follow, soonest first.</param>
public sealed record PricesResponse(string Currency, PriceListResponse Now, IReadOnlyList<PriceListResponse> Later);

/// <param name="Custom">Whether the rates were agreed for this project; otherwise they are the standard ones.</param>
/// <param name="Since">The first day (UTC); absent: the rates are those from the start.</param>
public sealed record PriceListResponse(bool Custom, string? Since, IReadOnlyList<PriceTier> Users, IReadOnlyList<PriceTier> Storage);

/// <param name="From">The first day (UTC), such as 2026-12-01; not before today.</param>
/// <param name="UserPrices">Tiers as in the setting <c>Billing__UserPrices</c>; absent: the standard ones.</param>
/// <param name="StoragePrices">The same for storage.</param>
public sealed record RatesRequest(string? From, string? UserPrices, string? StoragePrices);

public sealed record RateChangeResponse(string From, string? UserPrices, string? StoragePrices);

public sealed record RatesResponse(string ProjectId, string Project, IReadOnlyList<RateChangeResponse> Changes);
