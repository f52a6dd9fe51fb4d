using System.Diagnostics;
using Vox.DevHost.DevTools;

namespace Vox.Tests.Releases;

/// <summary>
/// The app of the release before this one, built from its commit into <c>obj</c>, once. It is the newest tag <c>v…</c> before this commit,
/// or else the commit in tests/previous-release.txt.
/// </summary>
internal static class PreviousRelease
{
    private static readonly string[] Stamps =
        ["functions/web-sdk/dist/.built", "functions/portal/dist/.built", "functions/host/node_modules/.package-lock.json"];

    /// <summary>The assembly to start. The test is skipped where the repository does not have the commit: in a shallow clone.</summary>
    public static async Task<string> BuildAsync()
    {
        var commit = await CommitAsync();
        Assert.SkipWhen(
            commit is null,
            "The commit of the previous release is not in this clone: fetch it (git fetch --unshallow --tags) to run this.");
        var folder = Path.Combine(LocalPaths.Repository, "tests", "Vox.FaultTests", "obj", "previous", commit);
        var assembly = Path.Combine(folder, "functions", "app", "bin", "Debug", "net10.0", "VoxFunctions.dll");
        if (!File.Exists(Path.Combine(folder, "built")))
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            Directory.CreateDirectory(folder);
            var archive = Path.Combine(folder, "sources.tar");
            await RunAsync("git", LocalPaths.Repository, "archive", "--output", archive, commit);
            await RunAsync("tar", folder, "-xf", archive);
            // Pages and Azurite are built from newer sources than these stamps only when somebody changes them: here, they are not needed.
            foreach (var stamp in Stamps)
            {
                var path = Path.Combine(folder, stamp);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllTextAsync(path, "");
            }

            await RunAsync("dotnet", folder, "build", "functions/app", "--nologo", "-v", "quiet", "-p:FunctionsHost=Local");
            await File.WriteAllTextAsync(Path.Combine(folder, "built"), "");
        }

        return assembly;
    }

    private static async Task<string?> CommitAsync()
    {
        var (known, head) = await TryRunAsync("git", LocalPaths.Repository, "rev-parse", "HEAD");
        if (known)
        {
            var (_, tags) = await TryRunAsync(
                "git", LocalPaths.Repository, "tag", "--list", "v*", "--merged", "HEAD", "--sort=-version:refname");
            foreach (var tag in tags.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var (_, commit) = await TryRunAsync("git", LocalPaths.Repository, "rev-parse", tag + "^{commit}");
                if (commit.Trim() != head.Trim())
                {
                    return commit.Trim();
                }
            }
        }

        var lines = await File.ReadAllLinesAsync(Path.Combine(LocalPaths.Repository, "tests", "previous-release.txt"));
        var named = lines.First(line => line.Length > 0 && line[0] != '#').Trim();
        return (await TryRunAsync("git", LocalPaths.Repository, "cat-file", "-e", named + "^{commit}")).Done ? named : null;
    }

    private static async Task RunAsync(string program, string folder, params string[] arguments)
    {
        var (done, output) = await TryRunAsync(program, folder, arguments);
        Assert.True(done, $"{program} {string.Join(' ', arguments)}: {output}");
    }

    private static async Task<(bool Done, string Output)> TryRunAsync(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // The form of the build under test is no business of the previous release, and no server may outlive the test.
        start.Environment.Remove("FunctionsHost");
        start.Environment.Remove("SignalRServicePackage");
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (false, e.Message);
        }

        using (process)
        {
            var error = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode == 0, output + await error);
        }
    }
}
