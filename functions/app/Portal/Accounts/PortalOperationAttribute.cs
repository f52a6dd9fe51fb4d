using Vox.Platform.OpenApi;

namespace Vox.Portal.Accounts;

/// <summary>Describes an endpoint that the developer portal's pages call, with a session cookie.</summary>
internal sealed class PortalOperationAttribute(string tag, string summary) : ApiOperationAttribute(tag, summary)
{
    private static readonly ApiSecurity Session = ApiSecurity.Cookie("portalSession", PortalCookies.Session);

    public override ApiSecurity Security => Session;
}
