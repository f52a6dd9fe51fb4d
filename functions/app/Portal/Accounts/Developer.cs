using Vox.Platform.Storage;

namespace Vox.Portal.Accounts;

/// <summary>An account of the developer portal.</summary>
/// <param name="Id">Made from the e-mail address, so that it can be found and invited by it.</param>
/// <param name="TermsVersion">What was agreed to, and when.</param>
/// <param name="ActivatedAt">Null until the link in the e-mail was followed; such an account cannot sign in.</param>
/// <param name="TotpSecret">Encrypted; null: the second factor is a code by e-mail.</param>
/// <param name="TotpStep">The last 30-second step whose code was used: a code is good once.</param>
/// <param name="RecoveryCodes">Hashes of those not used yet.</param>
public sealed record Developer(
    string Id,
    string Email,
    string Name,
    string Company,
    string Phone,
    string PasswordHash,
    string TermsVersion,
    DateTimeOffset TermsAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ActivatedAt,
    string? TotpSecret,
    long TotpStep,
    IReadOnlyList<string> RecoveryCodes,
    RowVersion Version)
{
    public bool HasTotp => TotpSecret is not null;
}
