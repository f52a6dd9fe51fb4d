using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace Vox.SignalREmulation;

/// <summary>
/// An address that is split by hand. ASP.NET's path and System.Uri both decode or normalize parts of it, but user ids such as
/// <c>a/b</c> or <c>a+b</c> must arrive unchanged.
/// </summary>
internal sealed record RequestAddress(string Authority, string[] Segments, string Query)
{
    public static RequestAddress Of(HttpRequest request)
    {
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;
        return TryParse(target) ?? Split("", target);
    }

    /// <summary>Null unless it is an absolute http address.</summary>
    public static RequestAddress? TryParse(string address)
    {
        const string scheme = "http://";
        if (!address.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var slash = address.IndexOf('/', scheme.Length);
        return slash < 0 ? null : Split(address[scheme.Length..slash], address[slash..]);
    }

    /// <summary>Whether a token issued for <paramref name="audience"/> is for this REST request. Query and port are optional.</summary>
    public bool IsNamedBy(string audience, int port)
    {
        return TryParse(audience) is { } named
            && named.IsLocal(port)
            && named.Segments.AsSpan().SequenceEqual(Segments)
            && (named.Query.Length == 0 || string.Equals(named.Query, Query, StringComparison.Ordinal));
    }

    /// <summary>Whether a client token issued for <paramref name="audience"/> is meant for this hub.</summary>
    public static bool IsClientAudience(string audience, string hub, int port)
    {
        return TryParse(audience) is { } named
            && named.IsLocal(port)
            && named.Segments is ["client"] or ["client", ""]
            && QueryHelpers.ParseQuery(named.Query).TryGetValue("hub", out var namedHub)
            && string.Equals(namedHub, hub, StringComparison.OrdinalIgnoreCase);
    }

    // A missing port counts as local: the official extension leaves it out.
    private bool IsLocal(int port)
    {
        var colon = Authority.IndexOf(':', StringComparison.Ordinal);
        var host = colon < 0 ? Authority : Authority[..colon];
        return (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || string.Equals(host, "127.0.0.1", StringComparison.Ordinal))
            && (colon < 0 || string.Equals(Authority[(colon + 1)..], port.ToString(), StringComparison.Ordinal));
    }

    private static RequestAddress Split(string authority, string target)
    {
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? target : target[..question];
        var segments = path.TrimStart('/').Split('/').Select(Uri.UnescapeDataString).ToArray();
        return new(authority, segments, question < 0 ? "" : target[(question + 1)..]);
    }
}
