namespace Vox.Portal.Accounts;

/// <summary>The record of every change in a project or an account.</summary>
public sealed class AuditLog(AuditStore store, TimeProvider time)
{
    private const int PageSize = 50;
    private const int MaxDetail = 1_000;

    public Task OfProjectAsync(
        string projectId, string who, string action, string detail, string address, CancellationToken cancellationToken) =>
        AddAsync(PortalKeys.ProjectAudit(projectId), who, action, detail, address, cancellationToken);

    public Task OfAccountAsync(
        string developerId, string who, string action, string detail, string address, CancellationToken cancellationToken) =>
        AddAsync(PortalKeys.DeveloperAudit(developerId), who, action, detail, address, cancellationToken);

    /// <summary>Newest first.</summary>
    /// <param name="after">The <c>Next</c> of the page before; null: the first page.</param>
    public Task<AuditPage> ReadProjectAsync(string projectId, string? after, CancellationToken cancellationToken) =>
        store.ReadAsync(PortalKeys.ProjectAudit(projectId), after, PageSize, cancellationToken);

    /// <summary>Newest first.</summary>
    /// <param name="after">The <c>Next</c> of the page before; null: the first page.</param>
    public Task<AuditPage> ReadAccountAsync(string developerId, string? after, CancellationToken cancellationToken) =>
        store.ReadAsync(PortalKeys.DeveloperAudit(developerId), after, PageSize, cancellationToken);

    private Task AddAsync(string partition, string who, string action, string detail, string address, CancellationToken cancellationToken)
    {
        var entry = new AuditEntry(time.GetUtcNow(), who, action, detail.Length > MaxDetail ? detail[..MaxDetail] : detail, address);
        return store.AddAsync(partition, entry, Secrets.NewToken()[..6], cancellationToken);
    }
}
