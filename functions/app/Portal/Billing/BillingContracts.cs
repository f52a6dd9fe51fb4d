namespace Vox.Portal.Billing;

/// <param name="Gateway"><c>stripe</c>, <c>sandbox</c> where no money moves, or <c>none</c> where nobody can pay.</param>
/// <param name="Decimals">How many decimals a payment may have.</param>
/// <param name="Next">Goes into <c>before</c> for older entries; absent on the last page.</param>
public sealed record CreditsResponse(
    decimal Balance, string Currency, int Decimals, string Gateway, decimal MinPayment, decimal MaxPayment, decimal LowBalance,
    IReadOnlyList<LedgerLine> Entries, long? Next);

public sealed record LedgerLine(long Number, DateTimeOffset At, string Kind, string Detail, decimal Amount, decimal Balance);

/// <param name="Agreed">Whether the person has agreed to the refund and cancellation policies and the terms of service.</param>
/// <param name="Key">Made by the page. The same key makes only one payment, however often it is sent.</param>
public sealed record PaymentRequest(decimal? Amount, bool Agreed, string? Key);

public sealed record PaymentStarted(string PaymentId, string Url);

public sealed record PaymentResponse(string Id, decimal Amount, string Currency, string Status);

internal sealed record SandboxRequest(bool Paid);
