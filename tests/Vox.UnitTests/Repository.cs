namespace Vox.Tests;

/// <summary>Files of the repository that tests read.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>A file's text; fails with its name when it is missing.</summary>
    public static string Read(params ReadOnlySpan<string> parts)
    {
        var path = PathOf(parts);
        Assert.True(File.Exists(path), $"{string.Join('/', parts)} is missing.");
        return File.ReadAllText(path);
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "VoxFunctions.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}

/// <summary>Assertions whose failures name everything that is wrong, in full.</summary>
internal static class Lists
{
    public static void AssertNone(string what, IEnumerable<string> items)
    {
        var all = items.Order(StringComparer.Ordinal).ToList();
        Assert.True(all.Count == 0, $"{what}:\n  {string.Join("\n  ", all)}");
    }
}
