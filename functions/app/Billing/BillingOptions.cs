using System.ComponentModel.DataAnnotations;

namespace Vox.Billing;

/// <param name="UpTo">The last unit at this price; null: any number.</param>
/// <param name="Price">Per unit and 30 days.</param>
public sealed record PriceTier
{
    public int? UpTo { get; set; }

    public decimal Price { get; set; }
}

/// <summary>Prices and payments. Section <c>Billing</c>. The same list makes the pricing spreadsheet and the charges.</summary>
public sealed class BillingOptions
{
    public const string Section = "Billing";

    /// <summary>ISO 4217. Default USD.</summary>
    [RegularExpression("^[A-Z]{3}$")]
    public string Currency { get; set; } = "USD";

    /// <summary>Per user and 30 days, each unit by the tier that it falls in. Default: 100 free, then 0.05, 0.04, 0.03.</summary>
    public IList<PriceTier> Users { get; set; } = [];

    /// <summary>Per gigabyte (10⁹ bytes) and 30 days. Default: 1 free, then 0.50, 0.40.</summary>
    public IList<PriceTier> Storage { get; set; } = [];

    /// <summary>Below this balance an e-mail warns the owners, once per day at most. Default 5.</summary>
    public decimal LowBalance { get; set; } = 5;

    /// <summary>Smallest and largest payment. Default 5–10,000.</summary>
    public decimal MinPayment { get; set; } = 5;

    public decimal MaxPayment { get; set; } = 10_000;

    /// <summary>Stripe's secret key. Without it, payments go to a sandbox page that moves no money.</summary>
    public string? StripeKey { get; set; }

    /// <summary>Signing secret of the webhook at <c>/api/portal/v1/webhooks/stripe</c>; needed with <see cref="StripeKey"/>.</summary>
    public string? StripeWebhookSecret { get; set; }

    // A bound list is added to its default, so the defaults are here.
    public IList<PriceTier> UserTiers => Users.Count > 0 ? Users :
        [new() { UpTo = 100, Price = 0 }, new() { UpTo = 1_000, Price = 0.05m }, new() { UpTo = 10_000, Price = 0.04m }, new() { Price = 0.03m }];

    public IList<PriceTier> StorageTiers => Storage.Count > 0 ? Storage :
        [new() { UpTo = 1, Price = 0 }, new() { UpTo = 100, Price = 0.5m }, new() { Price = 0.4m }];
}
