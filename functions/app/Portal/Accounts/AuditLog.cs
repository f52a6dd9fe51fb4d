using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Portal.Accounts;

/// <summary>Who did what, when, from where.</summary>
/// <param name="Action">Stable: <c>project.created</c>.</param>
/// <param name="Detail">For people; never a secret.</param>
public sealed record AuditEntry(DateTimeOffset At, string Who, string Action, string Detail, string Address);

/// <summary>The record of every change, in table <c>audit</c>: written, never changed.</summary>
public sealed class AuditLog(StorageClients storage, TimeProvider time)
{
    private readonly Table table = storage.Table("audit");

    public Task OfProjectAsync(string projectId, string who, string action, string detail, string address, CancellationToken cancellationToken) =>
        AddAsync(PortalKeys.ProjectAudit(projectId), who, action, detail, address, cancellationToken);

    public Task OfAccountAsync(string developerId, string who, string action, string detail, string address, CancellationToken cancellationToken) =>
        AddAsync(PortalKeys.DeveloperAudit(developerId), who, action, detail, address, cancellationToken);

    /// <summary>Newest first, older than <paramref name="after"/> (the row key of the last one seen).</summary>
    public async Task<(List<AuditEntry> Entries, string? Next)> ReadAsync(
        string partition, string? after, int size, CancellationToken cancellationToken)
    {
        var rows = await table.QueryAsync($"PartitionKey eq {partition} and RowKey gt {after ?? ""}", size + 1, cancellationToken);
        var page = rows.Take(size).ToList();
        return (
            page.ConvertAll(row => new AuditEntry(
                row.GetDateTimeOffset("At") ?? default, row.GetString("Who"), row.GetString("Action"), row.GetString("Detail"), row.GetString("Address"))),
            rows.Count > size ? page[^1].RowKey : null);
    }

    private async Task AddAsync(string partition, string who, string action, string detail, string address, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await table.UpsertAsync(
            new TableEntity(partition, PortalKeys.AuditRow(now, Secrets.NewToken()[..6]))
            {
                ["At"] = now, ["Who"] = who, ["Action"] = action, ["Detail"] = detail.Length > 1_000 ? detail[..1_000] : detail, ["Address"] = address,
            },
            cancellationToken);
    }
}
