namespace Vox.DevHost.DevTools;

/// <summary>
/// Where a developer's machine keeps tools and data. The paths are found at run time, from the folder of the running app: a copied app
/// must not use the data of the place where it was built.
/// </summary>
internal static class LocalPaths
{
    private const string DataFolder = ".local";
    private const string AzuriteScriptName = "azurite.mjs";

    /// <exception cref="InvalidOperationException">The running app is not inside a clone.</exception>
    public static string Repository => RepositoryAbove(AppContext.BaseDirectory)
        ?? throw new InvalidOperationException($"No clone of the repository lies above {AppContext.BaseDirectory}.");

    /// <summary>
    /// Everything that a start on this machine keeps: storage, e-mails, the demo project. It can be deleted while no app runs. The
    /// environment variable <c>VOX_DATA</c> names another folder. The default is <c>.local</c> in the repository, which git ignores, or
    /// beside the files of an app that was copied elsewhere. One app uses it at a time: several apps need a folder each.
    /// </summary>
    public static string Data => DataOf(AppContext.BaseDirectory, Environment.GetEnvironmentVariable("VOX_DATA"));

    internal static string DataOf(string appFolder, string? setting) => Path.GetFullPath(
        string.IsNullOrWhiteSpace(setting) ? Path.Combine(RepositoryAbove(appFolder) ?? appFolder, DataFolder) : setting);

    /// <summary>
    /// The script that runs Azurite: in <c>functions/host</c> with its node_modules, or beside the files of an app that was copied
    /// elsewhere.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is in neither place; the message says what to do.</exception>
    internal static string AzuriteScriptOf(string appFolder)
    {
        var script = RepositoryAbove(appFolder) is { } repository
            ? Path.Combine(repository, "functions", "host", "DevTools", AzuriteScriptName)
            : Path.Combine(appFolder, AzuriteScriptName);
        return File.Exists(script)
            ? script
            : throw new InvalidOperationException(
                $"There is no Azurite for {appFolder}: set AzureWebJobsStorage to a storage account, "
                + "or run from a clone of the repository.");
    }

    private static string? RepositoryAbove(string folder)
    {
        for (var above = new DirectoryInfo(folder); above is not null; above = above.Parent)
        {
            if (File.Exists(Path.Combine(above.FullName, "VoxFunctions.sln"))
                && File.Exists(Path.Combine(above.FullName, "functions", "host", "package.json")))
            {
                return above.FullName;
            }
        }
        return null;
    }
}
