using Vox.Local.DevTools;

namespace Vox.Tests.DevTools;

public sealed class LocalPathsTests
{
    [Fact]
    public void Folders_AreThoseOfTheSourceTree()
    {
        Assert.True(File.Exists(Path.Combine(LocalPaths.ProjectFolder, "Vox.Local.csproj")));
        Assert.True(File.Exists(Path.Combine(LocalPaths.Repository, "VoxFunctions.sln")));
        Assert.Equal(Path.Combine(LocalPaths.Repository, ".local"), LocalPaths.Data);
    }

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
        Assert.DoesNotContain("\"resolved\"", File.ReadAllText(Path.Combine(LocalPaths.ProjectFolder, "package-lock.json")));
    }
}
