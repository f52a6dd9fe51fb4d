using OtpNet;
using Vox.Platform.Security;

namespace Vox.Portal.Accounts;

/// <summary>Checks the codes of an authenticator app (RFC 6238) and recovery codes.</summary>
public sealed class Totp(DeveloperStore store, SecretProtector protector, TimeProvider time)
{
    /// <summary>What an account's secret is encrypted for. It cannot be decrypted for anything else.</summary>
    public static string Purpose(string developerId) => "totp|" + developerId;

    /// <summary>Uses a code of the app. Each code is accepted once, also within its half minute.</summary>
    public async Task<bool> TryUseAsync(Developer account, string code, CancellationToken cancellationToken) =>
        account.TotpSecret is { } secret
        && Check(account.Id, secret, code, out var step)
        && step > account.TotpStep
        && await store.TryReplaceAsync(account with { TotpStep = step }, cancellationToken);

    /// <summary>Uses a recovery code. Each is accepted once.</summary>
    public async Task<bool> TryUseRecoveryCodeAsync(Developer account, string code, CancellationToken cancellationToken)
    {
        var hash = Secrets.Hash(code.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal));
        return account.RecoveryCodes.Contains(hash, StringComparer.Ordinal)
            && await store.TryReplaceAsync(
                account with { RecoveryCodes = [.. account.RecoveryCodes.Where(known => known != hash)] }, cancellationToken);
    }

    /// <summary>Whether a code is right, for now or for the half minute before or after: clocks differ, and people type slowly.</summary>
    /// <param name="secret">The account's secret, encrypted.</param>
    /// <param name="step">The half minute that the code belongs to.</param>
    public bool Check(string developerId, string secret, string code, out long step) =>
        new OtpNet.Totp(protector.Unprotect(Purpose(developerId), secret))
            .VerifyTotp(time.GetUtcNow().UtcDateTime, code, out step, new VerificationWindow(1, 1));
}
