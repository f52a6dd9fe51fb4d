namespace Vox.Portal.Billing;

/// <summary>A payment that was begun.</summary>
/// <param name="Currency">ISO 4217: that of the price list when the payment was begun.</param>
/// <param name="Status"><c>open</c>, <c>paid</c> or <c>cancelled</c>.</param>
/// <param name="By">The e-mail address of the person who pays.</param>
/// <param name="Gateway">The name of the gateway that takes the money.</param>
public sealed record Payment(
    string ProjectId, string Id, decimal Amount, string Currency, string Status, string By, DateTimeOffset CreatedAt, string Gateway);
