using System.Reflection;

namespace Vox.Local.DevTools;

/// <summary>Folders of the source tree. Development tools run where they were built.</summary>
internal static class LocalPaths
{
    /// <summary><c>functions/local</c>, with its node_modules.</summary>
    public static string ProjectFolder { get; } = typeof(LocalPaths).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => string.Equals(attribute.Key, "Vox.Local.ProjectFolder", StringComparison.Ordinal)).Value!;

    public static string Repository { get; } = Path.GetFullPath(Path.Combine(ProjectFolder, "..", ".."));

    /// <summary>Git-ignored; everything that the local tools keep lies here and can be deleted at any time.</summary>
    public static string Data { get; } = Path.Combine(Repository, ".local");
}
