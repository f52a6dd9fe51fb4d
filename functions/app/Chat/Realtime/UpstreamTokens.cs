using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Vox.Platform.Caching;

namespace Vox.Chat.Realtime;

/// <summary>
/// Knows the SignalR service by the token of its managed identity. Events are signed with the service's access key; with access by
/// identity there is none, and the host lets every event pass that has the key in its address.
/// </summary>
public sealed class UpstreamTokens : IDisposable
{
    private const int MaxLength = 16_384;
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);
    private static readonly string[] Algorithms = [SecurityAlgorithms.RsaSha256];

    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };
    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    private readonly RealtimeOptions options;
    private readonly TimeProvider time;
    private readonly TokenValidationParameters rules;

    // The service sends the same token for hours.
    private readonly ExpiringCache<string, DateTime> valid;

    public UpstreamTokens(IOptions<RealtimeOptions> options, TimeProvider time)
    {
        (this.options, this.time) = (options.Value, time);
        valid = new(100, TimeSpan.FromMinutes(5), time);
        var issuer = $"{options.Value.UpstreamAuthority.AbsoluteUri.TrimEnd('/')}/{options.Value.UpstreamTenant}";
        var audience = options.Value.UpstreamAudience?.TrimEnd('/');
        rules = new TokenValidationParameters
        {
            // Keys and issuer of tokens of the first version, renewed by itself. Tokens of the second version have the same keys.
            ConfigurationManager = new ConfigurationManager<OpenIdConnectConfiguration>(
                issuer + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
                new HttpDocumentRetriever(http) { RequireHttps = !options.Value.UpstreamAuthority.IsLoopback }),
            ValidIssuers = [issuer + "/v2.0"],
            ValidAudiences = [audience, audience + "/"],
            ValidAlgorithms = Algorithms,
            RequireExpirationTime = true,
            LifetimeValidator = (from, to, _, _) =>
                to > time.GetUtcNow().UtcDateTime - Skew && !(from > time.GetUtcNow().UtcDateTime + Skew),
        };
    }

    /// <summary>Whether tokens are asked for.</summary>
    public bool IsConfigured => options.UpstreamIdentity is { Length: > 0 };

    /// <param name="authorization">The header of that name; null if there was none.</param>
    public async ValueTask<bool> IsServiceAsync(string? authorization)
    {
        if (authorization is not { Length: > 7 and < MaxLength }
            || !authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var token = authorization[7..].Trim();
        if (valid.TryGet(token, out var until))
        {
            return until > time.GetUtcNow().UtcDateTime - Skew;
        }

        var result = await handler.ValidateTokenAsync(token, rules);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt || !Has(jwt, "oid", options.UpstreamIdentity)
            || !Has(jwt, "tid", options.UpstreamTenant))
        {
            return false;
        }

        valid.Set(token, jwt.ValidTo);
        return true;
    }

    public void Dispose() => http.Dispose();

    private static bool Has(JsonWebToken token, string claim, string? expected) =>
        token.TryGetPayloadValue<string>(claim, out var value) && string.Equals(value, expected, StringComparison.OrdinalIgnoreCase);
}
