using System.Diagnostics;
using System.Text.Json;
using Vox.DevHost.DevTools;

namespace Vox.Tests.Build;

/// <summary>
/// The four forms of the app, as the project file evaluates to them. The build itself shows what they compile to; for the form that is
/// released, .ci/run does.
/// </summary>
public sealed class AzureBuildTests
{
    private static readonly string[] Worker =
    [
        "Microsoft.Azure.Functions.Worker 2.52.0",
        "Microsoft.Azure.Functions.Worker.Extensions.Http 3.3.0",
        "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore 2.1.1",
        "Microsoft.Azure.Functions.Worker.Extensions.Storage.Queues 5.5.5",
        "Microsoft.Azure.Functions.Worker.Extensions.Timer 4.3.1",
        "Microsoft.Azure.Functions.Worker.Sdk 2.1.0",
    ];

    private const string SignalR = "Microsoft.Azure.Functions.Worker.Extensions.SignalRService 2.0.1";
    private const string Host = "../host/Vox.DevHost.csproj";
    private const string Shim = "../signalr-shim/Vox.SignalRShim.csproj";

    [Theory]
    [InlineData(null, null, false, Shim, Host)]
    [InlineData("Local", "Official", true, Host)]
    [InlineData("Azure", null, true)]
    [InlineData("Azure", "Shim", false, Shim)]
    [InlineData("Azure", "Official", true)]
    public async Task Forms_DifferInTheHostAndTheSignalRPackageAlone(
        string? host, string? signalR, bool hasPackage, params string[] projects)
    {
        var form = await EvaluateAsync(host, signalR);

        Assert.Equal(hasPackage ? [.. Worker.Append(SignalR).Order(StringComparer.Ordinal)] : Worker, form.Packages.Where(IsOfficial));
        Assert.Equal(projects, form.Projects);
        Assert.Equal(
            (await EvaluateAsync(null, null)).Packages.Where(package => !IsOfficial(package)),
            form.Packages.Where(package => !IsOfficial(package)));
        Assert.Equal(("net10.0", "v4", "Exe"), form.Properties);
        Assert.Contains("Microsoft.AspNetCore.App", form.Frameworks);
    }

    [Fact]
    public async Task Form_FromTheEnvironment_IsTheSame()
    {
        var (byProperty, byVariable) =
            (await EvaluateAsync("Azure", "Official"), await EvaluateAsync("Azure", "Official", byVariable: true));

        Assert.Equal(byProperty.Packages, byVariable.Packages);
        Assert.Equal(byProperty.Projects, byVariable.Projects);
    }

    [Theory]
    [InlineData("azure functions", "Shim", "FunctionsHost is 'azure functions': use Local")]
    [InlineData("Azure", "Mine", "SignalRServicePackage is 'Mine': use Official")]
    public async Task Form_Misspelt_SaysWhichThereAre(string host, string signalR, string sentence)
    {
        var (code, _, output) = await MSBuildAsync(host, signalR, byVariable: false, "-t:CheckFunctionsHost");

        Assert.NotEqual(0, code);
        Assert.Contains(sentence, output, StringComparison.Ordinal);
    }

    /// <summary>Node builds the SDK and the demo, so they are not items of the project until a target has made them.</summary>
    [Theory]
    [InlineData("Azure", "IncludeWebSdk", "None", "Link")]
    [InlineData("Local", "IncludeWebSdk", "None", "Link")]
    [InlineData("Local", "ComputeResolvedFilesToPublishList", "ResolvedFileToPublish", "RelativePath")]
    public async Task Publish_HasTheFilesForBrowsers(string host, string target, string item, string name)
    {
        var (code, json, output) = await MSBuildAsync(host, signalR: null, byVariable: false, "-t:" + target, "-getItem:" + item);

        Assert.True(code == 0, output);
        var items = JsonSerializer.Deserialize<JsonElement>(json[json.IndexOf('{', StringComparison.Ordinal)..])
            .GetProperty("Items").GetProperty(item);
        var files = items.EnumerateArray()
            .Where(i => i.TryGetProperty(name, out var path)
                && path.GetString()!.Replace('\\', '/').StartsWith("wwwroot/", StringComparison.Ordinal)).ToList();
        var paths = files.ConvertAll(i => i.GetProperty(name).GetString()!.Replace('\\', '/'));
        Assert.All(
            [
                "js/calmsdk-001.js",
                "js/calmsdk-001.js.br",
                "js/calmsdk-001.js.gz",
                "js/calmsdk-001.js.map",
                "js/calmsdk.mjs",
                "js/calmsdk.d.mts",
                "demo/index.html"
            ],
            file => Assert.Contains("wwwroot/" + file, paths));
        Assert.Single(
            paths,
            path => path.StartsWith("wwwroot/demo/app-", StringComparison.Ordinal) && path.EndsWith(".js", StringComparison.Ordinal));
        Assert.DoesNotContain("wwwroot/.built", paths);
        Assert.All(files, i => Assert.Equal("PreserveNewest", i.GetProperty("CopyToPublishDirectory").GetString()));
    }

    private static async Task<Evaluation> EvaluateAsync(string? host, string? signalR, bool byVariable = false)
    {
        var (code, json, output) = await MSBuildAsync(
            host, signalR, byVariable, "-getItem:PackageReference,PackageVersion,ProjectReference,FrameworkReference",
            "-getProperty:TargetFramework,AzureFunctionsVersion,OutputType");
        Assert.True(code == 0, output);
        var root = JsonSerializer.Deserialize<JsonElement>(json);
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

    private static async Task<(int Code, string Json, string Output)> MSBuildAsync(
        string? host, string? signalR, bool byVariable, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = LocalPaths.Repository
        };
        foreach (var inherited in start.Environment.Keys.Where(IsOfTheOuterBuild).ToList())
        {
            start.Environment.Remove(inherited);
        }

        start.ArgumentList.Add("msbuild");
        start.ArgumentList.Add("functions/app/VoxFunctions.csproj");
        start.ArgumentList.Add("-nodeReuse:false");
        foreach (var (name, value) in new[] { ("FunctionsHost", host), ("SignalRServicePackage", signalR) })
        {
            if (value is not null && byVariable)
            {
                start.Environment[name] = value;
            }
            else if (value is not null)
            {
                start.ArgumentList.Add($"-p:{name}={value}");
            }
        }

        Array.ForEach(arguments, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        // The warnings of the Functions SDK's own restore go to the error output.
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await output + await error);
    }

    // Variables that "dotnet test" sets, because it may itself run inside MSBuild.
    private static bool IsOfTheOuterBuild(string variable) =>
        variable.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)
        || variable.Equals("FunctionsHost", StringComparison.OrdinalIgnoreCase)
        || variable.Equals("SignalRServicePackage", StringComparison.OrdinalIgnoreCase);

    private static bool IsOfficial(string package) => package.StartsWith("Microsoft.Azure.Functions.", StringComparison.Ordinal);

    private sealed record Evaluation(
        IReadOnlyList<string> Packages,
        IReadOnlyList<string> Projects,
        IReadOnlyList<string> Frameworks,
        (string, string, string) Properties);
}
