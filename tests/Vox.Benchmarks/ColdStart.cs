using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Vox.DevHost.DevTools;
using Vox.Tests.Fixture;

namespace Vox.Benchmarks;

/// <summary>
/// From the start of the process to the first answers, in a Release build, both as it is and compiled ahead of time (ReadyToRun).
/// </summary>
internal static class ColdStart
{
    public static async Task RunAsync(string[] options)
    {
        var runs = Array.IndexOf(options, "--runs") is >= 0 and var at && at + 1 < options.Length
            ? int.Parse(options[at + 1], CultureInfo.InvariantCulture)
            : 7;
        await using var backends = new Backends();
        await backends.InitializeAsync();
        var project = await backends.App.CreateProjectAsync("Cold start");
        await project.CreateUserAsync("alice");

        Console.WriteLine(
            $"{runs} starts each, {Environment.ProcessorCount} cores, load {Load()}, local host, Azurite and emulator running. "
            + "Medians (least–most), ms since process start.\n");
        Console.WriteLine(
            "| Build | Listening | First answer (health/live) | First log-in answered | Log-in alone | CPU time of the process |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var (name, arguments) in new[]
        {
            ("Release", Array.Empty<string>()), ("Release, ReadyToRun", ["-r", "linux-x64", "-p:PublishReadyToRun=true"])
        })
        {
            var folder = Directory.CreateTempSubdirectory("vox-coldstart-").FullName;
            try
            {
                await PublishAsync(folder, arguments);
                var measured = new List<Start>();
                for (var i = 0; i <= runs; i++)
                {
                    var start = await MeasureAsync(folder, backends, project);

                    // The first start warms the disk's cache.
                    if (i > 0)
                    {
                        measured.Add(start);
                    }
                }

                Console.WriteLine(
                    $"| {name} | {Row(measured, s => s.Listening)} | {Row(measured, s => s.Live)} | {Row(measured, s => s.LogIn)} | "
                    + $"{Row(measured, s => s.LogIn - s.Live)} | {Row(measured, s => s.Cpu)} |");
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task PublishAsync(string folder, string[] arguments)
    {
        var project = Path.Combine(Costs.RepositoryFolder(), "functions/app");
        using var publish = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                "publish", project, "-c", "Release", "--no-self-contained", "-o", folder, "-v", "quiet", "--artifacts-path",
                Path.Combine(folder, "build"), .. arguments
            ])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var output = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        if (publish.ExitCode != 0)
        {
            throw new InvalidOperationException(output);
        }
    }

    private static async Task<Start> MeasureAsync(string folder, Backends backends, TestProject project)
    {
        var port = FreePort.Find();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        string[] settings =
        [
            .. VoxApp.Settings(backends, backends.App.TablePrefix).Where(s => !s.StartsWith("--VOX_PORT", StringComparison.Ordinal)),
            $"--VOX_PORT={port}"
        ];
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(folder, "VoxFunctions.dll"), .. settings])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            _ = process.StandardOutput.ReadToEndAsync();
            _ = process.StandardError.ReadToEndAsync();
            while (!await ListensAsync(port))
            {
                if (process.HasExited || clock.Elapsed > TimeSpan.FromMinutes(2))
                {
                    throw new InvalidOperationException("The app does not start.");
                }

                await Task.Delay(5);
            }

            var listening = clock.Elapsed;
            (await http.GetAsync(new Uri("/api/health/live", UriKind.Relative))).EnsureSuccessStatusCode();
            var live = clock.Elapsed;
            (await http.PostAsJsonAsync("/api/v1/sessions", new { projectId = project.Id, loginId = "alice", password = "secret" }))
                .EnsureSuccessStatusCode();
            var logIn = clock.Elapsed;

            // The processor time that the process itself needed. This figure is useful even when the machine is busy.
            process.Refresh();
            return new Start(
                listening.TotalMilliseconds, live.TotalMilliseconds, logIn.TotalMilliseconds, process.TotalProcessorTime.TotalMilliseconds);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Row(List<Start> starts, Func<Start, double> value)
    {
        var sorted = starts.Select(value).Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{sorted[sorted.Count / 2]:0} ({sorted[0]:0}–{sorted[^1]:0})");
    }

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private sealed record Start(double Listening, double Live, double LogIn, double Cpu);
}
