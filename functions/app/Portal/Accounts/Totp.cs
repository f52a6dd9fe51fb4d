using System.Security.Cryptography;
using System.Text;
using OtpNet;
using QRCoder;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Security;

namespace Vox.Portal.Accounts;

/// <summary>Codes from an authenticator app (RFC 6238) and the recovery codes for when it is lost.</summary>
public sealed class Totp(DeveloperStore store, SecretProtector protector, OneTimeTokens tokens, TimeProvider time)
{
    private const string Kind = "totp";
    private const int RecoveryCodes = 10;

    /// <summary>Makes a secret to scan. It counts once a code made with it was entered.</summary>
    public async Task<TotpSetupResponse> BeginAsync(Developer account, CancellationToken cancellationToken)
    {
        var secret = RandomNumberGenerator.GetBytes(20);
        var text = Base32Encoding.ToString(secret);
        var pending = await tokens.FindAsync(Kind, account.Id, cancellationToken);
        if (pending is not null)
        {
            await tokens.TryUseAsync(pending, cancellationToken);
        }

        await tokens.TryRememberAsync(Kind, account.Id, account.Id, protector.Protect(Purpose(account.Id), secret), TimeSpan.FromMinutes(15), cancellationToken);
        var uri = $"otpauth://totp/Vox:{Uri.EscapeDataString(account.Email)}?secret={text}&issuer=Vox";
        using var code = QRCodeGenerator.GenerateQrCode(uri, QRCodeGenerator.ECCLevel.M);
        using var png = new PngByteQRCode(code);
        return new TotpSetupResponse(text, uri, "data:image/png;base64," + Convert.ToBase64String(png.GetGraphic(6)));
    }

    /// <exception cref="VoxException">wrong_code</exception>
    public async Task<IReadOnlyList<string>> ConfirmAsync(Developer account, string? code, CancellationToken cancellationToken)
    {
        var pending = await tokens.FindAsync(Kind, account.Id, cancellationToken)
            ?? throw new VoxException(Errors.WrongCode, "The code is too late: begin again.", "code");
        if (!Check(protector.Unprotect(Purpose(account.Id), pending.Value), code ?? "", out var step))
        {
            throw new VoxException(Errors.WrongCode, "The code is wrong: check the clock of your phone and enter the newest code.", "code");
        }

        await tokens.TryUseAsync(pending, cancellationToken);
        var recovery = NewRecoveryCodes();
        await store.UpdateAsync(
            account.Id, d => d with { TotpSecret = pending.Value, TotpStep = step, RecoveryCodes = Hashes(recovery) }, cancellationToken);
        return recovery;
    }

    public async Task<IReadOnlyList<string>> RenewRecoveryCodesAsync(Developer account, CancellationToken cancellationToken)
    {
        var recovery = NewRecoveryCodes();
        await store.UpdateAsync(account.Id, d => d with { RecoveryCodes = Hashes(recovery) }, cancellationToken);
        return recovery;
    }

    public Task RemoveAsync(Developer account, CancellationToken cancellationToken) =>
        store.UpdateAsync(account.Id, d => d with { TotpSecret = null, RecoveryCodes = [] }, cancellationToken);

    /// <summary>Each code is good once, also within its half minute.</summary>
    public async Task<bool> TryUseAsync(Developer account, string code, CancellationToken cancellationToken) =>
        account.TotpSecret is { } secret
        && Check(protector.Unprotect(Purpose(account.Id), secret), code, out var step)
        && step > account.TotpStep
        && await store.TryReplaceAsync(account with { TotpStep = step }, cancellationToken);

    public async Task<bool> TryUseRecoveryCodeAsync(Developer account, string code, CancellationToken cancellationToken)
    {
        var hash = Secrets.Hash(code.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal));
        return account.RecoveryCodes.Contains(hash, StringComparer.Ordinal)
            && await store.TryReplaceAsync(
                account with { RecoveryCodes = [.. account.RecoveryCodes.Where(known => known != hash)] }, cancellationToken);
    }

    private bool Check(byte[] secret, string code, out long step) =>
        new OtpNet.Totp(secret).VerifyTotp(time.GetUtcNow().UtcDateTime, code, out step, new VerificationWindow(1, 1));

    private static List<string> NewRecoveryCodes() => [.. Enumerable.Range(0, RecoveryCodes).Select(_ => Secrets.NewRecoveryCode())];

    private static List<string> Hashes(IEnumerable<string> codes) =>
        [.. codes.Select(code => Secrets.Hash(code.Replace("-", "", StringComparison.Ordinal)))];

    private static string Purpose(string developerId) => "totp|" + developerId;
}
