using System.Diagnostics;
using System.Text.Json;
using Vox.Local.DevTools;

namespace Vox.Tests.Hosting;

/// <summary>The build for Azure, as far as it can be checked where its packages cannot be restored: what the project file evaluates to.</summary>
public sealed class AzureBuildTests
{
    private static readonly string[] OfficialPackages =
    [
        "Microsoft.Azure.Functions.Worker 2.52.0",
        "Microsoft.Azure.Functions.Worker.Extensions.Http 3.3.0",
        "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore 2.1.1",
        "Microsoft.Azure.Functions.Worker.Extensions.SignalRService 2.0.1",
        "Microsoft.Azure.Functions.Worker.Extensions.Timer 4.3.1",
        "Microsoft.Azure.Functions.Worker.Sdk 2.1.0",
    ];

    [Fact]
    public async Task FunctionsHost_Azure_TakesExactlyTheOfficialPackagesAndNothingOfTheStandIn()
    {
        var (azure, local) = (await EvaluateAsync("Azure"), await EvaluateAsync(null));

        Assert.Equal(OfficialPackages, azure.Packages.Where(IsOfficial));
        Assert.Empty(azure.Projects);
        Assert.Equal(local.Packages, azure.Packages.Where(package => !IsOfficial(package)));
        Assert.Equal(["../local/Vox.Local.csproj"], local.Projects);
        Assert.DoesNotContain(local.Packages, IsOfficial);
        Assert.Equal(("net10.0", "v4", "Exe"), azure.Properties);
        Assert.Contains("Microsoft.AspNetCore.App", azure.Frameworks);
    }

    [Fact]
    public async Task FunctionsHost_FromTheEnvironment_IsTheSame()
    {
        var (byProperty, byVariable) = (await EvaluateAsync("Azure"), await EvaluateAsync("Azure", byVariable: true));

        Assert.Equal(byProperty.Packages, byVariable.Packages);
        Assert.Equal(byProperty.Projects, byVariable.Projects);
    }

    [Fact]
    public async Task FunctionsHost_Misspelt_SaysWhichThereAre()
    {
        var (code, output) = await MSBuildAsync("azure functions", byVariable: false, "-t:CheckFunctionsHost");

        Assert.NotEqual(0, code);
        Assert.Contains("use Local (functions/local, the default) or Azure (the official worker packages)", output, StringComparison.Ordinal);
    }

    /// <summary>The SDK and the demo are built by Node, so they are no items of the project until a target has made them.</summary>
    [Theory]
    [InlineData("Azure", "IncludeWebSdk", "None", "Link")]
    [InlineData("Local", "IncludeWebSdk", "None", "Link")]
    [InlineData("Local", "ComputeResolvedFilesToPublishList", "ResolvedFileToPublish", "RelativePath")]
    public async Task Publish_HasTheFilesForBrowsers(string host, string target, string item, string name)
    {
        var (code, output) = await MSBuildAsync(host, byVariable: false, "-t:" + target, "-getItem:" + item);

        Assert.True(code == 0, output);
        var items = JsonSerializer.Deserialize<JsonElement>(output[output.IndexOf('{', StringComparison.Ordinal)..]).GetProperty("Items").GetProperty(item);
        var files = items.EnumerateArray()
            .Where(i => i.TryGetProperty(name, out var path) && path.GetString()!.Replace('\\', '/').StartsWith("wwwroot/", StringComparison.Ordinal)).ToList();
        var paths = files.ConvertAll(i => i.GetProperty(name).GetString()!.Replace('\\', '/'));
        Assert.All(
            ["js/calmsdk-001.js", "js/calmsdk-001.js.br", "js/calmsdk-001.js.gz", "js/calmsdk-001.js.map", "js/calmsdk.mjs", "js/calmsdk.d.mts", "demo/index.html"],
            file => Assert.Contains("wwwroot/" + file, paths));
        Assert.Single(paths, path => path.StartsWith("wwwroot/demo/app-", StringComparison.Ordinal) && path.EndsWith(".js", StringComparison.Ordinal));
        Assert.DoesNotContain("wwwroot/.built", paths);
        Assert.All(files, i => Assert.Equal("PreserveNewest", i.GetProperty("CopyToPublishDirectory").GetString()));
    }

    private static async Task<Evaluation> EvaluateAsync(string? host, bool byVariable = false)
    {
        var (code, output) = await MSBuildAsync(
            host, byVariable, "-getItem:PackageReference,PackageVersion,ProjectReference,FrameworkReference",
            "-getProperty:TargetFramework,AzureFunctionsVersion,OutputType");
        Assert.True(code == 0, output);
        var root = JsonSerializer.Deserialize<JsonElement>(output);
        var (items, properties) = (root.GetProperty("Items"), root.GetProperty("Properties"));
        var versions = items.GetProperty("PackageVersion").EnumerateArray()
            .ToDictionary(item => item.GetProperty("Identity").GetString()!, item => item.GetProperty("Version").GetString()!);
        return new Evaluation(
            [.. Identities(items, "PackageReference").Select(id => $"{id} {versions[id]}").Order(StringComparer.Ordinal)],
            Identities(items, "ProjectReference"),
            Identities(items, "FrameworkReference"),
            (Property("TargetFramework"), Property("AzureFunctionsVersion"), Property("OutputType")));

        string Property(string name) => properties.GetProperty(name).GetString()!;
    }

    private static List<string> Identities(JsonElement items, string name) =>
        [.. items.GetProperty(name).EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)];

    private static async Task<(int Code, string Output)> MSBuildAsync(string? host, bool byVariable, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = LocalPaths.Repository };
        foreach (var inherited in start.Environment.Keys.Where(IsOfTheOuterBuild).ToList())
        {
            start.Environment.Remove(inherited);
        }

        start.ArgumentList.Add("msbuild");
        start.ArgumentList.Add("functions/app/VoxFunctions.csproj");
        start.ArgumentList.Add("-nodeReuse:false");
        if (host is not null && byVariable)
        {
            start.Environment["FunctionsHost"] = host;
        }
        else if (host is not null)
        {
            start.ArgumentList.Add("-p:FunctionsHost=" + host);
        }

        Array.ForEach(arguments, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    // Left by "dotnet test", which may itself run inside MSBuild.
    private static bool IsOfTheOuterBuild(string variable) =>
        variable.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase) || variable.Equals("FunctionsHost", StringComparison.OrdinalIgnoreCase);

    private static bool IsOfficial(string package) => package.StartsWith("Microsoft.Azure.Functions.", StringComparison.Ordinal);

    private sealed record Evaluation(
        IReadOnlyList<string> Packages, IReadOnlyList<string> Projects, IReadOnlyList<string> Frameworks, (string, string, string) Properties);
}
