using System.Security.Cryptography;
using OtpNet;
using QRCoder;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Security;

namespace Vox.Portal.Accounts;

/// <summary>Setting up and removing an authenticator app, and the recovery codes for when it is lost.</summary>
public sealed class TotpService(
    DeveloperStore store, DeveloperService developers, Totp totp, SecretProtector protector, OneTimeTokens tokens, PortalSessions sessions,
    AuditLog audit)
{
    private const string Kind = "totp";
    private const int RecoveryCodes = 10;

    /// <summary>Makes a secret to scan. It is used only after a code made with it was entered.</summary>
    /// <exception cref="VoxException">sign_in_failed, too_many_attempts</exception>
    public async Task<TotpSetupResponse> BeginAsync(PortalCaller caller, string? password, CancellationToken cancellationToken)
    {
        var account = caller.Developer;
        await developers.CheckPasswordAsync(account, password, cancellationToken);
        var secret = RandomNumberGenerator.GetBytes(20);
        var text = Base32Encoding.ToString(secret);
        var pending = await tokens.FindAsync(Kind, account.Id, cancellationToken);
        if (pending is not null)
        {
            await tokens.TryUseAsync(pending, cancellationToken);
        }

        await tokens.TryRememberAsync(
            Kind, account.Id, account.Id, protector.Protect(Totp.Purpose(account.Id), secret), TimeSpan.FromMinutes(15), cancellationToken);
        var uri = $"otpauth://totp/Vox:{Uri.EscapeDataString(account.Email)}?secret={text}&issuer=Vox";
        using var code = QRCodeGenerator.GenerateQrCode(uri, QRCodeGenerator.ECCLevel.M);
        using var png = new PngByteQRCode(code);
        return new TotpSetupResponse(text, uri, "data:image/png;base64," + Convert.ToBase64String(png.GetGraphic(6)));
    }

    /// <exception cref="VoxException">wrong_code</exception>
    public async Task<RecoveryCodesResponse> ConfirmAsync(PortalCaller caller, string? code, CancellationToken cancellationToken)
    {
        var account = caller.Developer;
        var pending = await tokens.FindAsync(Kind, account.Id, cancellationToken)
            ?? throw new VoxException(Errors.WrongCode, "The code is too late: begin again.", "code");
        if (!totp.Check(account.Id, pending.Value, code ?? "", out var step))
        {
            throw new VoxException(Errors.WrongCode, "The code is wrong: check the clock of your phone and enter the newest code.", "code");
        }

        await tokens.TryUseAsync(pending, cancellationToken);
        var recovery = NewRecoveryCodes();
        await store.UpdateAsync(
            account.Id, d => d with { TotpSecret = pending.Value, TotpStep = step, RecoveryCodes = Hashes(recovery) }, cancellationToken);
        await ForgetDevicesAsync(caller, cancellationToken);
        await RecordAsync(caller, "account.totp_added", cancellationToken);
        return new RecoveryCodesResponse(recovery);
    }

    /// <exception cref="VoxException">sign_in_failed, too_many_attempts</exception>
    public async Task RemoveAsync(PortalCaller caller, string? password, CancellationToken cancellationToken)
    {
        await developers.CheckPasswordAsync(caller.Developer, password, cancellationToken);
        await store.UpdateAsync(caller.Developer.Id, d => d with { TotpSecret = null, RecoveryCodes = [] }, cancellationToken);
        await ForgetDevicesAsync(caller, cancellationToken);
        await RecordAsync(caller, "account.totp_removed", cancellationToken);
    }

    /// <exception cref="VoxException">sign_in_failed, too_many_attempts</exception>
    public async Task<RecoveryCodesResponse> RenewRecoveryCodesAsync(
        PortalCaller caller, string? password, CancellationToken cancellationToken)
    {
        await developers.CheckPasswordAsync(caller.Developer, password, cancellationToken);
        var recovery = NewRecoveryCodes();
        await store.UpdateAsync(caller.Developer.Id, d => d with { RecoveryCodes = Hashes(recovery) }, cancellationToken);
        await RecordAsync(caller, "account.recovery_codes_renewed", cancellationToken);
        return new RecoveryCodesResponse(recovery);
    }

    /// <summary>A device was remembered after a code of the second factor that it had then. The new one asks again.</summary>
    private Task ForgetDevicesAsync(PortalCaller caller, CancellationToken cancellationToken) =>
        sessions.ForgetDevicesAsync(caller.Developer.Id, cancellationToken);

    private Task RecordAsync(PortalCaller caller, string action, CancellationToken cancellationToken) =>
        audit.OfAccountAsync(caller.Developer.Id, caller.Developer.Email, action, "", caller.Address, cancellationToken);

    private static List<string> NewRecoveryCodes() => [.. Enumerable.Range(0, RecoveryCodes).Select(_ => Secrets.NewRecoveryCode())];

    private static List<string> Hashes(IEnumerable<string> codes) =>
        [.. codes.Select(code => Secrets.Hash(code.Replace("-", "", StringComparison.Ordinal)))];
}
