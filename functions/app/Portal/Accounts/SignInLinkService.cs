using Microsoft.Extensions.Options;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Limits;
using Vox.Platform.Mail;

namespace Vox.Portal.Accounts;

/// <summary>
/// Links that an operator makes: whoever has one makes the account for its address, or signs in to it, without an e-mail. So the first
/// person gets in after a deployment, and an operator gets in again where mail does not work. An authenticator app is asked for all the
/// same.
/// </summary>
public sealed class SignInLinkService(
    DeveloperStore store, OneTimeTokens tokens, SignInService signIn, DeveloperPasswords passwords, PortalAddress address, MailOutbox mail,
    AuditLog audit, IOptions<PortalOptions> options, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private const string Kind = "operator-link";

    /// <exception cref="VoxException">missing_field, too_long, invalid_field</exception>
    public async Task<SignInLinkResponse> CreateAsync(string? email, bool onlyNew, CancellationToken cancellationToken)
    {
        var to = DeveloperInput.Email(email);
        var account = await store.FindByEmailAsync(to, cancellationToken);
        var exists = account is { ActivatedAt: not null };
        if (exists && onlyNew)
        {
            return new SignInLinkResponse(to, HasAccount: true, null, null);
        }

        var id = PortalKeys.Developer(to);
        var expires = time.GetUtcNow() + Lifetime;
        var token = await tokens.CreateAsync(Kind, id, $"{StateOf(account)}|{account?.Email ?? to}", Lifetime, cancellationToken);
        await audit.OfAccountAsync(id, "operator", "account.link_made", $"Good until {expires:u}", "", cancellationToken);
        if (exists && mail.IsAvailable)
        {
            // The owner of the account learns of it, whoever asked.
            await mail.SendAsync(MailTemplates.SignInLinkMade(account!.Email, account.Name), cancellationToken);
        }

        return new SignInLinkResponse(to, exists, address.Page("welcome", token), expires);
    }

    /// <summary>For whom a link is, without using it up.</summary>
    /// <exception cref="VoxException">invalid_link</exception>
    public async Task<SignInLinkDetails> ReadAsync(string? token, CancellationToken cancellationToken)
    {
        var (link, account) = await FindAsync(token, cancellationToken);
        return new SignInLinkDetails(EmailOf(link), account is { ActivatedAt: not null });
    }

    /// <returns>The answer and the value of the session's cookie; no cookie while the code of an authenticator app is asked for.</returns>
    /// <exception cref="VoxException">invalid_link, missing_field, too_long, invalid_field, weak_password, terms_not_accepted</exception>
    public async Task<(SignInResponse Response, string? Session)> UseAsync(
        UseSignInLinkRequest request, ClientAddress client, CancellationToken cancellationToken)
    {
        var (link, account) = await FindAsync(request.Token, cancellationToken);

        // Checked before the link is used up, so that nobody needs a new one because of a refused password.
        var wanted = account is { ActivatedAt: not null } ? null : await ReadAccountAsync(request, link, account, cancellationToken);
        await tokens.UseAsync(Kind, request.Token, cancellationToken);
        if (wanted is not null)
        {
            account = await SaveAsync(wanted, account, cancellationToken) ?? throw Void();
            await audit.OfAccountAsync(
                account.Id, account.Email, "account.activated", "Link of an operator, terms " + account.TermsVersion, client.Text,
                cancellationToken);
        }

        return await signIn.SignInByLinkAsync(account!, client, cancellationToken);
    }

    private async Task<(OneTimeToken Link, Developer? Account)> FindAsync(string? token, CancellationToken cancellationToken)
    {
        var link = await tokens.FindAsync(Kind, token, cancellationToken) ?? throw Void();
        var account = await store.FindAsync(link.Subject, cancellationToken);
        // Good only for the account as it was: an older link is void once a newer one has made the account, or the password has changed.
        return link.Value.StartsWith(StateOf(account) + "|", StringComparison.Ordinal) ? (link, account) : throw Void();
    }

    private async Task<Developer> ReadAccountAsync(
        UseSignInLinkRequest request, OneTimeToken link, Developer? existing, CancellationToken cancellationToken)
    {
        var email = EmailOf(link);
        var name = DeveloperInput.Text(request.Name, "name");
        var company = DeveloperInput.Text(request.Company, "company", required: false);
        var phone = string.IsNullOrWhiteSpace(request.Phone) ? "" : DeveloperInput.Phone(request.Phone, request.Country);
        var password = DeveloperInput.NewPassword(request.Password, name, company, email);
        if (request.TermsVersion != options.Value.TermsVersion)
        {
            throw new VoxException(Errors.TermsNotAccepted, "Please read the current terms and agree to them.", "termsVersion");
        }

        var now = time.GetUtcNow();
        return new Developer(
            link.Subject, email, name, company, phone, await passwords.HashAsync(password, cancellationToken), options.Value.TermsVersion,
            now, now, now, null, 0, [], existing?.Version ?? default);
    }

    /// <summary>A sign-up that nobody has activated gives way.</summary>
    private async Task<Developer?> SaveAsync(Developer wanted, Developer? existing, CancellationToken cancellationToken) =>
        (existing is null ? await store.TryAddAsync(wanted, cancellationToken) : await store.TryReplaceAsync(wanted, cancellationToken))
            ? await store.FindAsync(wanted.Id, cancellationToken)
            : null;

    private static string StateOf(Developer? account) =>
        account is null ? "" : Secrets.Hash($"{account.PasswordHash}\n{account.ActivatedAt?.UtcTicks}");

    private static string EmailOf(OneTimeToken link) => link.Value[(link.Value.IndexOf('|', StringComparison.Ordinal) + 1)..];

    private static VoxException Void() => new(
        Errors.InvalidLink, "This link was used already, has expired, or is older than a change of the account: ask for a new one.",
        "token");
}
