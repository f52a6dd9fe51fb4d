using Microsoft.Extensions.Logging;
using Vox.Chat.ApiKeys;
using Vox.Platform.Storage;
using Vox.Portal.Accounts;

namespace Vox.Portal.ApiKeys;

/// <summary>Records in the project's audit log what a customer's server has done, under the name of its API key.</summary>
internal sealed partial class ServerActionAudit(AuditLog audit, ILogger<ServerActionAudit> logger) : IServerActionStep
{
    public async Task DoneAsync(ServerCaller caller, string action, string detail, CancellationToken cancellationToken)
    {
        try
        {
            await audit.OfProjectAsync(
                caller.Project.Id, $"API key {caller.Key.Name} (…{caller.Key.LastFour})", action, detail, caller.Address.Text,
                cancellationToken);
        }
        catch (Exception e) when (StorageFailure.IsAny(e))
        {
            // It is done: to report a failure would make the server do it again.
            NotRecorded(e, action, caller.Project.Id);
        }
    }

    [LoggerMessage(6401, LogLevel.Warning, "{Action} by an API key could not be recorded in the audit log of {Project}")]
    private partial void NotRecorded(Exception exception, string action, string project);
}
