namespace Vox.Portal.Billing;

/// <summary>From a day on, a project has rates of its own, or the standard rates again.</summary>
/// <param name="UserPrices">Tiers as in <see cref="BillingOptions.UserPrices"/>; null: the standard ones.</param>
/// <param name="StoragePrices">The same for storage.</param>
public sealed record RateChange(DateOnly From, string? UserPrices, string? StoragePrices);
