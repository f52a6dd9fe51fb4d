using Vox.Tests.Docs;

namespace Vox.Tests.Build;

/// <summary>The first start restores, installs and builds for a minute or two. <c>dotnet run</c> would say nothing of it.</summary>
public sealed class ProgressTests
{
    [Fact]
    public void FirstStart_OfDotnetRun_SaysWhatItIsAt()
    {
        Assert.Contains(
            "-consoleLoggerParameters:Verbosity=minimal", Repository.Read("Directory.Build.rsp").ReplaceLineEndings("\n").Split('\n'));
        var builds = Repository.Read("functions", "app", "VoxFunctions.csproj")
            + Repository.Read("functions", "host", "Vox.DevHost.csproj");
        var steps = builds.Split("<Exec Command=\"node ../build/install.mjs").Length - 1;
        // Each step that installs packages says so before it begins.
        Assert.Equal(steps, builds.Split("<Message Importance=\"high\" Text=\"").Length - 1);
        Assert.Equal(4, steps);
    }
}
