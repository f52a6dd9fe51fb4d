using System.Text.Json;
using System.Text.RegularExpressions;
using Vox.DevHost.DevTools;
using Vox.Platform.Storage;
using Vox.Tests.Fixture;

namespace Vox.Tests.Backups;

/// <summary>What <see cref="BackupTables"/> says of tables against how the code uses them.</summary>
public sealed partial class BackupTablesTests
{
    /// <summary>
    /// In two ways: a project's partitions are in its account, and others, whose names do not begin with a project's id, in the first.
    /// </summary>
    private static readonly string[] Both = ["presence", "usage"];

    private static readonly string[] Tables =
    [
        .. JsonSerializer.Deserialize<JsonElement>(
            File.ReadAllText(Path.Combine(LocalPaths.Repository, "infra-bicep", "app.json"))).GetProperty("tables").EnumerateArray()
            .Select(table => table.GetString()!),
    ];

    /// <summary>A table that leaves the backups, or a new one that does not belong there, must be named in both places.</summary>
    [Fact]
    public void Tables_ThatAreNotInBackups_AreThoseThatTestsLeaveOut()
    {
        Assert.True(Tables.Length > 40, "infra-bicep/app.json was not read.");
        Assert.Equal(
            BackupWorld.NotInBackups.Intersect(Tables).Order(), Tables.Where(table => !BackupTables.IsBackedUp(table)).Order());
    }

    /// <summary>
    /// An export and a restore find a project's partitions in the project's account, or all in the first. A table in the wrong list would
    /// be exported empty wherever there are several accounts.
    /// </summary>
    [Fact]
    public void Tables_OfAllProjectsInTheFirstAccount_AreTheOnesThatTheCodeUsesSo()
    {
        var uses = Directory
            .EnumerateFiles(Path.Combine(LocalPaths.Repository, "functions", "app"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Use().Matches(File.ReadAllText(file)))
            .Select(use => (Table: use.Groups[2].Value, OfProject: use.Groups[1].Value.Length > 0)).Distinct().ToLookup(use => use.Table);
        Assert.Equal(Tables.Order(), uses.Select(table => table.Key).Order());

        Assert.Equal(Both, uses.Where(table => table.Count() > 1).Select(table => table.Key).Order());
        foreach (var table in uses.Where(table => BackupTables.IsBackedUp(table.Key)))
        {
            Assert.Equal((table.Key, table.All(use => !use.OfProject)), (table.Key, BackupTables.IsHome(table.Key)));
        }
    }

    [GeneratedRegex("""\.(Project)?Table\("(\w+)"[,)]""")]
    private static partial Regex Use();
}
