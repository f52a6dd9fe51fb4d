namespace Vox.Portal.Billing;

/// <summary>
/// How Stripe writes amounts: as a whole number of the smallest unit, which differs by currency (docs.stripe.com/currencies). 50 dollars
/// are 5000, 50 yen are 50, and 50 dinars of Kuwait are 50000.
/// </summary>
internal static class CurrencyUnits
{
    private static readonly HashSet<string> WithoutDecimals = new(
        ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"], StringComparer.Ordinal);

    /// <summary>Their smallest unit is not used any more, but Stripe still counts in it, and takes only whole amounts.</summary>
    private static readonly HashSet<string> WrittenWithTwo = new(["ISK", "UGX"], StringComparer.Ordinal);

    private static readonly HashSet<string> WithThree = new(["BHD", "JOD", "KWD", "OMR", "TND"], StringComparer.Ordinal);

    /// <summary>The decimals that a payment may have. Of three decimals Stripe takes two: the last must be 0.</summary>
    /// <param name="currency">ISO 4217, in capitals.</param>
    public static int Decimals(string currency) => WithoutDecimals.Contains(currency) || WrittenWithTwo.Contains(currency) ? 0 : 2;

    /// <summary>An amount in Stripe's smallest unit.</summary>
    /// <param name="amount">With no more than <see cref="Decimals"/>.</param>
    /// <param name="currency">ISO 4217, in capitals.</param>
    public static long Of(decimal amount, string currency) =>
        (long)Math.Round(amount * (WithoutDecimals.Contains(currency) ? 1 : WithThree.Contains(currency) ? 1_000 : 100));
}
