using Azure.Data.Tables;

namespace Vox.Platform.Storage;

/// <summary>
/// The shapes that the rows of a table have had. Column <c>V</c> says which one a row has; a row without it has the first. A row is brought
/// to the newest shape when it is read, in memory, and by a sweep, in the table (docs/decisions/0009-row-versions.md).
/// </summary>
/// <param name="changes">
/// The first makes the second shape of the first, and so on. Each changes columns of the row, needs nothing but the row, and may meet a row
/// that has its result already: an earlier release writes the columns that it knows, and no <c>V</c>.
/// </param>
public sealed class RowSchema(string table, params IReadOnlyList<Action<TableEntity>> changes)
{
    public const string Column = "V";

    public string Table => table;

    /// <summary>Whether the table is in every storage account with projects' data (<see cref="StorageClients.ProjectTable"/>).</summary>
    public bool OfProjects { get; init; }

    /// <summary>The newest shape, which this release writes.</summary>
    public int Version => changes.Count + 1;

    /// <summary>Brings a row to the newest shape. A row of a later release stays as it is.</summary>
    /// <returns>Whether the row had an older shape.</returns>
    public bool Upgrade(TableEntity row)
    {
        var version = VersionOf(row);
        if (version >= Version)
        {
            return false;
        }

        foreach (var change in changes.Skip(version - 1))
        {
            change(row);
        }

        row[Column] = Version;
        return true;
    }

    /// <summary>Notes the shape in a row that is about to be written.</summary>
    public TableEntity Stamp(TableEntity row)
    {
        row[Column] = Version;
        return row;
    }

    public static int VersionOf(TableEntity row) => row.GetInt32(Column) ?? 1;
}
