using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Vox.Portal.Billing;

/// <summary>Prices and payments. Section <c>Billing</c>. The same list makes the pricing spreadsheet and the charges.</summary>
public sealed class BillingOptions
{
    public const string Section = "Billing";

    /// <summary>ISO 4217. Default USD.</summary>
    [RegularExpression("^[A-Z]{3}$")]
    public string Currency { get; set; } = "USD";

    /// <summary>
    /// Price per user and 30 days, as tiers <c>up to:price</c>. Each user costs what their own tier says. Default: 100 free, then 0.05,
    /// 0.04, 0.03.
    /// </summary>
    [RegularExpression(TierList)]
    public string UserPrices { get; set; } = "100:0 1000:0.05 10000:0.04 *:0.03";

    /// <summary>Price per gigabyte (10⁹ bytes) and 30 days, written in the same way. Default: 1 free, then 0.50, 0.40.</summary>
    [RegularExpression(TierList)]
    public string StoragePrices { get; set; } = "1:0 100:0.50 *:0.40";

    /// <summary>
    /// When the balance falls below this, an e-mail warns the owners. The next one comes after the balance was above it again. Default 5.
    /// </summary>
    [Range(0, 1_000_000)]
    public decimal LowBalance { get; set; } = 5;

    /// <summary>Smallest payment. 1–10,000,000, default 5.</summary>
    [Range(1, 10_000_000)]
    public decimal MinPayment { get; set; } = 5;

    /// <summary>Largest payment. 1–10,000,000, default 10,000.</summary>
    [Range(1, 10_000_000)]
    public decimal MaxPayment { get; set; } = 10_000;

    /// <summary>
    /// Whether credits are given for payments on a sandbox page, where no money moves. Only for development and tests. Default: no; a local
    /// start sets it. <see cref="StripeKey"/> comes first.
    /// </summary>
    public bool? Sandbox { get; set; }

    /// <summary>Stripe's secret key. Without it, and without <see cref="Sandbox"/>, nobody can pay.</summary>
    public string? StripeKey { get; set; }

    /// <summary>The signing secret of the webhook at <c>/api/portal/v1/webhooks/stripe</c>; needed with <see cref="StripeKey"/>.</summary>
    public string? StripeWebhookSecret { get; set; }

    /// <summary>The seller on invoices. Default Vox.</summary>
    [StringLength(200, MinimumLength = 1)]
    public string SellerName { get; set; } = "Vox";

    /// <summary>The seller's address on invoices; semicolons separate its lines. Default: none.</summary>
    [StringLength(500)]
    public string? SellerAddress { get; set; }

    /// <summary>The seller's tax number on invoices. Default: none.</summary>
    [StringLength(50)]
    public string? SellerTaxId { get; set; }

    public IReadOnlyList<PriceTier> UserTiers() => Parse(UserPrices);

    public IReadOnlyList<PriceTier> StorageTiers() => Parse(StoragePrices);

    // The last tier has no end, so that nothing is without a price.
    internal const string TierList = @"^(\d{1,9}:\d{1,6}(\.\d{1,4})? )*\*:\d{1,6}(\.\d{1,4})?$";

    internal static List<PriceTier> Parse(string list) => list.Split(' ').Select(tier => tier.Split(':')).Select(tier => new PriceTier(
        tier[0] == "*" ? null : int.Parse(tier[0], CultureInfo.InvariantCulture),
        decimal.Parse(tier[1], CultureInfo.InvariantCulture))).ToList();
}
