namespace Vox.Portal.Billing;

/// <summary>What a payment provider says that it has received.</summary>
/// <param name="Units">In the smallest unit of the currency, as the provider counts.</param>
/// <param name="Currency">ISO 4217, in capitals; empty if the provider does not say.</param>
internal sealed record Received(long Units, string Currency)
{
    /// <summary>Whether it is exactly what the payment asks for.</summary>
    public bool Pays(Payment payment) => Currency == payment.Currency && Units == CurrencyUnits.Of(payment.Amount, payment.Currency);
}
