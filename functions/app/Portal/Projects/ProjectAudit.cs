using Vox.Portal.Accounts;

namespace Vox.Portal.Projects;

/// <summary>The audit log of a project.</summary>
public sealed class ProjectAudit(AuditLog audit)
{
    /// <summary>Records what a member did.</summary>
    /// <param name="action">A stable name: <c>project.renamed</c>.</param>
    /// <param name="detail">For people to read; never a secret.</param>
    public Task RecordAsync(ProjectCaller caller, string action, string detail, CancellationToken cancellationToken) =>
        audit.OfProjectAsync(caller.Project.Id, caller.Who, action, detail, caller.Caller.Address, cancellationToken);

    /// <summary>Newest first.</summary>
    /// <param name="after">The <c>Next</c> of the page before; null: the first page.</param>
    public Task<AuditPage> ReadAsync(string projectId, string? after, CancellationToken cancellationToken) =>
        audit.ReadProjectAsync(projectId, after, cancellationToken);
}
