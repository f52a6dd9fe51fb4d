using Vox.DevHost.DevTools;

namespace Vox.Tests.Docs;

/// <summary>The files that people read.</summary>
internal static class Repository
{
    private static readonly string[] Skipped = ["bin", "obj", "dist", "node_modules", ".local", ".git", "out", "TestResults"];

    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([LocalPaths.Repository, .. path]));

    public static IEnumerable<string> MarkdownFiles() => Files(LocalPaths.Repository, "*.md");

    /// <summary>Files in this folder and those below, except what builds make.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) => Files(new DirectoryInfo(folder), pattern);

    private static IEnumerable<string> Files(DirectoryInfo folder, string pattern)
        => folder.EnumerateFiles(pattern).Select(file => file.FullName)
        .Concat(folder.EnumerateDirectories()
            .Where(sub => !Skipped.Contains(sub.Name, StringComparer.Ordinal)).SelectMany(sub => Files(sub, pattern)));
}
