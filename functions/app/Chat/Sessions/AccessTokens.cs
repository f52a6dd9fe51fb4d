using Microsoft.Extensions.Options;
using Vox.Chat.Model;
using Vox.Platform.Caching;

namespace Vox.Chat.Sessions;

/// <summary>What an access token says.</summary>
public sealed record AccessClaims(string ProjectId, string LoginId, string Uid, string SessionId, DateTimeOffset ExpiresAt)
{
    /// <summary>The number of the SignalR service that it is good for. Only tickets of the live channel say so.</summary>
    public int Service { get; init; }

    public UserKey Key => new(ProjectId, LoginId);

    public UserIdentity Identity => new(ProjectId, LoginId, Uid);
}

/// <summary>Access tokens: opaque to clients, see <see cref="SignedClaims"/>.</summary>
public sealed class AccessTokens(SignedClaims signed, IOptions<SessionOptions> options, TimeProvider time)
{
    private const string Issuer = "vox";

    // A client sends the same token with every call for a quarter of an hour.
    private readonly ExpiringCache<string, AccessClaims> valid = new(50_000, TimeSpan.FromMinutes(5), time);

    public TimeSpan Lifetime => options.Value.AccessLifetime;

    public ValueTask<string> CreateAsync(Session session, CancellationToken cancellationToken) => signed.CreateAsync(
        Issuer, new(session.ProjectId, session.LoginId, session.Uid, session.Id, time.GetUtcNow() + Lifetime), cancellationToken);

    /// <returns>Null unless it is one of our tokens that has not expired.</returns>
    public async ValueTask<AccessClaims?> ReadAsync(string token, CancellationToken cancellationToken)
    {
        if (valid.TryGet(token, out var known))
        {
            return known.ExpiresAt > time.GetUtcNow() ? known : null;
        }

        var claims = await signed.ReadAsync(Issuer, token, cancellationToken);
        if (claims is not null)
        {
            valid.Set(token, claims);
        }

        return claims;
    }
}
