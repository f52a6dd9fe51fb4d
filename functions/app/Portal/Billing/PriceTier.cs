namespace Vox.Portal.Billing;

/// <summary>One tier of a price list.</summary>
/// <param name="UpTo">The last unit at this price; null: any number.</param>
/// <param name="Price">Per unit and 30 days.</param>
public sealed record PriceTier(int? UpTo, decimal Price);
