using Microsoft.Extensions.Options;
using Vox.Chat.Events;
using Vox.Chat.Projects;
using Vox.Platform.Mail;
using Vox.Portal.Accounts;
using Vox.Portal.Projects;

namespace Vox.Portal.Billing;

/// <summary>Warns the owners of a project when its credits run low: once, until they were above the limit again.</summary>
public sealed class LowBalanceMail(
    MemberStore members, LedgerStore ledger, MailOutbox mail, PortalAddress address, LimitEvents limits,
    IOptions<BillingOptions> options)
{
    /// <param name="left">The balance after a booking, in ten-thousandths of the currency.</param>
    public async Task SendIfLowAsync(Project project, long left, CancellationToken cancellationToken)
    {
        if (left >= options.Value.LowBalance * LedgerStore.Scale)
        {
            return;
        }

        // Asked here, where the project is at hand: otherwise each charge would read it once more.
        if (project.Wants(EventTypes.LimitReached))
        {
            await limits.ReachedAsync(
                project.Id, LimitEvents.Credits,
                $"The credits of the project are low: {left / LedgerStore.Scale:0.00} {options.Value.Currency}.");
        }

        // A server without e-mail charges all the same. Whoever sets it up later is warned by the next charge.
        if (!mail.IsAvailable
            || await ledger.FindUntoldLowAsync(project.Id, cancellationToken) is not { } balance)
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

        // Noted after the e-mails: if this process ends in between, the next charge sends them again.
        await ledger.NoteToldAsync(project.Id, cancellationToken);
    }
}
