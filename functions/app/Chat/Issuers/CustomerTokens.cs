using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Vox.Chat.People;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Issuers;

/// <summary>Log-ins with JWTs of the customer's own, signed with a key of which we have only the public half.</summary>
public sealed class CustomerTokens(
    IssuerService issuers, IssuerKeys keys, UserService users, CustomStore people, TimeProvider time) : ILoginTokenKind
{
    private const int MaxLength = 8_192;

    /// <summary>How far the clocks may differ.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    /// <summary>A session must not outlast what the customer can take back for long.</summary>
    private static readonly TimeSpan MaxLife = TimeSpan.FromDays(1);

    /// <summary>Only with key pairs: with HS256, whoever knows the public key could sign.</summary>
    private static readonly string[] Algorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256];

    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };

    public async Task<LoginProof?> ReadAsync(Project project, string token, CancellationToken cancellationToken)
    {
        if (TryRead(token) is not { } unchecked_)
        {
            return null;
        }

        var all = await issuers.OfAsync(project.Id, cancellationToken);
        if (all.FirstOrDefault(issuer => issuer.Issuer == unchecked_.Issuer) is not { } issuer)
        {
            return null;
        }

        if (!Algorithms.Contains(unchecked_.Alg, StringComparer.Ordinal))
        {
            throw LoginTokens.Invalid();
        }

        var kid = unchecked_.Kid is { Length: > 0 } given ? given : null;
        var result = await handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKeys = await keys.OfAsync(issuer, kid, cancellationToken),
            ValidAlgorithms = Algorithms,
            ValidIssuer = issuer.Issuer,
            ValidAudience = issuer.Audience,
            RequireAudience = true,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (notBefore, expires, _, _) => IsNow(notBefore, expires),
        });
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt)
        {
            throw LoginTokens.Invalid();
        }

        var user = await FindAsync(project, issuer, jwt, cancellationToken);
        var now = time.GetUtcNow();
        var expires = new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero);
        return new LoginProof(
            user, MadeAt(jwt),
            // Within the skew the token may have ended by our clock: the session gets a moment all the same.
            expires < now + Skew ? now + Skew : expires > now + MaxLife ? now + MaxLife : expires, SingleDevice: false);
    }

    /// <exception cref="VoxException">invalid_login_token: <c>iat</c> is no time, for example because it counts milliseconds.</exception>
    private static DateTimeOffset? MadeAt(JsonWebToken jwt)
    {
        if (!jwt.TryGetPayloadValue<long>("iat", out var made))
        {
            return null;
        }

        return made is >= 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(made)
            : throw new VoxException(Errors.InvalidLoginToken, "The token's claim iat must be a time in seconds since 1970.", "token");
    }

    private async Task<User> FindAsync(Project project, TokenIssuer issuer, JsonWebToken jwt, CancellationToken cancellationToken)
    {
        if (Text(jwt, issuer.IdClaim) is not { Length: > 0 } id)
        {
            throw new VoxException(Errors.InvalidLoginToken, $"The token has no text in its claim {issuer.IdClaim}.", "token");
        }

        if (await users.FindNowAsync(project, id, cancellationToken) is { } user)
        {
            return user;
        }

        if (!issuer.Provisions)
        {
            throw new VoxException(
                Errors.InvalidLoginToken, "The token is good, but there is no such user: your server has to create them first.", "token");
        }

        try
        {
            user = await users.CreateWithoutPasswordAsync(project, id, "token", cancellationToken);
        }
        catch (VoxException e) when (e.Error == Errors.UserExists)
        {
            // Two devices came at once.
            return await users.FindNowAsync(project, id, cancellationToken) ?? throw LoginTokens.Invalid();
        }

        await NameAsync(user, Text(jwt, issuer.NameClaim), cancellationToken);
        return user;
    }

    /// <summary>The name at first sight. Later the user's own wishes count. A name that is not allowed here is left out.</summary>
    private async Task NameAsync(User user, string? name, CancellationToken cancellationToken)
    {
        if (name is not { Length: > 0 })
        {
            return;
        }

        try
        {
            var profile = ProfileService.Apply(Profile.Empty, new ProfileRequest(name));
            await people.TrySaveAsync(user.Identity, KeptPerson.Empty, profile, "", cancellationToken);
        }
        catch (VoxException)
        {
            // The log-in matters more.
        }
    }

    private bool IsNow(DateTime? notBefore, DateTime? expires)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires > now - Skew && !(notBefore > now + Skew);
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

    private static string? Text(JsonWebToken jwt, string claim) => jwt.TryGetPayloadValue<string>(claim, out var text) ? text : null;
}
