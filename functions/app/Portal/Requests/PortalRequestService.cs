using Vox.Chat.Projects;
using Vox.Chat.Requests;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Projects;

namespace Vox.Portal.Requests;

/// <summary>What developers see of the API requests of a project, and which of them are kept.</summary>
public sealed class PortalRequestService(RequestLog log, ProjectService projects, ProjectAudit audit)
{
    private const int PageSize = 50;

    internal Task<ApiRequestPage> ListAsync(
        Project project, RequestFilter filter, string? after, CancellationToken cancellationToken) =>
        log.ListAsync(project, filter, after, PageSize, cancellationToken);

    /// <exception cref="VoxException">missing_field</exception>
    internal async Task<KeptRequestsView> SetAsync(ProjectCaller caller, KeptRequestsView wanted, CancellationToken cancellationToken)
    {
        var kept = wanted.Kept ?? throw new VoxException(Errors.MissingField, "kept is missing: errors, all or none.", "kept");
        await projects.UpdateAsync(caller.Project.Id, project => project with { KeptRequests = kept }, cancellationToken);
        await audit.RecordAsync(caller, "requests.kept", $"{kept}".ToLowerInvariant(), cancellationToken);
        return new KeptRequestsView(kept);
    }
}
