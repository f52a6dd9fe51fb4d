using Vox.Platform.Storage;

namespace Vox.Portal.Accounts;

/// <summary>An account of the developer portal.</summary>
/// <param name="Id">Made from the e-mail address, so that people can be found and invited by their address.</param>
/// <param name="TermsVersion">The version of the terms that was agreed to.</param>
/// <param name="ActivatedAt">Null until somebody follows the link in the e-mail; before that, nobody can sign in to the account.</param>
/// <param name="TotpSecret">Encrypted. Null: the second factor is a code by e-mail.</param>
/// <param name="TotpStep">The last 30-second step whose code was used: each code is accepted once.</param>
/// <param name="RecoveryCodes">Hashes of the codes that were not used yet.</param>
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
