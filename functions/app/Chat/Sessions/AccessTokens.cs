using Microsoft.Extensions.Options;
using Vox.Chat.Model;
using Vox.Platform.Caching;

namespace Vox.Chat.Sessions;

/// <summary>What an access token says.</summary>
public sealed record AccessClaims(string ProjectId, string LoginId, string Uid, string SessionId, DateTimeOffset ExpiresAt)
{
    /// <summary>The number of the SignalR service that it is good for. Only tickets of the live channel say so.</summary>
    public int Service { get; init; }

    /// <summary>Only in tokens for a log-in: when it was made, to the millisecond.</summary>
    public DateTimeOffset? MadeAt { get; init; }

    /// <summary>Only in tokens for a log-in: the log-in ends the user's other sessions.</summary>
    public bool SingleDevice { get; init; }

    public UserKey Key => new(ProjectId, LoginId);

    public UserIdentity Identity => new(ProjectId, LoginId, Uid);
}

/// <summary>Access tokens: opaque to clients, see <see cref="SignedClaims"/>.</summary>
public sealed class AccessTokens(SignedClaims signed, IOptions<SessionOptions> options, TimeProvider time)
{
    private const string Issuer = "vox";

    // A client sends the same token with every call for a quarter of an hour.
    private readonly ExpiringCache<string, AccessClaims> valid = new(50_000, TimeSpan.FromMinutes(5), time);

    /// <summary>How long a token of the session is good that is made now.</summary>
    public TimeSpan LifetimeOf(Session session)
    {
        var lifetime = options.Value.AccessLifetime;
        return session.Until - time.GetUtcNow() is { } left && left < lifetime ? left : lifetime;
    }

    public ValueTask<string> CreateAsync(Session session, CancellationToken cancellationToken) => signed.CreateAsync(
        Issuer, new(session.ProjectId, session.LoginId, session.Uid, session.Id, time.GetUtcNow() + LifetimeOf(session)),
        cancellationToken);

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
