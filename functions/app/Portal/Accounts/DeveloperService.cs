using Microsoft.Extensions.Options;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Limits;
using Vox.Platform.Mail;

namespace Vox.Portal.Accounts;

/// <summary>
/// Sign-up, activation, passwords and profiles. No answer tells whether an account exists: only the e-mail to its owner says so.
/// </summary>
public sealed class DeveloperService(
    DeveloperStore store,
    OneTimeTokens tokens,
    Captcha captcha,
    AttemptGuard guard,
    PortalSessions sessions,
    DeveloperPasswords passwords,
    MailOutbox mail,
    PortalAddress address,
    AuditLog audit,
    IOptions<PortalOptions> options,
    TimeProvider time)
{
    private const int MaxMailsPerHour = 10;
    private static readonly TimeSpan ActivationLifetime = TimeSpan.FromHours(24);
    private static readonly TimeSpan ResetLifetime = TimeSpan.FromHours(1);

    public async Task SignUpAsync(SignUpRequest request, ClientAddress client, CancellationToken cancellationToken)
    {
        mail.CheckAvailable();
        var name = DeveloperInput.Text(request.Name, "name");
        var company = DeveloperInput.Text(request.Company, "company", required: false);
        var email = DeveloperInput.Email(request.Email);
        var phone = DeveloperInput.Phone(request.Phone, request.Country);
        var password = DeveloperInput.NewPassword(request.Password, name, company, email);
        if (request.TermsVersion != options.Value.TermsVersion)
        {
            throw new VoxException(Errors.TermsNotAccepted, "Please read the current terms and agree to them.", "termsVersion");
        }

        await CheckHumanAsync(request.Captcha, client, cancellationToken);
        var now = time.GetUtcNow();
        var account = new Developer(
            PortalKeys.Developer(email), email, name, company, phone, await passwords.HashAsync(password, cancellationToken),
            options.Value.TermsVersion, now, now, null, null, 0, [], default);
        while (!await store.TryAddAsync(account, cancellationToken))
        {
            var existing = await store.FindAsync(account.Id, cancellationToken);
            if (existing is { ActivatedAt: not null })
            {
                if (await MayMailAsync("mail-known", existing.Id, cancellationToken))
                {
                    await mail.SendAsync(
                        MailTemplates.AlreadyRegistered(existing.Email, existing.Name, address.Page("forgot")), cancellationToken);
                }

                return;
            }

            // Nobody has proved yet that the address is theirs: the newest sign-up counts, and the links of older ones are void.
            if (existing is not null && await store.TryReplaceAsync(account with { Version = existing.Version }, cancellationToken))
            {
                break;
            }
        }

        await SendActivationAsync(account, cancellationToken);
    }

    /// <summary>
    /// Sends the link again, but only for somebody who knows the password: the link must not activate another person's sign-up.
    /// </summary>
    public async Task ResendAsync(ResendRequest request, ClientAddress client, CancellationToken cancellationToken)
    {
        mail.CheckAvailable();
        var email = DeveloperInput.Email(request.Email);
        await CheckHumanAsync(request.Captcha, client, cancellationToken);
        using var attempt = await guard.BeginAsync("resend", SignInService.NameAt(email, client), cancellationToken);
        var account = await store.FindByEmailAsync(email, cancellationToken);
        if (!await passwords.VerifyAsync(request.Password ?? "", account?.PasswordHash, cancellationToken)
            || account is not { ActivatedAt: null })
        {
            await attempt.FailedAsync(cancellationToken);
        }
        else if (await MayMailAsync("mail-activation", account.Id, cancellationToken))
        {
            await SendActivationAsync(account, cancellationToken);
        }
    }

    /// <summary>
    /// Sends another link in place of one that has expired, to the address that got the first: whoever has that link has read the e-mail.
    /// </summary>
    /// <exception cref="VoxException">invalid_link, mail_unavailable</exception>
    public async Task RenewActivationAsync(string? token, CancellationToken cancellationToken)
    {
        mail.CheckAvailable();
        var link = await tokens.FindExpiredAsync(OneTimeTokens.Activation, token, cancellationToken);
        var account = link is null ? null : await store.FindAsync(link.Subject, cancellationToken);
        if (account is not { ActivatedAt: null } || Secrets.Hash(account.PasswordHash) != link!.Value)
        {
            throw new VoxException(
                Errors.InvalidLink, "This link cannot be renewed: sign in, if your account is active already, or sign up again.", "token");
        }

        if (await MayMailAsync("mail-activation", account.Id, cancellationToken))
        {
            await SendActivationAsync(account, cancellationToken);
        }
    }

    /// <exception cref="VoxException">invalid_link</exception>
    public async Task ActivateAsync(string? token, ClientAddress client, CancellationToken cancellationToken)
    {
        var link = await tokens.UseAsync(OneTimeTokens.Activation, token, cancellationToken);
        var account = await store.FindAsync(link.Subject, cancellationToken);
        if (account is not { ActivatedAt: null } || Secrets.Hash(account.PasswordHash) != link.Value
            || !await store.TryReplaceAsync(account with { ActivatedAt = time.GetUtcNow() }, cancellationToken))
        {
            throw new VoxException(
                Errors.InvalidLink, "This link was used already, or there was another sign-up since: use the newest e-mail.", "token");
        }

        await audit.OfAccountAsync(
            account.Id, account.Email, "account.activated", "Terms " + account.TermsVersion, client.Text, cancellationToken);
    }

    public async Task ForgotAsync(ForgotRequest request, ClientAddress client, CancellationToken cancellationToken)
    {
        mail.CheckAvailable();
        var email = DeveloperInput.Email(request.Email);
        await CheckHumanAsync(request.Captcha, client, cancellationToken);
        if (client.Network is not null)
        {
            await guard.CountAsync("forgot", SignInService.NameAt(email, client), 5, TimeSpan.FromHours(1), cancellationToken);
        }

        if (await store.FindByEmailAsync(email, cancellationToken) is { } account
            && await MayMailAsync("mail-reset", account.Id, cancellationToken))
        {
            var token = await tokens.CreateAsync(
                OneTimeTokens.Reset, account.Id, Secrets.Hash(account.PasswordHash), ResetLifetime, cancellationToken);
            await mail.SendAsync(MailTemplates.ResetPassword(account.Email, account.Name, address.Page("reset", token)), cancellationToken);
        }
    }

    /// <summary>Sets a new password, signs out everywhere and forgets remembered devices. The second factor stays.</summary>
    /// <exception cref="VoxException">invalid_link, weak_password</exception>
    public async Task ResetAsync(ResetRequest request, ClientAddress client, CancellationToken cancellationToken)
    {
        var peek = await tokens.FindAsync(OneTimeTokens.Reset, request.Token, cancellationToken);
        var account = peek is null ? null : await store.FindAsync(peek.Subject, cancellationToken);
        // Checked before the link is used up, so that nobody needs a new e-mail because of a refused password.
        var password = DeveloperInput.NewPassword(request.Password, account?.Name ?? "", account?.Email ?? "");
        var link = await tokens.UseAsync(OneTimeTokens.Reset, request.Token, cancellationToken);
        if (account is null || Secrets.Hash(account.PasswordHash) != link.Value)
        {
            throw new VoxException(Errors.InvalidLink, "The password was changed since this link was made: ask for a new one.", "token");
        }

        await SetPasswordAsync(account, password, client, cancellationToken);
        await guard.ClearAsync("sign-in", SignInService.NameAt(account.Email, client), cancellationToken);
    }

    /// <summary>Changes the password, ends all sessions and begins a new one for the caller.</summary>
    /// <returns>The value of the new session's cookie.</returns>
    /// <exception cref="VoxException">sign_in_failed, weak_password, too_many_attempts</exception>
    public async Task<string> ChangePasswordAsync(PortalCaller caller, ChangePasswordRequest request, CancellationToken cancellationToken)
    {
        await CheckPasswordAsync(caller.Developer, request.Password, cancellationToken);
        var password = DeveloperInput.NewPassword(request.NewPassword, caller.Developer.Name, caller.Developer.Email);
        await SetPasswordAsync(caller.Developer, password, caller.Client, cancellationToken);
        return await sessions.BeginAsync(caller.Developer.Id, cancellationToken);
    }

    /// <exception cref="VoxException">sign_in_failed, too_many_attempts</exception>
    public async Task CheckPasswordAsync(Developer account, string? password, CancellationToken cancellationToken)
    {
        // Counted apart from sign-ins: only who is signed in can lock this.
        using var attempt = await guard.BeginAsync("password", account.Id, cancellationToken);
        if (!await passwords.VerifyAsync(password ?? "", account.PasswordHash, cancellationToken))
        {
            await attempt.FailedAsync(cancellationToken);
            throw new VoxException(Errors.SignInFailed, "The current password is wrong.", "password");
        }

        await attempt.SucceededAsync(cancellationToken);
    }

    public async Task<Developer> ChangeProfileAsync(PortalCaller caller, ProfileRequest request, CancellationToken cancellationToken)
    {
        var name = DeveloperInput.Text(request.Name, "name");
        var company = DeveloperInput.Text(request.Company, "company", required: false);
        var phone = DeveloperInput.Phone(request.Phone, request.Country);
        var changed = await store.UpdateAsync(
            caller.Developer.Id, d => d with { Name = name, Company = company, Phone = phone }, cancellationToken);
        await audit.OfAccountAsync(changed.Id, changed.Email, "account.profile_changed", "", caller.Address, cancellationToken);
        return changed;
    }

    private async Task SetPasswordAsync(Developer account, string password, ClientAddress client, CancellationToken cancellationToken)
    {
        var hash = await passwords.HashAsync(password, cancellationToken);
        await store.UpdateAsync(
            // A reset link went to the account's own address, so using it proves the address just as an activation does.
            account.Id, d => d with { PasswordHash = hash, ActivatedAt = d.ActivatedAt ?? time.GetUtcNow() }, cancellationToken);
        await sessions.EndAllAsync(account.Id, devices: true, cancellationToken);
        await audit.OfAccountAsync(account.Id, account.Email, "account.password_changed", "", client.Text, cancellationToken);
        await mail.SendAsync(MailTemplates.PasswordChanged(account.Email, account.Name, address.Page("forgot")), cancellationToken);
    }

    private async Task CheckHumanAsync(string? solution, ClientAddress client, CancellationToken cancellationToken)
    {
        if (client.Network is { } network)
        {
            await guard.CountAsync("requests", network, options.Value.RequestsPerHour, TimeSpan.FromHours(1), cancellationToken);
        }

        await captcha.VerifyAsync(solution, cancellationToken);
    }

    /// <summary>
    /// Whether an account may get one more e-mail that strangers can ask for. The answer to the request is the same: the links of the
    /// e-mails before it are good for at least an hour, so whoever wants to use one has it, and nobody can be kept from it by others'
    /// requests.
    /// </summary>
    private async Task<bool> MayMailAsync(string kind, string developerId, CancellationToken cancellationToken) =>
        await guard.TryCountAsync(kind, developerId, MaxMailsPerHour, TimeSpan.FromHours(1), cancellationToken) is null;

    private async Task SendActivationAsync(Developer account, CancellationToken cancellationToken)
    {
        // The password hash binds the link to this very sign-up: it does not activate another person's sign-up for the same address.
        var token = await tokens.CreateAsync(
            OneTimeTokens.Activation, account.Id, Secrets.Hash(account.PasswordHash), ActivationLifetime, cancellationToken);
        await mail.SendAsync(MailTemplates.Activation(account.Email, account.Name, address.Page("activate", token)), cancellationToken);
    }
}
