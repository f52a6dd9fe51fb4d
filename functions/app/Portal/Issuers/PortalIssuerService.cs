using System.Security.Cryptography;
using System.Text;
using Vox.Chat.Issuers;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Outbound;
using Vox.Portal.Accounts;
using Vox.Portal.Projects;

namespace Vox.Portal.Issuers;

/// <summary>What developers do with the issuers whose tokens log users in.</summary>
public sealed class PortalIssuerService(IssuerService issuers, OutboundGuard outbound, ProjectAudit audit, TimeProvider time)
{
    private const int MaxText = 500;
    private const int MaxClaim = 100;
    private const int MaxKey = 4_000;

    /// <summary>Our own tokens have issuers of this form.</summary>
    private const string Reserved = "vox";

    public async Task<IssuerList> ListAsync(string projectId, CancellationToken cancellationToken) =>
        new([.. (await issuers.ListAsync(projectId, cancellationToken)).Select(View)]);

    /// <summary>In place of the issuer of the same name.</summary>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field, limit_reached</exception>
    internal async Task SetAsync(ProjectCaller caller, SetIssuerRequest request, CancellationToken cancellationToken)
    {
        var name = DeveloperInput.Text(request.Issuer, "issuer", MaxText);
        if (name.Equals(Reserved, StringComparison.OrdinalIgnoreCase)
            || name.StartsWith(Reserved + "-", StringComparison.OrdinalIgnoreCase))
        {
            throw new VoxException(Errors.InvalidField, "issuer may not be one of ours.", "issuer");
        }

        var audience = DeveloperInput.Text(request.Audience, "audience", MaxText);
        var (address, key) = KeysOf(request);
        await issuers.SetAsync(
            new TokenIssuer(
                caller.Project.Id, name, audience, address, key, Claim(request.IdClaim, "idClaim", "sub"),
                Claim(request.NameClaim, "nameClaim", "name"), request.Provisions, time.GetUtcNow(), caller.Who),
            cancellationToken);
        await audit.RecordAsync(caller, "issuer.set", $"{name}, for {audience}", cancellationToken);
    }

    /// <exception cref="VoxException">missing_field, not_found</exception>
    public async Task RemoveAsync(ProjectCaller caller, string? issuer, CancellationToken cancellationToken)
    {
        var name = DeveloperInput.Text(issuer, "issuer", MaxText);
        await issuers.RemoveAsync(caller.Project.Id, name, cancellationToken);
        await audit.RecordAsync(caller, "issuer.removed", name, cancellationToken);
    }

    private (string? Address, string? Key) KeysOf(SetIssuerRequest request)
    {
        var (address, key) = (request.JwksUri?.Trim() ?? "", request.PublicKey?.Trim() ?? "");
        if ((address.Length > 0) == (key.Length > 0))
        {
            throw new VoxException(Errors.MissingField, "Either jwksUri or publicKey must be there, and not both.", "jwksUri");
        }

        if (address.Length > 0)
        {
            return outbound.Check(address) is { } wrong
                ? throw new VoxException(Errors.InvalidField, "jwksUri " + wrong, "jwksUri")
                : (address, null);
        }

        return key.Length <= MaxKey && PublicKeys.FromPem(key) is not null
            ? (null, key)
            : throw new VoxException(
                Errors.InvalidField, "publicKey must be a public key in PEM: RSA with 2,048 bits or more, or EC on P-256.", "publicKey");
    }

    private static string Claim(string? claim, string field, string byDefault) =>
        string.IsNullOrWhiteSpace(claim) ? byDefault : DeveloperInput.Text(claim, field, MaxClaim);

    private static IssuerView View(TokenIssuer issuer) => new(
        issuer.Issuer, issuer.Audience, issuer.JwksUri,
        issuer.PublicKey is { } key ? Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(key))) : null,
        issuer.IdClaim, issuer.NameClaim, issuer.Provisions, issuer.CreatedAt, issuer.CreatedBy);
}
