using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Vox.Tests;

/// <summary>The Bicep compiler, as it comes from NuGet. Works without a network and without an Azure subscription.</summary>
internal static class Bicep
{
    private const string Subscription = "00000000-0000-0000-0000-000000000001";
    private const string Tenant = "00000000-0000-0000-0000-000000000002";

    public static string Repository { get; } = Metadata("Repository");

    public static string Infrastructure { get; } = Path.Combine(Repository, "infra-bicep");

    // Several tests look at the same prediction, and each takes the compiler seconds.
    private static readonly ConcurrentDictionary<string, Task<Deployment>> Predictions = new(StringComparer.Ordinal);

    /// <summary>What a deployment cannot do without.</summary>
    private static readonly (string Name, string Value)[] Needed =
        [("AZURE_ENV_NAME", "dev"), ("AZURE_LOCATION", "westeurope"), ("VOX_ALERT_EMAIL", "alerts@example.com")];

    /// <summary>What a deployment with a parameter file would make. Everything is computed that can be before it runs.</summary>
    public static Task<Deployment> PredictAsync(string folder, string parameters, params (string Name, string Value)[] environment) =>
        Predictions.GetOrAdd(
            $"{folder} {parameters} {string.Join(' ', environment)}", _ => RunPredictionAsync(folder, parameters, environment));

    private static async Task<Deployment> RunPredictionAsync(string folder, string parameters, (string Name, string Value)[] environment)
    {
        // The compiler writes beside the parameter file, and tests run side by side.
        var copy = CopyOf(folder);
        try
        {
            var (exit, output) = await RunAsync(
                copy, [.. Needed, .. environment],
                ["snapshot", parameters, "--mode", "overwrite", "--subscription-id", Subscription, "--tenant-id", Tenant,
                "--location", "westeurope", "--deployment-name", "test",
                // main.bicep makes its resource group itself.
                .. parameters == "break-glass.bicepparam" ? ["--resource-group", "rg-vox-test"] : Array.Empty<string>()]);
            Assert.True(exit == 0, output);
            var snapshot = Path.Combine(copy, Path.ChangeExtension(parameters, ".snapshot.json"));
            return new Deployment(JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(snapshot)), output);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    public static async Task<(int Exit, string Output)> RunAsync(
        string folder, IEnumerable<(string Name, string Value)> environment, params string[] arguments)
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64,
            "The Bicep compiler comes from the package for linux-x64; this is another platform.");
        var compiler = Metadata("Bicep");
        Assert.True(File.Exists(compiler), $"The Bicep compiler is not at {compiler}: run dotnet restore.");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(compiler, File.GetUnixFileMode(compiler) | UnixFileMode.UserExecute);
        }

        return await Tool.RunAsync(compiler, arguments, folder, [.. environment, ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")]);
    }

    public static string CopyOf(string folder)
    {
        var copy = Directory.CreateTempSubdirectory("vox-infra-").FullName;
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }

    private static string Metadata(string name) =>
        typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == name).Value!;
}
