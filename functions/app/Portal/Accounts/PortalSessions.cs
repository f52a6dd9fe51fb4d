using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Vox.Portal.Accounts;

/// <summary>
/// Signed-in browsers and remembered devices: how long they last, and their cookies. A cookie holds a secret; only its hash is stored.
/// Services deal with the values of the cookies, functions read and write the cookies themselves.
/// </summary>
public sealed class PortalSessions(PortalSessionStore store, PortalAddress address, IOptions<PortalOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Renewal = TimeSpan.FromMinutes(10);

    /// <summary>Begins a session.</summary>
    /// <returns>The value of its cookie.</returns>
    public async Task<string> BeginAsync(string developerId, CancellationToken cancellationToken)
    {
        var secret = Secrets.NewToken();
        await AddAsync(developerId, PortalKeys.PortalSession(Secrets.Hash(secret)), options.Value.SessionLifetime, cancellationToken);
        return $"{developerId}.{secret}";
    }

    /// <summary>Remembers a device.</summary>
    /// <returns>The value of its cookie.</returns>
    public async Task<string> RememberDeviceAsync(string developerId, CancellationToken cancellationToken)
    {
        var secret = Secrets.NewToken();
        await AddAsync(developerId, PortalKeys.PortalDevice(Secrets.Hash(secret)), options.Value.DeviceLifetime, cancellationToken);
        return $"{developerId}.{secret}";
    }

    /// <param name="device">The value of the device's cookie, if there is one.</param>
    public async Task<bool> IsKnownDeviceAsync(string? device, string developerId, CancellationToken cancellationToken) =>
        Parse(device) is var (id, secret) && id == developerId
        && await FindAsync(id, PortalKeys.PortalDevice(Secrets.Hash(secret)), cancellationToken) is not null;

    /// <summary>
    /// Whose session a request belongs to, and the token that pages have to send with every change; null when there is none.
    /// </summary>
    public async Task<(string DeveloperId, string CsrfToken)?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (Parse(SessionOf(request)) is not var (id, secret)
            || await FindAsync(id, PortalKeys.PortalSession(Secrets.Hash(secret)), cancellationToken) is not { } session
            || End(session) <= time.GetUtcNow())
        {
            return null;
        }

        // A session that is used goes on, but not for ever: a stolen cookie must end some day, too.
        var until = Min(time.GetUtcNow() + options.Value.SessionLifetime, End(session));
        if (until - session.ExpiresAt > Renewal)
        {
            // If somebody signs out at the same moment, the sign-out wins: that is right.
            await store.TryReplaceAsync(session with { ExpiresAt = until }, cancellationToken);
        }

        return (id, CsrfToken(secret));
    }

    /// <summary>Ends a session.</summary>
    /// <param name="session">The value of its cookie, if there is one.</param>
    public async Task EndAsync(string? session, CancellationToken cancellationToken)
    {
        if (Parse(session) is var (id, secret))
        {
            await store.RemoveAsync(id, PortalKeys.PortalSession(Secrets.Hash(secret)), cancellationToken);
        }
    }

    /// <summary>Forgets all remembered devices of an account. Its sessions stay.</summary>
    public Task ForgetDevicesAsync(string developerId, CancellationToken cancellationToken) =>
        store.RemoveAllAsync(developerId, sessions: false, devices: true, cancellationToken);

    /// <summary>Signs out everywhere, and forgets all devices if <paramref name="devices"/> is true.</summary>
    public Task EndAllAsync(string developerId, bool devices, CancellationToken cancellationToken) =>
        store.RemoveAllAsync(developerId, sessions: true, devices, cancellationToken);

    /// <summary>Removes what has expired. A timer runs it.</summary>
    public Task SweepAsync(CancellationToken cancellationToken) => store.RemoveExpiredAsync(time.GetUtcNow(), cancellationToken);

    // Cookies -----------------------------------------------------------------------------------------------------------

    public string? SessionOf(HttpRequest request) => request.Cookies[Name(PortalCookies.Session)];

    public string? DeviceOf(HttpRequest request) => request.Cookies[Name(PortalCookies.Device)];

    /// <summary>The cookie has no expiry: the browser drops it when it is closed, and the stored session decides anyway.</summary>
    public void SetSession(HttpRequest request, string session) =>
        request.HttpContext.Response.Cookies.Append(Name(PortalCookies.Session), session, Cookie(null));

    public void SetDevice(HttpRequest request, string device) =>
        request.HttpContext.Response.Cookies.Append(Name(PortalCookies.Device), device, Cookie(options.Value.DeviceLifetime));

    public void DropSession(HttpRequest request) => request.HttpContext.Response.Cookies.Delete(Name(PortalCookies.Session), Cookie(null));

    private Task AddAsync(string developerId, string key, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return store.AddAsync(new PortalSession(developerId, key, now, now + lifetime, default), cancellationToken);
    }

    private async Task<PortalSession?> FindAsync(string developerId, string key, CancellationToken cancellationToken) =>
        await store.FindAsync(developerId, key, cancellationToken) is { } session && session.ExpiresAt > time.GetUtcNow() ? session : null;

    private DateTimeOffset End(PortalSession session) => session.CreatedAt + options.Value.SessionMaxLifetime;

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private string Name(string cookie) => PortalCookies.Name(cookie, address.IsSecure);

    private CookieOptions Cookie(TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        Secure = address.IsSecure,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        MaxAge = lifetime,
        IsEssential = true,
    };

    // Derived from the secret in the cookie, which scripts cannot read: so it need not be stored, and nobody else can make it.
    private static string CsrfToken(string secret) => Secrets.Hash("csrf\n" + secret);

    private static (string Id, string Secret)? Parse(string? cookie) =>
        cookie is { Length: <= 128 } && cookie.Split('.') is [{ Length: > 0 } id, { Length: > 0 } secret]
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? (id, secret)
            : null;
}
