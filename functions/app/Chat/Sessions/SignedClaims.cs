using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Vox.Platform.Security;

namespace Vox.Chat.Sessions;

/// <summary>
/// Texts that say which session a client has: JWT (RFC 7519), HS256, signed only with our own keys. The issuer tells what a text is good
/// for: one that was made for another purpose is not read.
/// </summary>
public sealed class SignedClaims(SigningKeys keys, TimeProvider time)
{
    private const string Service = "svc";
    private const int MaxLength = 4_096;
    private static readonly string[] Algorithms = [SecurityAlgorithms.HmacSha256];

    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };

    public async ValueTask<string> CreateAsync(string issuer, AccessClaims claims, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["sub"] = claims.LoginId,
            ["uid"] = claims.Uid,
            ["sid"] = claims.SessionId,
        };
        if (claims.MadeAt is { } made)
        {
            values["made"] = made.ToUnixTimeMilliseconds();
        }

        if (claims.SingleDevice)
        {
            values["single"] = true;
        }

        if (claims.Service > 0)
        {
            values[Service] = claims.Service;
        }

        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = claims.ProjectId,
            IssuedAt = time.GetUtcNow().UtcDateTime,
            Expires = claims.ExpiresAt.UtcDateTime,
            Claims = values,
            SigningCredentials = new(await keys.CurrentAsync(cancellationToken), SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>Whether a text says that this issuer made it. Nothing is checked yet.</summary>
    public bool IsOf(string issuer, string token) => IssuerOf(token) == issuer;

    /// <summary>Who made a text, as it says itself. Nothing is checked yet.</summary>
    public string? IssuerOf(string token) => TryRead(token)?.Issuer;

    /// <returns>Null unless it is one of this issuer's that has not expired.</returns>
    public async ValueTask<AccessClaims?> ReadAsync(string issuer, string token, CancellationToken cancellationToken)
    {
        if (TryRead(token) is not { } unchecked_ || await keys.FindAsync(unchecked_.Kid, cancellationToken) is not { } key)
        {
            return null;
        }

        var result = await handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            ValidAlgorithms = Algorithms,
            ValidIssuer = issuer,
            RequireExpirationTime = true,

            // The audience names the project. The request does not name it elsewhere, so there is nothing to compare it with.
            ValidateAudience = false,
            LifetimeValidator = (_, expires, _, _) => expires > time.GetUtcNow().UtcDateTime,
        });
        return result.IsValid && result.SecurityToken is JsonWebToken jwt && jwt.Audiences.ToArray() is [var projectId]
            && Claim(jwt, "sub") is { } loginId && Claim(jwt, "uid") is { } uid && Claim(jwt, "sid") is { } sessionId
            ? new AccessClaims(projectId, loginId, uid, sessionId, new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero))
            {
                Service = jwt.TryGetPayloadValue<int>(Service, out var service) ? service : 0,
                MadeAt = jwt.TryGetPayloadValue<long>("made", out var made) ? DateTimeOffset.FromUnixTimeMilliseconds(made) : null,
                SingleDevice = jwt.TryGetPayloadValue<bool>("single", out var single) && single,
            }
            : null;
    }

    private JsonWebToken? TryRead(string token)
    {
        if (token.Length > MaxLength || !handler.CanReadToken(token))
        {
            return null;
        }

        try
        {
            return handler.ReadJsonWebToken(token);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string? Claim(JsonWebToken token, string name) => token.TryGetPayloadValue<string>(name, out var value) ? value : null;
}
