using System.Diagnostics;

namespace Vox.Tests;

/// <summary>Runs a program to its end.</summary>
internal static class Tool
{
    public static async Task<(int Exit, string Output)> RunAsync(
        string program, IEnumerable<string> arguments, string folder, IEnumerable<(string Name, string Value)>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What a developer has set for azd must not change what is tested.
        foreach (var name in start.Environment.Keys.Where(IsForDeployment).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    private static bool IsForDeployment(string name) =>
        name.StartsWith("VOX_", StringComparison.Ordinal) || name.StartsWith("AZURE_", StringComparison.Ordinal);
}
