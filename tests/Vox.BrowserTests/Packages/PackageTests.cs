namespace Vox.Tests.Packages;

/// <summary>What <c>npm pack</c> makes of the web SDK.</summary>
public sealed class PackageTests
{
    [Theory]
    [InlineData("chat")]
    [InlineData("react")]
    public async Task Pack_ForAllWhoUseIt_HasTypesEntriesReadmeAndLicence(string name)
    {
        var folder = Directory.CreateTempSubdirectory("vox-pack").FullName;
        var tarball = await Npm.PackAsync(name, folder);

        var files = (await Npm.RunAsync(folder, "tar", "-tzf", tarball)).Split('\n');
        Assert.Contains("package/README.md", files);
        Assert.Contains("package/LICENSE", files);
        Assert.Contains("package/dist/index.js", files);
        Assert.DoesNotContain(files, file => file.StartsWith("package/src", StringComparison.Ordinal));
        await Npm.ToolAsync(folder, "publint/src/cli.js", tarball, "--strict");
        await Npm.ToolAsync(
            folder, "@arethetypeswrong/cli/dist/index.js", tarball, "--profile", "esm-only", "--exclude-entrypoints",
            "vox-push-sw.js", "calmsdk-001.js", "theme.css");
    }

    /// <summary>
    /// The public API as a file: whoever changes it sees so in the difference. <c>VOX_ACCEPT=1</c> writes it anew.
    /// </summary>
    [Theory]
    [InlineData("chat")]
    [InlineData("react")]
    public async Task Api_OfThePackage_IsTheOneOnRecord(string name)
    {
        var package = Npm.Package(name);

        // In the package: the program looks for the package around its settings.
        var config = Path.Combine(Directory.CreateDirectory(Path.Combine(package, "obj")).FullName, "api-extractor.json");
        var text = await File.ReadAllTextAsync(Path.Combine(Npm.Node, "api-extractor.json"));
        await File.WriteAllTextAsync(config, text.Replace(
            "\"compiler\":", $$"""
            "projectFolder": "{{package}}",
            "mainEntryPointFilePath": "<projectFolder>/dist/index.d.ts",
            "compiler":
            """, StringComparison.Ordinal).Replace(
            "\"enabled\": true",
            $$"""
            "enabled": true, "reportFolder": "<projectFolder>", "reportTempFolder": "{{Path.GetDirectoryName(config)}}", "reportFileName": "api"
            """, StringComparison.Ordinal));

        await Npm.ToolAsync(
            package, "@microsoft/api-extractor/bin/api-extractor",
            ["run", "--config", config, .. Environment.GetEnvironmentVariable("VOX_ACCEPT") is null ? [] : new[] { "--local" }]);
    }

    [Fact]
    public void Declarations_OfAllPackages_HaveNoAny()
    {
        foreach (var file in Directory.EnumerateFiles(Npm.Package("."), "*.d.ts", SearchOption.AllDirectories)
            .Where(file => !file.Contains("node_modules", StringComparison.Ordinal)))
        {
            var declarations = System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(file), @"/\*[\s\S]*?\*/", "");
            Assert.DoesNotMatch(@"\bany\b", declarations);
        }
    }
}
