using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Vox.Benchmarks.Runner;

/// <summary>Describes the machine and the build that the figures come from.</summary>
internal static class Machine
{
#if DEBUG
    public const string Build = "Debug";
#else
    public const string Build = "Release";
#endif

    /// <summary>
    /// The load average of the last minute. It shows what else ran on the machine. When it is higher than the number of cores, figures by
    /// the clock are worth little.
    /// </summary>
    public static double Load => File.Exists("/proc/loadavg")
        ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture)
        : double.NaN;

    public static string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores ({Processor()}), {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0} GB, "
        + $"{RuntimeInformation.OSDescription}, .NET {Environment.Version}, {Build} build, "
        + $"commit {Commit()}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, load {Load:0.0} at the start");

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':')[1].Trim() ?? "unknown"
        : RuntimeInformation.ProcessArchitecture.ToString();

    private static string Commit()
    {
        try
        {
            using var git = Process.Start(
                new ProcessStartInfo("git", ["-C", Costs.RepositoryFolder(), "describe", "--always", "--dirty", "--exclude=*"])
                {
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                })!;
            var commit = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 ? commit : "unknown";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }
}
