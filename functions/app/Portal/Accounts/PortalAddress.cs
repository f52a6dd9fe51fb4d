using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Vox.Portal.Accounts;

/// <summary>Where the portal is, and where a request comes from.</summary>
public sealed class PortalAddress(IOptions<PortalOptions> options, IConfiguration configuration)
{
    public Uri Base { get; } = options.Value.BaseUrl ?? new Uri(
        configuration["WEBSITE_HOSTNAME"] is { Length: > 0 } host ? $"https://{host}"
        : configuration["Demo:ApiBase"] is { Length: > 0 } local ? local
        : "http://localhost:7071");

    public bool IsSecure => Base.Scheme == Uri.UriSchemeHttps;

    /// <summary>A page of the portal: <c>activate?token=…</c>.</summary>
    public string Page(string page, string? token = null) =>
        new Uri(Base, "/portal/" + page + (token is null ? "" : "?token=" + Uri.EscapeDataString(token))).ToString();

    /// <summary>The address of the client, at most 64 characters, or <c>unknown</c>.</summary>
    public string ClientOf(HttpRequest request)
    {
        var header = options.Value.ClientAddressHeader is { Length: > 0 } name ? request.Headers[name].ToString() : "";
        var text = header.Length > 0
            ? header.Split(',')[0].Trim()
            : request.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        return text.Length > 64 ? text[..64] : text;
    }
}
