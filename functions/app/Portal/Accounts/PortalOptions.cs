using System.ComponentModel.DataAnnotations;

namespace Vox.Portal.Accounts;

/// <summary>The developer portal. Section <c>Portal</c>.</summary>
public sealed class PortalOptions
{
    public const string Section = "Portal";

    /// <summary>
    /// The address at which browsers reach the portal, for links in e-mails. It is never taken from a request, because anybody can
    /// choose a request's Host.
    /// Default: <c>https://{WEBSITE_HOSTNAME}</c> on Azure, <c>Demo:ApiBase</c> elsewhere. With https, cookies are Secure and their
    /// names begin with <c>__Host-</c>.
    /// </summary>
    public Uri? BaseUrl { get; set; }

    /// <summary>The version of the terms that people agree to when they sign up. Default 2026-01.</summary>
    [StringLength(32, MinimumLength = 1)]
    public string TermsVersion { get; set; } = "2026-01";

    /// <summary>A session ends after this many hours without use. 1–168, default 12.</summary>
    [Range(1, 168)]
    public int SessionHours { get; set; } = 12;

    internal TimeSpan SessionLifetime => TimeSpan.FromHours(SessionHours);

    /// <summary>A session ends after this many hours even if it is in use. 1–720, default 168 (a week).</summary>
    [Range(1, 720)]
    public int SessionMaxHours { get; set; } = 168;

    internal TimeSpan SessionMaxLifetime => TimeSpan.FromHours(SessionMaxHours);

    /// <summary>Days for which a remembered device needs no second factor. 1–90, default 30.</summary>
    [Range(1, 90)]
    public int DeviceDays { get; set; } = 30;

    internal TimeSpan DeviceLifetime => TimeSpan.FromDays(DeviceDays);

    /// <summary>
    /// The work for one captcha: how many numbers have to be tried at most. 1,000–1,000,000, default 100,000 (about a second).
    /// </summary>
    [Range(1_000, 1_000_000)]
    public int CaptchaWork { get; set; } = 100_000;

    /// <summary>
    /// How many requests that may send an e-mail or create an account are allowed, per address and hour. 5–10,000, default 30. Where no
    /// trustworthy address is known, there is no such limit.
    /// </summary>
    [Range(5, 10_000)]
    public int RequestsPerHour { get; set; } = 30;

    /// <summary>
    /// Projects that one account may own; those that others have invited it to do not count. 1–1,000, default 100.
    /// </summary>
    [Range(1, 1_000)]
    public int MaxProjects { get; set; } = 100;
}
