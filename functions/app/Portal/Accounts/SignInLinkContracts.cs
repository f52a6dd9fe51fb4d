namespace Vox.Portal.Accounts;

/// <param name="Email">Whom the link signs in. If there is no account for the address, the link leads to making one.</param>
/// <param name="OnlyNew">Makes no link when there is an account already: for deployments, which run again and again.</param>
internal sealed record SignInLinkRequest(string? Email, bool OnlyNew);

/// <param name="HasAccount">Whether there is an activated account for the address.</param>
/// <param name="Link">Absent when it was not wanted.</param>
public sealed record SignInLinkResponse(string Email, bool HasAccount, string? Link, DateTimeOffset? ExpiresAt);

public sealed record SignInLinkDetails(string Email, bool HasAccount);

/// <summary>The account that a link makes. A link for an account that exists needs the token only.</summary>
/// <param name="Phone">May be blank, unlike at the sign-up.</param>
public sealed record UseSignInLinkRequest(
    string? Token, string? Name, string? Company, string? Phone, string? Country, string? Password, string? TermsVersion);
