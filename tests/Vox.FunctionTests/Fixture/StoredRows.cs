using Azure.Data.Tables;

namespace Vox.Tests.Fixture;

/// <summary>Copies rows of tables and puts them back, as a restore of an older state does.</summary>
internal static class StoredRows
{
    public static async Task<List<(string Table, TableEntity Row)>> ReadAsync(
        string storageConnection, string tablePrefix, IEnumerable<string> tables)
    {
        var rows = new List<(string, TableEntity)>();
        foreach (var table in tables)
        {
            await foreach (var row in new TableClient(storageConnection, tablePrefix + table).QueryAsync<TableEntity>())
            {
                rows.Add((table, row));
            }
        }

        return rows;
    }

    public static async Task WriteAsync(
        string storageConnection, string tablePrefix, IEnumerable<(string Table, TableEntity Row)> rows)
    {
        foreach (var (table, row) in rows)
        {
            await new TableClient(storageConnection, tablePrefix + table).UpsertEntityAsync(row, TableUpdateMode.Replace);
        }
    }
}
