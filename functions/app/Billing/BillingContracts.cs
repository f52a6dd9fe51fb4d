namespace Vox.Billing;

/// <param name="Gateway"><c>stripe</c>, or <c>sandbox</c> where no money moves.</param>
public sealed record CreditsResponse(
    decimal Balance, string Currency, string Gateway, decimal MinPayment, decimal MaxPayment, decimal LowBalance, IReadOnlyList<LedgerLine> Entries, long? Next);

public sealed record LedgerLine(long Number, DateTimeOffset At, string Kind, string Detail, decimal Amount, decimal Balance);

/// <param name="Agreed">To the refund and cancellation policy and the terms.</param>
/// <param name="Key">Made by the page: the same key makes one payment, however often it is sent.</param>
public sealed record PaymentRequest(decimal? Amount, bool Agreed, string? Key);

public sealed record PaymentStarted(string PaymentId, string Url);

public sealed record PaymentResponse(string Id, decimal Amount, string Currency, string Status);

public sealed record SandboxRequest(bool Paid);

/// <param name="Users">At the end of the day as charged; for days not charged yet, now.</param>
public sealed record UsageDayResponse(string Day, long Messages, int ActiveUsers, int? Users, long? StorageBytes, decimal Charge);

public sealed record UsageResponse(
    string From, string To, string Currency, IReadOnlyList<UsageDayResponse> Days, long Messages, int Users, long StorageBytes, decimal Charge, decimal Balance);
