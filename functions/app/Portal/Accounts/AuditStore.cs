using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Portal.Accounts;

/// <summary>Audit entries in table <c>audit</c>: added, never changed.</summary>
public sealed class AuditStore(StorageClients storage)
{
    private readonly Table table = storage.Table("audit");

    /// <param name="unique">Tells entries of the same moment apart.</param>
    public Task AddAsync(string partition, AuditEntry entry, string unique, CancellationToken cancellationToken) => table.UpsertAsync(
        new TableEntity(partition, PortalKeys.AuditRow(entry.At, unique))
        {
            ["At"] = entry.At,
            ["Who"] = entry.Who,
            ["Action"] = entry.Action,
            ["Detail"] = entry.Detail,
            ["Address"] = entry.Address,
        },
        cancellationToken);

    /// <summary>A page of entries, newest first, older than <paramref name="after"/> (the row key of the last one seen).</summary>
    public async Task<AuditPage> ReadAsync(string partition, string? after, int size, CancellationToken cancellationToken)
    {
        var rows = await table.QueryAsync($"PartitionKey eq {partition} and RowKey gt {after ?? ""}", size + 1, cancellationToken);
        var page = rows.Take(size).ToList();
        return new AuditPage(
            page.ConvertAll(row => new AuditEntry(
                row.GetDateTimeOffset("At") ?? default, row.GetString("Who"), row.GetString("Action"), row.GetString("Detail"),
                row.GetString("Address"))),
            rows.Count > size ? page[^1].RowKey : null);
    }
}
