using Vox.Chat.Model;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Vox.Platform.Caching;
using Vox.Platform.Security;

namespace Vox.Chat.Sessions;

/// <summary>What an access token says.</summary>
public sealed record AccessClaims(string ProjectId, string LoginId, string Uid, string SessionId, DateTimeOffset ExpiresAt)
{
    public UserKey Key => new(ProjectId, LoginId);
}

/// <summary>Access tokens: JWT (RFC 7519), HS256, signed only with our own keys.</summary>
public sealed class AccessTokens(SigningKeys keys, IOptions<SessionOptions> options, TimeProvider time)
{
    private const string Issuer = "vox";
    private static readonly string[] Algorithms = [SecurityAlgorithms.HmacSha256];

    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };

    // A client sends the same token with every call for a quarter of an hour.
    private readonly ExpiringCache<string, AccessClaims> valid = new(50_000, TimeSpan.FromMinutes(5), time);

    public TimeSpan Lifetime => options.Value.AccessLifetime;

    public async ValueTask<string> CreateAsync(Session session, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = session.ProjectId,
            IssuedAt = now.UtcDateTime,
            Expires = (now + Lifetime).UtcDateTime,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["sub"] = session.LoginId,
                ["uid"] = session.Uid,
                ["sid"] = session.Id,
            },
            SigningCredentials = new(await keys.CurrentAsync(cancellationToken), SecurityAlgorithms.HmacSha256),
        });
    }

    /// <returns>Null unless it is one of our tokens that has not expired.</returns>
    public async ValueTask<AccessClaims?> ReadAsync(string token, CancellationToken cancellationToken)
    {
        if (valid.TryGet(token, out var known))
        {
            return known.ExpiresAt > time.GetUtcNow() ? known : null;
        }

        if (token.Length > 4_096 || !handler.CanReadToken(token))
        {
            return null;
        }

        JsonWebToken unchecked_;
        try
        {
            unchecked_ = handler.ReadJsonWebToken(token);
        }
        catch (ArgumentException)
        {
            return null;
        }

        if (await keys.FindAsync(unchecked_.Kid, cancellationToken) is not { } key)
        {
            return null;
        }

        var result = await handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            ValidAlgorithms = Algorithms,
            ValidIssuer = Issuer,
            RequireExpirationTime = true,

            // The audience names the project. The request does not name it elsewhere, so there is nothing to compare it with.
            ValidateAudience = false,
            LifetimeValidator = (_, expires, _, _) => expires > time.GetUtcNow().UtcDateTime,
        });
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt || jwt.Audiences.ToArray() is not [var projectId]
            || Claim(jwt, "sub") is not { } loginId || Claim(jwt, "uid") is not { } uid || Claim(jwt, "sid") is not { } sessionId)
        {
            return null;
        }

        var claims = new AccessClaims(projectId, loginId, uid, sessionId, new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero));
        valid.Set(token, claims);
        return claims;
    }

    private static string? Claim(JsonWebToken token, string name) => token.TryGetPayloadValue<string>(name, out var value) ? value : null;
}
