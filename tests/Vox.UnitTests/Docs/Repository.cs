using Vox.DevHost.DevTools;

namespace Vox.Tests.Docs;

/// <summary>The files that people read.</summary>
internal static class Repository
{
    private static readonly string[] Skipped = ["bin", "obj", "node_modules", ".local", ".git", "out", "TestResults"];

    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([LocalPaths.Repository, .. path]));

    public static IEnumerable<string> MarkdownFiles() => MarkdownFiles(new DirectoryInfo(LocalPaths.Repository));

    private static IEnumerable<string> MarkdownFiles(DirectoryInfo folder) => folder.EnumerateFiles("*.md").Select(file => file.FullName)
        .Concat(folder.EnumerateDirectories().Where(sub => !Skipped.Contains(sub.Name, StringComparer.Ordinal)).SelectMany(MarkdownFiles));
}
