using System.Diagnostics;
using System.Reflection;

namespace Vox.Tests.Packages;

/// <summary>The npm packages of the web SDK, and programs of npm.</summary>
internal static class Npm
{
    public static string Node { get; } = Metadata("Vox.BrowserTests.NodeFolder");

    public static string Package(string name) => Path.Combine(Metadata("Vox.WebSdkFolder"), "packages", name);

    /// <summary>Makes a tarball.</summary>
    /// <returns>Its path.</returns>
    public static async Task<string> PackAsync(string name, string into)
    {
        var output = await RunAsync(Package(name), "npm", "pack", "--silent", "--pack-destination", into);
        return Path.Combine(into, output.Trim().Split('\n')[^1]);
    }

    /// <summary>Runs a program that an npm package brings.</summary>
    public static Task<string> ToolAsync(string folder, string script, params string[] arguments) =>
        RunAsync(folder, "node", ["--no-warnings", Path.Combine(Node, "node_modules", script), .. arguments]);

    /// <returns>What it wrote. Fails when it does not end with 0.</returns>
    public static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var outputs = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{string.Concat(outputs)}");
        return outputs[0];
    }

    private static string Metadata(string key) =>
        typeof(Npm).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;
}
