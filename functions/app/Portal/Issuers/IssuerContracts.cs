namespace Vox.Portal.Issuers;

public sealed record IssuerList(IReadOnlyList<IssuerView> Issuers);

/// <param name="KeyFingerprint">Of the public key: SHA-256, base64. Absent where the keys are at an address.</param>
public sealed record IssuerView(
    string Issuer, string Audience, string? JwksUri, string? KeyFingerprint, string IdClaim, string NameClaim, bool Provisions,
    DateTimeOffset CreatedAt, string CreatedBy);

/// <param name="Issuer">The claim <c>iss</c>, exactly. At most 500 characters.</param>
/// <param name="Audience">What the claim <c>aud</c> must have. At most 500 characters.</param>
/// <param name="JwksUri">Where the public keys are (JWKS): https, on the public internet. Either this or a key.</param>
/// <param name="PublicKey">A public key in PEM: RSA with 2,048 bits or more, or EC on P-256.</param>
/// <param name="IdClaim">The claim with the login id. Default <c>sub</c>.</param>
/// <param name="NameClaim">The claim with the display name of users who are created. Default <c>name</c>.</param>
/// <param name="Provisions">Whether users who do not exist are created at their first log-in. Default false.</param>
internal sealed record SetIssuerRequest(
    string? Issuer, string? Audience, string? JwksUri = null, string? PublicKey = null, string? IdClaim = null, string? NameClaim = null,
    bool Provisions = false);
