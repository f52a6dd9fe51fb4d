using Vox.DevHost.DevTools;

namespace Vox.Tests.House;

/// <summary>Lines fit beside each other on a screen. The compiler's analyzers do not look at their length.</summary>
public sealed class LineLengthTests
{
    private const int Most = 140;

    [Fact]
    public void CSharp_LinesOfCode_HaveAtMost140Columns()
    {
        var files = new[] { "functions", "tests" }
            .Select(folder => Path.Combine(LocalPaths.Repository, folder))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules"))
            .ToList();

        Assert.True(files.Count > 500, "No files were found.");
        Lists.AssertNone(
            $"Lines with more than {Most} columns",
            from file in files
            from line in TooLong(File.ReadAllLines(file))
            select $"{Path.GetRelativePath(LocalPaths.Repository, file)}:{line}");
    }

    /// <summary>Raw texts are data: scripts, answers of services. They are as long as they are.</summary>
    private static IEnumerable<int> TooLong(string[] lines)
    {
        var raw = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var marks = lines[i].Split("\"\"\"").Length - 1;
            if (!raw && marks == 0 && lines[i].Length > Most)
            {
                yield return i + 1;
            }

            raw ^= marks % 2 == 1;
        }
    }
}
