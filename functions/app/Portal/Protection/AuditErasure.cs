using Vox.Chat.Protection;
using Vox.Portal.Accounts;

namespace Vox.Portal.Protection;

/// <summary>
/// Takes users' names out of a project's audit log, and records there what is done to its data. Of an erased project only that record
/// stays.
/// </summary>
internal sealed class AuditErasure(AuditLog audit, AuditStore store) : IErasureStep, IDataRecordStep
{
    private const string Data = "data.";

    /// <summary>Actions whose entries may name a user of the project.</summary>
    private static readonly string[] AboutUsers = ["user.", "session.", "group.user_"];

    public Task RecordAsync(string projectId, DataActor actor, string action, string detail, CancellationToken cancellationToken) =>
        audit.OfProjectAsync(projectId, actor.Who, action, detail, actor.Address, cancellationToken);

    public Task EraseUserAsync(string projectId, string loginId, string pseudonym, CancellationToken cancellationToken) =>
        store.RewriteAsync(
            PortalKeys.ProjectAudit(projectId),
            entry => Array.Exists(AboutUsers, prefix => entry.Action.StartsWith(prefix, StringComparison.Ordinal))
                && (entry.Who == loginId || Names(entry.Detail, loginId))
                ? entry with
                {
                    Who = entry.Who == loginId ? pseudonym : entry.Who,

                    // The rest of the detail may say more about them, such as the name of a device.
                    Detail = pseudonym,
                }
                : entry,
            cancellationToken);

    public Task EraseProjectAsync(string projectId, CancellationToken cancellationToken) => store.RewriteAsync(
        PortalKeys.ProjectAudit(projectId),
        entry => entry.Action.StartsWith(Data, StringComparison.Ordinal) ? entry : null,
        cancellationToken);

    /// <summary>Details are the name alone, or begin with it: <c>alice on "her phone": …</c>.</summary>
    private static bool Names(string detail, string loginId) =>
        detail.StartsWith(loginId, StringComparison.Ordinal)
        && (detail.Length == loginId.Length || detail[loginId.Length] is ' ' or ':' or ',');
}
