using Microsoft.Extensions.Options;
using Vox.Platform.Mail;

namespace Vox.Portal.Accounts;

/// <summary>What the portal's pages need to know before anybody has signed in.</summary>
public sealed class PortalInfoService(PortalAddress address, IOptions<PortalOptions> options, IOptions<MailOptions> mail)
{
    public PortalInfoResponse Read() => new(
        options.Value.TermsVersion, mail.Value.IsFolder, address.Base.ToString().TrimEnd('/'), mail.Value.IsConfigured);
}
