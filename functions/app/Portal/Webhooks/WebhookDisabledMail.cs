using Microsoft.Extensions.Logging;
using Vox.Chat.Projects;
using Vox.Chat.Webhooks;
using Vox.Platform.Mail;
using Vox.Platform.Storage;
using Vox.Portal.Accounts;
using Vox.Portal.Projects;

namespace Vox.Portal.Webhooks;

/// <summary>Writes to the owners of a project, and notes in its audit log, that a webhook endpoint was switched off.</summary>
internal sealed partial class WebhookDisabledMail(
    MemberStore members, ProjectService projects, MailOutbox mail, AuditLog audit, PortalAddress address,
    ILogger<WebhookDisabledMail> logger) : IWebhookDisabledStep
{
    public async Task DisabledAsync(WebhookEndpoint endpoint, string reason, CancellationToken cancellationToken)
    {
        try
        {
            await audit.OfProjectAsync(
                endpoint.ProjectId, "VoxFunctions", "webhook.disabled", $"{endpoint.Url}: {reason}", "", cancellationToken);
            if (!mail.IsAvailable || await projects.FindAsync(endpoint.ProjectId, cancellationToken) is not { } project)
            {
                return;
            }

            foreach (var owner in (await members.ListAsync(project.Id, cancellationToken)).Where(m => m.Role == ProjectRole.Owner))
            {
                await mail.SendAsync(
                    MailTemplates.WebhookDisabled(
                        owner.Email, project.Name, endpoint.Url, reason, address.Page($"projects/{project.Id}/webhooks")),
                    cancellationToken);
            }
        }
        catch (Exception e) when (StorageFailure.IsAny(e))
        {
            // It is switched off all the same, and the list of endpoints says why.
            NotTold(e, endpoint.ProjectId);
        }
    }

    [LoggerMessage(6415, LogLevel.Warning, "The owners of project {Project} could not be told that a webhook was switched off")]
    private partial void NotTold(Exception exception, string project);
}
