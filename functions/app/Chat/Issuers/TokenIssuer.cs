namespace Vox.Chat.Issuers;

/// <summary>Somebody whose JWTs (RFC 7519) log users of a project in: usually the customer's own identity provider.</summary>
/// <param name="Issuer">As the claim <c>iss</c> has it.</param>
/// <param name="Audience">What the claim <c>aud</c> must have: a token that was made for something else is not good here.</param>
/// <param name="JwksUri">Where the public keys are. Null where there is a key.</param>
/// <param name="PublicKey">A public key in PEM. Null where there is an address.</param>
/// <param name="IdClaim">The claim with the login id.</param>
/// <param name="NameClaim">The claim with the display name of users who are created.</param>
/// <param name="Provisions">Whether users who do not exist are created when they log in.</param>
public sealed record TokenIssuer(
    string ProjectId,
    string Issuer,
    string Audience,
    string? JwksUri,
    string? PublicKey,
    string IdClaim,
    string NameClaim,
    bool Provisions,
    DateTimeOffset CreatedAt,
    string CreatedBy);
