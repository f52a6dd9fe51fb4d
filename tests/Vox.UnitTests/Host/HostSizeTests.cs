using System.Text.RegularExpressions;
using Vox.DevHost.DevTools;

namespace Vox.Tests.Host;

/// <summary>The development host is a help for developers, not a product of its own.</summary>
public sealed partial class HostSizeTests
{
    private static readonly string[] Others = ["bin", "obj", "DevTools", "node_modules"];

    /// <summary>Comments and blank lines are not counted, nor what starts Azurite.</summary>
    [Fact]
    public void DevelopmentHost_HasFewerThan2000LinesOfCode()
    {
        var folder = Path.Combine(LocalPaths.Repository, "functions", "host");
        var files = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Others.Contains(Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar)[0]))
            .ToList();

        Assert.Contains(files, file => file.EndsWith("WorkerChannel.cs", StringComparison.Ordinal));
        Assert.InRange(files.Sum(file => File.ReadLines(file).Count(line => !Nothing().IsMatch(line))), 1, 1_999);
    }

    [GeneratedRegex(@"^\s*(//.*)?$")]
    private static partial Regex Nothing();
}
