using Vox.DevHost.DevTools;

namespace Vox.Tests.Host;

public sealed class LocalPathsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("vox-paths-").FullName;

    [Fact]
    public void Folders_OfABuildInAClone_AreThoseOfTheClone()
    {
        Assert.True(File.Exists(Path.Combine(LocalPaths.Repository, "VoxFunctions.sln")));
        Assert.Equal(Path.Combine(LocalPaths.Repository, ".local"), LocalPaths.DataOf(AppContext.BaseDirectory, null));
        Assert.True(File.Exists(LocalPaths.AzuriteScriptOf(AppContext.BaseDirectory)));
    }

    [Fact]
    public void Folders_OfABuildInAnotherClone_AreThoseOfThatClone()
    {
        var app = Directory.CreateDirectory(Path.Combine(folder, "functions", "app", "bin")).FullName;
        var script = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "functions", "host", "DevTools")).FullName, "azurite.mjs");
        foreach (var file
            in new[] { Path.Combine(folder, "VoxFunctions.sln"), Path.Combine(folder, "functions", "host", "package.json"), script })
        {
            File.WriteAllText(file, "");
        }

        Assert.Equal(Path.Combine(folder, ".local"), LocalPaths.DataOf(app, null));
        Assert.Equal(script, LocalPaths.AzuriteScriptOf(app));
    }

    [Fact]
    public void Data_OfACopiedBuild_LiesBesideIt() => Assert.Equal(Path.Combine(folder, ".local"), LocalPaths.DataOf(folder, null));

    [Fact]
    public void Data_WithTheSetting_IsWhereItSays() =>
        Assert.Equal(
            folder, LocalPaths.DataOf(AppContext.BaseDirectory, Path.Combine(folder, "x", "..")).TrimEnd(Path.DirectorySeparatorChar));

    [Fact]
    public void FreePorts_AreDifferentAndFree()
    {
        var ports = FreePort.FindMany(20);

        Assert.Equal(20, ports.Distinct().Count());
        Assert.All(ports, port => Assert.True(FreePort.IsFree(port)));
    }

    [Fact]
    public void PackageLock_NamesNoRegistry()
    {
        Assert.DoesNotContain(
            "\"resolved\"", File.ReadAllText(Path.Combine(LocalPaths.Repository, "functions", "host", "package-lock.json")));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
