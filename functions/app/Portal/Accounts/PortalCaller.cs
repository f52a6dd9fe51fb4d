using Vox.Platform.Limits;

namespace Vox.Portal.Accounts;

/// <summary>The signed-in developer who made a request.</summary>
public sealed record PortalCaller(Developer Developer, string CsrfToken, ClientAddress Client)
{
    /// <summary>The client's address, for the audit log.</summary>
    public string Address => Client.Text;
}
