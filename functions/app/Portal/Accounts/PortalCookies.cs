namespace Vox.Portal.Accounts;

/// <summary>
/// The names of the portal's cookies. Behind https they begin with <c>__Host-</c>: browsers then accept them only with Secure, for this
/// host alone and for all its paths, so that no other host of the domain can plant one. On a developer's machine without https there is
/// no prefix, because not all browsers take Secure cookies from http://localhost.
/// </summary>
internal static class PortalCookies
{
    public const string Session = "__Host-vox-portal";
    public const string Device = "__Host-vox-device";

    private const string Prefix = "__Host-";

    /// <param name="name">One of the names above.</param>
    public static string Name(string name, bool secure) => secure ? name : name[Prefix.Length..];
}
