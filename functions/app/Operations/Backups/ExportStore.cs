using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Operations.Backups;

/// <summary>Where a pass over all rows is.</summary>
/// <param name="Table">The table's name and account; the passes go through them in this order.</param>
/// <param name="Continuation">Where it goes on there; null for the beginning.</param>
internal sealed record PassPosition(string Table, int Account, string? Continuation);

/// <summary>Reads rows of all tables and writes them to a backup.</summary>
public sealed class ExportStore(StorageClients storage)
{
    private volatile Dictionary<(string Table, int Account), TableClient> clients = [];

    /// <summary>Rows of a partition that have changed, or all of them after a line that says so.</summary>
    internal async Task ExportAsync(ChangedPartition changed, SegmentWriter segment, CancellationToken cancellationToken)
    {
        var table = BackupTables.IsHome(changed.Table) ? storage.Table(changed.Table) : storage.ProjectTable(changed.Table);
        var client = await table.ReadyAsync(changed.Partition, cancellationToken);
        var filter = changed.Whole
            ? TableClient.CreateQueryFilter($"PartitionKey eq {changed.Partition}")
            : TableClient.CreateQueryFilter($"PartitionKey eq {changed.Partition} and Timestamp ge {changed.Since}");
        var first = changed.Whole;
        await foreach (var page in client.QueryAsync<TableEntity>(filter, 1_000, null, cancellationToken).AsPages())
        {
            var whole = first;
            first = false;
            if (whole || page.Values.Count > 0)
            {
                await WriteAsync(segment, changed.Table, page.Values, whole ? changed.Partition : null, cancellationToken);
            }
        }
    }

    /// <summary>The tables that a pass goes through, in order.</summary>
    internal async Task<List<(string Table, int Account)>> TablesAsync(CancellationToken cancellationToken)
    {
        clients = (await storage.BackedUpTablesAsync(cancellationToken))
            .ToDictionary(table => (table.Name, table.Account), table => table.Client);
        return [.. clients.Keys.OrderBy(table => table.Item1, StringComparer.Ordinal).ThenBy(table => table.Item2)];
    }

    /// <summary>Writes one page of a pass through the tables that were listed last.</summary>
    /// <returns>The next page's; null at the end of the table.</returns>
    internal async Task<string?> ExportPageAsync(PassPosition position, SegmentWriter segment, CancellationToken cancellationToken)
    {
        var client = clients[(position.Table, position.Account)];
        await foreach (var page in client.QueryAsync<TableEntity>((string?)null, 1_000, null, cancellationToken)
            .AsPages(position.Continuation))
        {
            if (page.Values.Count > 0)
            {
                await WriteAsync(segment, position.Table, page.Values, null, cancellationToken);
            }

            return page.ContinuationToken;
        }

        return null;
    }

    private static Task WriteAsync(
        SegmentWriter segment, string table, IReadOnlyList<TableEntity> rows, string? whole, CancellationToken cancellationToken) =>
        segment.WriteAsync(rows.Count, write =>
        {
            if (whole is not null)
            {
                write(json =>
                {
                    json.WriteStartObject();
                    json.WriteString("t", table);
                    json.WriteString("p", whole);
                    json.WriteBoolean("whole", true);
                    json.WriteEndObject();
                });
            }

            foreach (var row in rows)
            {
                write(json => BackupRows.Write(json, table, row));
            }
        }, cancellationToken);
}
