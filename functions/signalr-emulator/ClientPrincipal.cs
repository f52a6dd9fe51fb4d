using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Vox.SignalREmulation;

/// <summary>The user that a client token names, and what the app is told about them.</summary>
internal sealed class ClientPrincipal : ClaimsPrincipal
{
    private const string SystemPrefix = "asrs.s.";
    private const string UserPrefix = "asrs.u.";

    public ClientPrincipal(JsonWebToken token) : base(new ClaimsIdentity(token.Claims, "Bearer"))
    {
        Id = FindFirst("nameid")?.Value ?? FindFirst("asrs.s.uid")?.Value;
        ClaimsHeader = string.Join(", ", token.Claims
            .Where(claim => !claim.Type.StartsWith(SystemPrefix, StringComparison.Ordinal))
            .Select(claim => $"{WithoutPrefix(claim.Type)}: {claim.Value}"));
    }

    /// <summary>Null for an anonymous client.</summary>
    public string? Id { get; }

    /// <summary><c>type: value, type: value</c>, without the service's own claims.</summary>
    public string ClaimsHeader { get; }

    // The SDK hides claims whose names mean something in a token (iss, exp, …) behind this prefix.
    private static string WithoutPrefix(string type) =>
        type.StartsWith(UserPrefix, StringComparison.Ordinal) ? type[UserPrefix.Length..] : type;
}
