using Microsoft.Extensions.Logging;
using Vox.Chat.Sessions;
using Vox.Platform.Storage;
using Vox.Portal.Accounts;

namespace Vox.Portal.Projects;

/// <summary>Records in the project's audit log that a session ended because its refresh token was used twice.</summary>
internal sealed partial class TokenReuseAudit(AuditLog audit, ILogger<TokenReuseAudit> logger) : ITokenReusedStep
{
    public async Task ReusedAsync(Session session, CancellationToken cancellationToken)
    {
        try
        {
            var device = session.Device.Length > 0 ? $" on \"{session.Device}\"" : "";
            await audit.OfProjectAsync(
                session.ProjectId, session.LoginId, "session.token_reused",
                $"{session.LoginId}{device}: a refresh token was used twice, so the session has ended", "", cancellationToken);
        }
        catch (Exception e) when (StorageFailure.IsAny(e))
        {
            // The session has ended, and that matters more.
            NotRecorded(e, session.ProjectId);
        }
    }

    [LoggerMessage(4002, LogLevel.Warning, "The reuse of a refresh token could not be recorded in the audit log of {Project}")]
    private partial void NotRecorded(Exception exception, string project);
}
