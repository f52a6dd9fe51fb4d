using Vox.Platform.Security;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Vox.Platform.Caching;

namespace Vox.Chat.Realtime;

/// <summary>Bearer tokens for the service's REST API: one per address, signed with the access key, or a token from Entra.</summary>
public sealed class SignalRTokens(EntraTokens entra, TimeProvider time)
{
    private const string EntraScope = "https://signalr.azure.com/.default";
    private static readonly string[] Registered = ["aud", "exp", "iat", "nbf"];
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    // Signing costs more than everything else in a push, and the same few users get pushes again and again.
    private readonly ExpiringCache<string, string> signed = new(20_000, Lifetime / 2, time);
    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <param name="address">The request's address without the query. It is the token's audience.</param>
    public async ValueTask<string> ForAsync(SignalRConnection connection, string address, CancellationToken cancellationToken)
    {
        if (connection.AccessKey is not { } key)
        {
            return await entra.GetAsync(EntraScope, cancellationToken);
        }

        if (signed.TryGet(address, out var token))
        {
            return token;
        }

        var now = time.GetUtcNow().UtcDateTime;
        token = handler.CreateToken(new SecurityTokenDescriptor
        {
            Audience = address,
            IssuedAt = now,
            Expires = now + Lifetime,
            SigningCredentials = new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key)), SecurityAlgorithms.HmacSha256),
        });
        signed.Set(address, token);
        return token;
    }

    /// <summary>A token with which a user's client can connect. Needs an access key.</summary>
    /// <param name="address">The client's address at the service.</param>
    public string ForClient(SignalRConnection connection, string address, string userId, TimeSpan lifetime)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Audience = address,
            IssuedAt = now,
            Expires = now + lifetime,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["nameid"] = userId },
            SigningCredentials = new(
                new SymmetricSecurityKey(Encoding.UTF8.GetBytes(connection.AccessKey!)), SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>A client's token with everything that it says, but a shorter life. Unchanged without an access key to sign it.</summary>
    public string Shorten(SignalRConnection connection, string token, TimeSpan lifetime)
    {
        if (connection.AccessKey is not { } key || !handler.CanReadToken(token))
        {
            return token;
        }

        var now = time.GetUtcNow().UtcDateTime;
        var given = handler.ReadJsonWebToken(token);
        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Audience = given.Audiences.FirstOrDefault(),
            IssuedAt = now,
            Expires = now + lifetime,
            Claims = given.Claims.Where(claim => !Registered.Contains(claim.Type, StringComparer.Ordinal))
                .GroupBy(claim => claim.Type, StringComparer.Ordinal)
                .ToDictionary(
                    same => same.Key,
                    same => same.Count() == 1 ? same.First().Value : (object)same.Select(claim => claim.Value).ToArray(),
                    StringComparer.Ordinal),
            SigningCredentials = new(
                new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key)) { KeyId = given.Kid }, SecurityAlgorithms.HmacSha256),
        });
    }
}
