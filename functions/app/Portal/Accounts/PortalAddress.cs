using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Vox.Portal.Accounts;

/// <summary>Where the portal is.</summary>
public sealed class PortalAddress(IOptions<PortalOptions> options, IConfiguration configuration)
{
    public Uri Base { get; } = options.Value.BaseUrl ?? new Uri(
        configuration["WEBSITE_HOSTNAME"] is { Length: > 0 } host ? $"https://{host}"
        : configuration["Demo:ApiBase"] is { Length: > 0 } local ? local
        : "http://localhost:7071");

    public bool IsSecure => Base.Scheme == Uri.UriSchemeHttps;

    /// <summary>A page of the portal: <c>activate?token=…</c>.</summary>
    /// <param name="page">May have a query already: <c>invitation?to=…</c>.</param>
    public string Page(string page, string? token = null) => new Uri(
        Base,
        "/portal/" + page + (token is null ? "" : (page.Contains('?', StringComparison.Ordinal) ? "&token=" : "?token=")
            + Uri.EscapeDataString(token))).ToString();
}
