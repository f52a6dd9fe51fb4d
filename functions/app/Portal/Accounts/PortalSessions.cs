using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Vox.Platform.Storage;

namespace Vox.Portal.Accounts;

public static class PortalCookies
{
    public const string Session = "vox-portal";
    public const string Device = "vox-device";
}

/// <summary>Signed-in browsers and remembered devices, in table <c>portalsessions</c>. The cookies hold the secrets, the table hashes.</summary>
public sealed class PortalSessions(StorageClients storage, PortalAddress address, IOptions<PortalOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Renewal = TimeSpan.FromMinutes(10);

    private readonly Table table = storage.Table("portalsessions");

    private TimeSpan Lifetime => TimeSpan.FromHours(options.Value.SessionHours);

    public async Task BeginAsync(HttpContext http, string developerId, CancellationToken cancellationToken)
    {
        var secret = Secrets.NewToken();
        await AddAsync(developerId, PortalKeys.PortalSession(Secrets.Hash(secret)), Lifetime, cancellationToken);
        // Without an expiry: the browser drops it when it is closed, and the table decides anyway.
        http.Response.Cookies.Append(PortalCookies.Session, $"{developerId}.{secret}", Cookie(null));
    }

    public async Task RememberDeviceAsync(HttpContext http, string developerId, CancellationToken cancellationToken)
    {
        var secret = Secrets.NewToken();
        var lifetime = TimeSpan.FromDays(options.Value.DeviceDays);
        await AddAsync(developerId, PortalKeys.PortalDevice(Secrets.Hash(secret)), lifetime, cancellationToken);
        http.Response.Cookies.Append(PortalCookies.Device, $"{developerId}.{secret}", Cookie(lifetime));
    }

    public async Task<bool> IsKnownDeviceAsync(HttpRequest request, string developerId, CancellationToken cancellationToken) =>
        Parse(request.Cookies[PortalCookies.Device]) is var (id, secret) && id == developerId
        && await FindAsync(id, PortalKeys.PortalDevice(Secrets.Hash(secret)), cancellationToken) is not null;

    /// <summary>Whose session it is, and the token that pages have to send with every change; null when there is none.</summary>
    public async Task<(string DeveloperId, string CsrfToken)?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (Parse(request.Cookies[PortalCookies.Session]) is not var (id, secret)
            || await FindAsync(id, PortalKeys.PortalSession(Secrets.Hash(secret)), cancellationToken) is not { } row)
        {
            return null;
        }

        var until = time.GetUtcNow() + Lifetime;
        if (until - row.GetDateTimeOffset("ExpiresAt") > Renewal)
        {
            row["ExpiresAt"] = until;
            // Losing to a sign-out at the same moment is right.
            await table.TryReplaceAsync(row, row.ETag, cancellationToken);
        }

        return (id, CsrfToken(secret));
    }

    /// <summary>Signs this browser out.</summary>
    public async Task EndAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (Parse(request.Cookies[PortalCookies.Session]) is var (id, secret))
        {
            await table.DeleteAsync(id, PortalKeys.PortalSession(Secrets.Hash(secret)), cancellationToken);
        }

        request.HttpContext.Response.Cookies.Delete(PortalCookies.Session, Cookie(null));
    }

    /// <summary>Signs out everywhere, and forgets all devices when <paramref name="devices"/>.</summary>
    public async Task EndAllAsync(string developerId, bool devices, CancellationToken cancellationToken)
    {
        await foreach (var row in table.EnumerateAsync($"PartitionKey eq {developerId}", 1_000, cancellationToken, ["PartitionKey", "RowKey"]))
        {
            if (devices || row.RowKey.StartsWith("s|", StringComparison.Ordinal))
            {
                await table.DeleteAsync(row.PartitionKey, row.RowKey, cancellationToken);
            }
        }
    }

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await foreach (var row in table.EnumerateAsync($"ExpiresAt lt {now}", 1_000, cancellationToken, ["PartitionKey", "RowKey"]))
        {
            await table.DeleteAsync(row.PartitionKey, row.RowKey, cancellationToken);
        }
    }

    private Task AddAsync(string developerId, string row, TimeSpan lifetime, CancellationToken cancellationToken) =>
        table.UpsertAsync(
            new TableEntity(developerId, row) { ["CreatedAt"] = time.GetUtcNow(), ["ExpiresAt"] = time.GetUtcNow() + lifetime }, cancellationToken);

    private async Task<TableEntity?> FindAsync(string developerId, string rowKey, CancellationToken cancellationToken) =>
        await table.FindAsync(developerId, rowKey, cancellationToken) is { } row && row.GetDateTimeOffset("ExpiresAt") > time.GetUtcNow() ? row : null;

    private CookieOptions Cookie(TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        Secure = address.IsSecure,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        MaxAge = lifetime,
        IsEssential = true,
    };

    // Derived from the cookie's secret, which scripts cannot read: it need not be stored, and nobody else can make it.
    private static string CsrfToken(string secret) => Secrets.Hash("csrf\n" + secret);

    private static (string Id, string Secret)? Parse(string? cookie) =>
        cookie is { Length: <= 128 } && cookie.Split('.') is [{ Length: > 0 } id, { Length: > 0 } secret]
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? (id, secret)
            : null;
}
