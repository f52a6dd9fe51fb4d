namespace Vox.Portal.Accounts;

/// <summary>The names of the portal's cookies.</summary>
internal static class PortalCookies
{
    public const string Session = "vox-portal";
    public const string Device = "vox-device";
}
