using System.Diagnostics;

namespace Vox.Tests.Fixture;

/// <summary>Finds a Chromium, in this order: CHROMIUM_PATH, the system's, Playwright's own download, Debian's package.</summary>
internal static class Chromium
{
    /// <summary>Flags for containers and root, and flags that keep Chromium from using the internet.</summary>
    public static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
        // A page whose response is made by a test has no address. It would need the user's permission to reach this machine.
        "--disable-features=LocalNetworkAccessChecks,Translate,OptimizationHints,MediaRouter",
        // Several pages are active at once here. Without these flags, pages in the background would run their timers only once a second.
        "--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows",
    ];

    private static readonly string[] SystemPaths =
        [
            "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
        ];

    /// <returns>Null means Playwright's own.</returns>
    /// <exception cref="InvalidOperationException">There is no Chromium, and none can be installed.</exception>
    public static async Task<string?> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("CHROMIUM_PATH") is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : throw new InvalidOperationException($"CHROMIUM_PATH names {named}, which does not exist.");
        }

        if (Array.Find(SystemPaths, File.Exists) is { } system)
        {
            return system;
        }

        if (await Task.Run(() => Microsoft.Playwright.Program.Main(["install", "chromium"])) == 0)
        {
            return null;
        }

        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess
            && await RunAsync("apt-get", "update") && await RunAsync("apt-get", "install -y --no-install-recommends chromium"))
        {
            return SystemPaths[0];
        }

        throw new InvalidOperationException(
            "The browser tests need Chromium: install it, or set CHROMIUM_PATH to it. "
            + "Neither Playwright's download nor apt-get could get one.");
    }

    private static async Task<bool> RunAsync(string program, string arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
