using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Limits;
using Vox.Platform.Mail;

namespace Vox.Portal.Accounts;

/// <summary>Sign-in in two steps: first the password, then a code from the authenticator app, from an e-mail, or a recovery
/// code.</summary>
public sealed class SignInService(
    DeveloperStore store,
    OneTimeTokens tokens,
    AttemptGuard guard,
    PortalSessions sessions,
    Totp totp,
    DeveloperPasswords passwords,
    MailOutbox mail,
    AuditLog audit)
{
    private const int MaxCodes = 5;
    private static readonly TimeSpan TicketLifetime = TimeSpan.FromMinutes(10);

    /// <param name="device">The value of the remembered device's cookie, if there is one.</param>
    /// <param name="client">The client's address.</param>
    /// <returns>The answer and, on a remembered device, the value of the session's cookie.</returns>
    /// <exception cref="VoxException">sign_in_failed, too_many_attempts</exception>
    public async Task<(SignInResponse Response, string? Session)> SignInAsync(
        SignInRequest request, string? device, ClientAddress client, CancellationToken cancellationToken)
    {
        var email = DeveloperInput.Email(request.Email).ToLowerInvariant();
        if (string.IsNullOrEmpty(request.Password))
        {
            throw new VoxException(Errors.MissingField, "password is missing.", "password");
        }

        var known = await sessions.IsKnownDeviceAsync(device, PortalKeys.Developer(email), cancellationToken);
        if (!known)
        {
            guard.CheckAddress(client);
        }

        // A lock is for one account at one address, so that nobody can lock out a developer who is elsewhere. A remembered device has
        // its own count: whoever shares the developer's address cannot lock it out either.
        using var attempt = await guard.BeginAsync(
            "sign-in", known ? $"{email}\ndevice\n{Secrets.Hash(device!)}" : NameAt(email, client), cancellationToken);
        var account = await store.FindByEmailAsync(email, cancellationToken);
        if (!await passwords.VerifyAsync(request.Password, account?.PasswordHash, cancellationToken)
            || account is not { ActivatedAt: not null })
        {
            guard.AddressFailed(client);
            await attempt.FailedAsync(cancellationToken);
            throw new VoxException(
                Errors.SignInFailed, "The e-mail address or the password is wrong, or the account has not been activated yet.", "password");
        }

        await attempt.SucceededAsync(cancellationToken);
        if (known)
        {
            var session = await BeginSessionAsync(account, "Password on a remembered device", client, cancellationToken);
            return (new SignInResponse(SignedIn: true, null, null), session);
        }

        if (account.HasTotp)
        {
            var ticket = await CreateTicketAsync(account, "", cancellationToken);
            return (new SignInResponse(SignedIn: false, "totp", ticket), null);
        }

        var code = await SendCodeAsync(account, cancellationToken);
        var mailed = await CreateTicketAsync(account, Secrets.Hash(code), cancellationToken);
        return (new SignInResponse(SignedIn: false, "email", mailed), null);
    }

    /// <summary>Signs in whoever has used a link of an operator. It stands for the password, not for an authenticator app.</summary>
    /// <returns>The answer and, if no code is asked for, the value of the session's cookie.</returns>
    internal async Task<(SignInResponse Response, string? Session)> SignInByLinkAsync(
        Developer account, ClientAddress client, CancellationToken cancellationToken) =>
        account.HasTotp
            ? (new SignInResponse(SignedIn: false, "totp", await CreateTicketAsync(account, "", cancellationToken)), null)
            : (new SignInResponse(SignedIn: true, null, null),
                await BeginSessionAsync(account, "Link of an operator", client, cancellationToken));

    /// <summary>Sends another code. The code before it is void.</summary>
    /// <exception cref="VoxException">wrong_code, too_many_attempts</exception>
    public async Task ResendAsync(string? ticket, CancellationToken cancellationToken)
    {
        var (token, account) = await FindAsync(ticket, cancellationToken);
        if (CodeOf(token).Length == 0)
        {
            throw new VoxException(Errors.InvalidRequest, "The code for this account comes from the authenticator app.");
        }

        var code = await SendCodeAsync(account, cancellationToken);
        if (await tokens.TryChangeAsync(token with { Value = Value(account, Secrets.Hash(code)) }, cancellationToken) is null)
        {
            throw Expired();
        }
    }

    /// <param name="client">The client's address.</param>
    /// <returns>The values of the cookies: of the session and, if it is to be remembered, of the device.</returns>
    /// <exception cref="VoxException">wrong_code, too_many_attempts</exception>
    public async Task<(string Session, string? Device)> VerifyAsync(
        VerifyRequest request, ClientAddress client, CancellationToken cancellationToken)
    {
        var code = DeveloperInput.Text(request.Code, "code", 20).Replace(" ", "", StringComparison.Ordinal);
        var (token, account) = await FindAsync(request.Ticket, cancellationToken);
        if (token.Attempts >= MaxCodes)
        {
            throw Expired();
        }

        // Also counted per account: whoever begins again with the password must not get five more guesses each time.
        // Not per address: who gets this far knows the password, and there are only a million codes.
        using var attempt = await guard.BeginAsync("second-factor", account.Id, cancellationToken);
        var counted = await tokens.TryChangeAsync(token with { Attempts = token.Attempts + 1 }, cancellationToken) ?? throw Expired();
        var how = CodeOf(token) is { Length: > 0 } mailed && Secrets.AreEqual(Secrets.Hash(code), mailed) ? "Code by e-mail"
            : await totp.TryUseAsync(account, code, cancellationToken) ? "Authenticator app"
            : await totp.TryUseRecoveryCodeAsync(account, code, cancellationToken) ? "Recovery code"
            : null;
        if (how is null)
        {
            await attempt.FailedAsync(cancellationToken);
            throw new VoxException(Errors.WrongCode, "The code is wrong or has expired.", "code");
        }

        if (!await tokens.TryUseAsync(counted, cancellationToken))
        {
            throw Expired();
        }

        await attempt.SucceededAsync(cancellationToken);
        var device = request.RememberDevice ? await sessions.RememberDeviceAsync(account.Id, cancellationToken) : null;
        return (await BeginSessionAsync(account, how, client, cancellationToken), device);
    }

    /// <param name="session">The value of the session's cookie.</param>
    /// <param name="everywhere">End all sessions of the account and forget its devices, not only end this session.</param>
    public async Task SignOutAsync(PortalCaller caller, string? session, bool everywhere, CancellationToken cancellationToken)
    {
        if (everywhere)
        {
            await sessions.EndAllAsync(caller.Developer.Id, devices: true, cancellationToken);
            await audit.OfAccountAsync(
                caller.Developer.Id, caller.Developer.Email, "account.signed_out_everywhere", "", caller.Address, cancellationToken);
        }

        await sessions.EndAsync(session, cancellationToken);
    }

    /// <summary>What failures are counted for: an account at an address, or everywhere when no address is known.</summary>
    internal static string NameAt(string email, ClientAddress client) => $"{email.ToLowerInvariant()}\n{client.Network}";

    private async Task<string> BeginSessionAsync(Developer account, string how, ClientAddress client, CancellationToken cancellationToken)
    {
        var session = await sessions.BeginAsync(account.Id, cancellationToken);

        // The password may have been changed since it was checked, and all sessions ended before this one began.
        if (await store.FindAsync(account.Id, cancellationToken) is not { } now || StateOf(now) != StateOf(account))
        {
            await sessions.EndAllAsync(account.Id, devices: true, CancellationToken.None);
            throw Expired();
        }

        await audit.OfAccountAsync(account.Id, account.Email, "account.signed_in", how, client.Text, cancellationToken);
        return session;
    }

    private async Task<(OneTimeToken Token, Developer Account)> FindAsync(string? ticket, CancellationToken cancellationToken)
    {
        var token = await tokens.FindAsync(OneTimeTokens.SignIn, ticket, cancellationToken) ?? throw Expired();
        return await store.FindAsync(token.Subject, cancellationToken) is { } account && token.Value == Value(account, CodeOf(token))
            ? (token, account)
            : throw Expired();
    }

    private Task<string> CreateTicketAsync(Developer account, string codeHash, CancellationToken cancellationToken) =>
        tokens.CreateAsync(OneTimeTokens.SignIn, account.Id, Value(account, codeHash), TicketLifetime, cancellationToken);

    /// <summary>
    /// A ticket is for the account as it was when the password was checked: with another password or second factor it is void.
    /// </summary>
    private static string Value(Developer account, string codeHash) => $"{StateOf(account)}|{codeHash}";

    /// <returns>The hash of the code in the e-mail; empty where the authenticator app makes it.</returns>
    private static string CodeOf(OneTimeToken token) => token.Value[(token.Value.IndexOf('|', StringComparison.Ordinal) + 1)..];

    private static string StateOf(Developer account) => Secrets.Hash($"{account.PasswordHash}\n{account.TotpSecret}");

    private async Task<string> SendCodeAsync(Developer account, CancellationToken cancellationToken)
    {
        await guard.CountAsync("code-mail", account.Id, 15, TimeSpan.FromHours(1), cancellationToken);
        var code = Secrets.NewCode();
        await mail.SendAsync(MailTemplates.SignInCode(account.Email, account.Name, code), cancellationToken);
        return code;
    }

    private static VoxException Expired() =>
        new(Errors.WrongCode, "This sign-in has expired or had too many wrong codes: begin again with your password.", "ticket");
}
