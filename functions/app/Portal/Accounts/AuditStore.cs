using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Portal.Accounts;

/// <summary>Audit entries in table <c>audit</c>: added, and never changed but to erase a user's name.</summary>
public sealed class AuditStore(StorageClients storage)
{
    private readonly Table table = storage.Table("audit");

    /// <param name="unique">Tells entries of the same moment apart.</param>
    public Task AddAsync(string partition, AuditEntry entry, string unique, CancellationToken cancellationToken) => table.UpsertAsync(
        ToRow(partition, PortalKeys.AuditRow(entry.At, unique), entry), cancellationToken);

    /// <summary>Changes all entries of a partition, for an erasure.</summary>
    /// <param name="change">The entry as it is to be; null: it goes.</param>
    public async Task RewriteAsync(string partition, Func<AuditEntry, AuditEntry?> change, CancellationToken cancellationToken)
    {
        await foreach (var row in table.EnumerateAsync($"PartitionKey eq {partition}", 1_000, cancellationToken))
        {
            var entry = FromRow(row);
            var changed = change(entry);
            if (changed is null)
            {
                await table.DeleteAsync(row.PartitionKey, row.RowKey, cancellationToken);
            }
            else if (changed != entry)
            {
                await table.TryReplaceAsync(ToRow(partition, row.RowKey, changed), RowVersion.Any, cancellationToken);
            }
        }
    }

    /// <summary>A page of entries, newest first, older than <paramref name="after"/> (the row key of the last one seen).</summary>
    public async Task<AuditPage> ReadAsync(string partition, string? after, int size, CancellationToken cancellationToken)
    {
        var rows = await table.QueryAsync($"PartitionKey eq {partition} and RowKey gt {after ?? ""}", size + 1, cancellationToken);
        var page = rows.Take(size).ToList();
        return new AuditPage(
            page.ConvertAll(FromRow), rows.Count > size ? page[^1].RowKey : null);
    }

    private static TableEntity ToRow(string partition, string key, AuditEntry entry) => new(partition, key)
    {
        ["At"] = entry.At,
        ["Who"] = entry.Who,
        ["Action"] = entry.Action,
        ["Detail"] = entry.Detail,
        ["Address"] = entry.Address,
    };

    private static AuditEntry FromRow(TableEntity row) => new(
        row.GetDateTimeOffset("At") ?? default, row.GetString("Who"), row.GetString("Action"), row.GetString("Detail"),
        row.GetString("Address"));
}
