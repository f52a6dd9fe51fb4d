namespace Vox.Portal.Accounts;

/// <param name="Country">ISO 3166 code of the phone number's country, when it is not given with <c>+</c>.</param>
/// <param name="TermsVersion">The version of the terms that was shown and agreed to.</param>
/// <param name="Captcha">What the captcha widget made.</param>
public sealed record SignUpRequest(
    string? Name, string? Company, string? Email, string? Phone, string? Country, string? Password, string? TermsVersion, string? Captcha);

internal sealed record TokenRequest(string? Token);

public sealed record ResendRequest(string? Email, string? Password, string? Captcha);

public sealed record ForgotRequest(string? Email, string? Captcha);

public sealed record ResetRequest(string? Token, string? Password);

public sealed record SignInRequest(string? Email, string? Password);

/// <param name="Method">
/// <c>email</c> or <c>totp</c>: where the code comes from. Absent when the device is remembered and needs no code.
/// </param>
/// <param name="Ticket">Is sent back together with the code. Absent when no code is needed.</param>
public sealed record SignInResponse(bool SignedIn, string? Method, string? Ticket);

public sealed record VerifyRequest(string? Ticket, string? Code, bool RememberDevice);

internal sealed record TicketRequest(string? Ticket);

/// <param name="CsrfToken">Goes into the header <c>X-CSRF-Token</c> of every request that changes something.</param>
internal sealed record PortalSessionResponse(
    string Id, string Email, string Name, string Company, string Phone, bool Totp, int RecoveryCodes, string CsrfToken);

/// <param name="Terms">The version of the terms to agree to.</param>
/// <param name="DevMail">Whether e-mails can be read at <c>/portal/dev-mail</c>.</param>
/// <param name="Mail">Whether e-mails can be sent. Without them, a sign-in needs an authenticator app.</param>
public sealed record PortalInfoResponse(string Terms, bool DevMail, string BaseUrl, bool Mail);

/// <param name="Qr">A PNG as a data address.</param>
public sealed record TotpSetupResponse(string Secret, string Uri, string Qr);

internal sealed record CodeRequest(string? Code);

internal sealed record PasswordRequest(string? Password);

public sealed record ChangePasswordRequest(string? Password, string? NewPassword);

public sealed record ProfileRequest(string? Name, string? Company, string? Phone, string? Country);

public sealed record RecoveryCodesResponse(IReadOnlyList<string> Codes);
