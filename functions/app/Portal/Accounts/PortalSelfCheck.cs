using Vox.Platform.SelfChecks;

namespace Vox.Portal.Accounts;

/// <summary>The address in e-mails and links.</summary>
internal sealed class PortalSelfCheck(PortalAddress address) : ISelfCheck
{
    private const string Name = "portal address";

    public Task<IReadOnlyList<Finding>> CheckAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>(
    [
        address.IsSecure || address.Base.IsLoopback
            ? new Finding(Name, FindingLevel.Ok, $"Links lead to {address.Base}.", null, address.Base.ToString())
            : new Finding(
                Name, FindingLevel.Error, $"Links lead to {address.Base}, without TLS: passwords and cookies could be read on the way.",
                "Set Portal__BaseUrl to the https address that people use.", address.Base.ToString()),
    ]);
}
