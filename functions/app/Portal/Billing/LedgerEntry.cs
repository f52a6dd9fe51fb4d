namespace Vox.Portal.Billing;

/// <summary>
/// A transaction, as seen from the project's credits: what they gain, another account loses. Amounts are in ten-thousandths of the
/// currency.
/// </summary>
/// <param name="Kind"><c>payment</c> or <c>charge</c>.</param>
/// <param name="Amount">What the credits gain; negative for a charge.</param>
/// <param name="Balance">The credits after the transaction.</param>
public sealed record LedgerEntry(long Number, DateTimeOffset At, string Kind, string Detail, long Amount, long Balance);
