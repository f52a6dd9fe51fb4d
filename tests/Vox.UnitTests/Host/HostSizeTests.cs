using System.Text.RegularExpressions;
using Vox.DevHost.DevTools;

namespace Vox.Tests.Host;

/// <summary>The development host is a help for developers, not a product of its own.</summary>
public sealed partial class HostSizeTests
{
    private static readonly string[] Others = ["bin", "obj", "DevTools", "node_modules"];

    /// <summary>Counts lines that say something: no comments, no blank lines, no lone braces; and not what starts Azurite.</summary>
    [Fact]
    public void DevelopmentHost_HasFewerThan1600LinesOfCode()
    {
        var folder = Path.Combine(LocalPaths.Repository, "functions", "host");
        var files = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Others.Contains(Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar)[0]))
            .ToList();

        Assert.Contains(files, file => file.EndsWith("WorkerChannel.cs", StringComparison.Ordinal));
        Assert.InRange(files.Sum(file => File.ReadLines(file).Count(line => !Nothing().IsMatch(line))), 1, 1_599);
    }

    [GeneratedRegex(@"^\s*([{}]|//.*)?$")]
    private static partial Regex Nothing();
}
