namespace Vox.Chat.Projects;

/// <summary>Where a page comes from, as browsers write it in the header <c>Origin</c>.</summary>
internal static class WebOrigin
{
    /// <summary>
    /// The origin of pages that have none: sandboxed frames, local files. Any page can make itself one of these, so it is allowed only
    /// where somebody says so.
    /// </summary>
    public const string None = "null";

    private const int MaxLength = 255;

    /// <summary>Schemes of pages inside mobile and desktop apps, besides those of the web.</summary>
    private static readonly string[] Schemes = ["https", "http", "capacitor", "ionic", "tauri"];

    /// <summary>
    /// <c>https://www.example.com</c> in the one form that browsers send: in small letters, umlauts and the like as Punycode, without the
    /// scheme's own port.
    /// </summary>
    /// <returns>Null for a text that is no origin.</returns>
    public static string? Canonical(string? text)
    {
        var trimmed = text?.Trim() ?? "";
        if (trimmed.Equals(None, StringComparison.OrdinalIgnoreCase))
        {
            return None;
        }

        if (trimmed.Length is 0 or > MaxLength || !Uri.TryCreate(trimmed, UriKind.Absolute, out var uri)
            || !Schemes.Contains(uri.Scheme, StringComparer.Ordinal) || uri.Host.Length == 0 || uri.PathAndQuery is not ("/" or "")
            || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            return null;
        }

        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        var port = uri.IsDefaultPort || uri.Port < 0 ? "" : ":" + uri.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return $"{uri.Scheme}://{host.ToLowerInvariant()}{port}";
    }
}
