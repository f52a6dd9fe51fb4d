using Microsoft.Extensions.Options;
using Vox.Chat.Projects;
using Vox.Platform.Mail;
using Vox.Portal.Accounts;
using Vox.Portal.Projects;

namespace Vox.Portal.Billing;

/// <summary>Warns the owners of a project when its credits run low.</summary>
public sealed class LowBalanceMail(MemberStore members, MailOutbox mail, PortalAddress address, IOptions<BillingOptions> options)
{
    /// <param name="balance">In ten-thousandths of the currency.</param>
    public async Task SendIfLowAsync(Project project, long balance, CancellationToken cancellationToken)
    {
        if (balance >= options.Value.LowBalance * LedgerStore.Scale)
        {
            return;
        }

        var text = $"{balance / LedgerStore.Scale:0.00} {options.Value.Currency}";
        foreach (var owner in (await members.ListAsync(project.Id, cancellationToken)).Where(m => m.Role == ProjectRole.Owner))
        {
            await mail.SendAsync(
                MailTemplates.LowBalance(owner.Email, project.Name, text, address.Page($"projects/{project.Id}/credits")),
                cancellationToken);
        }
    }
}
