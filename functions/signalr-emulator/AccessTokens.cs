using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Vox.SignalREmulation;

/// <summary>Checks the tokens that clients and the app present: HS256 with the access key, audience, lifetime.</summary>
internal sealed class AccessTokens
{
    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };
    private readonly SymmetricSecurityKey key;
    private readonly TimeProvider time;
    private readonly string? identityToken;

    public AccessTokens(string accessKey, string? identityToken, TimeProvider time)
    {
        if (Encoding.UTF8.GetByteCount(accessKey) < 32)
        {
            throw new ArgumentException("The access key needs at least 32 characters: HS256 works with 256 bits.", nameof(accessKey));
        }

        key = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(accessKey));
        this.time = time;
        this.identityToken = identityToken;
    }

    public static string? Read(HttpRequest request, bool alsoFromQuery)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return header["Bearer ".Length..].Trim();
        }
        // Browsers cannot set headers on a WebSocket.
        return alsoFromQuery && request.Query.TryGetValue("access_token", out var token) ? token.ToString() : null;
    }

    /// <summary>Whether the app shows that it is an identity with rights. Such a token names no address.</summary>
    public bool IsIdentity(string? token) => identityToken is not null && token == identityToken;

    /// <summary>What <c>:generateToken</c> answers: a client's token as the app would make it with the access key.</summary>
    public string CreateForClient(string audience, string? userId, TimeSpan lifetime) => handler.CreateToken(new SecurityTokenDescriptor
    {
        Audience = audience,
        Expires = (time.GetUtcNow() + lifetime).UtcDateTime,
        IssuedAt = time.GetUtcNow().UtcDateTime,
        NotBefore = time.GetUtcNow().UtcDateTime,
        Claims = userId is null ? [] : new Dictionary<string, object>(StringComparer.Ordinal) { ["nameid"] = userId },
        SigningCredentials = new(key, SecurityAlgorithms.HmacSha256),
    });

    /// <param name="token">As presented, null if absent.</param>
    /// <param name="isAudience">Whether one audience of the token names this request.</param>
    /// <param name="checkLifetime">False for requests of an open connection: the service does not end it when its token expires.</param>
    public async Task<TokenResult> ValidateAsync(string? token, Func<string, bool> isAudience, bool checkLifetime = true)
    {
        if (string.IsNullOrEmpty(token))
        {
            return new(null, "The access token is missing.");
        }

        if (token.Length > SignalRLimits.MaxTokenLength)
        {
            return new(null, $"The access token is longer than {SignalRLimits.MaxTokenLength} characters.");
        }

        var result = await handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ValidateIssuer = false,
            AudienceValidator = (audiences, _, _) => audiences.Any(isAudience),
            LifetimeValidator = (notBefore, expires, _, _) => !checkLifetime || IsAlive(notBefore, expires),
        });
        return result.IsValid ? new((JsonWebToken)result.SecurityToken, null) : new(null, Explain(result.Exception));
    }

    // No leeway: everything runs on one machine, and a token that is barely valid should fail here first.
    private bool IsAlive(DateTime? notBefore, DateTime? expires)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires > now && (notBefore is null || notBefore <= now);
    }

    private static string Explain(Exception exception) => exception switch
    {
        SecurityTokenInvalidAudienceException => "The audience of the access token is not this request's address.",
        SecurityTokenInvalidLifetimeException => "The access token is expired, not yet valid or has no expiry.",
        SecurityTokenSignatureKeyNotFoundException or SecurityTokenInvalidSignatureException
            => "The access token is not signed with this service's access key.",
        SecurityTokenInvalidAlgorithmException => "The access token is not signed with HS256.",
        _ => "The access token cannot be read.",
    };
}

internal readonly record struct TokenResult(JsonWebToken? Token, string? Problem);
