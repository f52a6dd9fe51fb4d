using System.Diagnostics;
using Vox.DevHost.DevTools;
using Vox.SignalREmulation;

namespace Vox.Tests.Cluster;

/// <summary>The SignalR emulator as a process of its own, always on the same port.</summary>
internal sealed class EmulatorProcess : IAsyncDisposable
{
    private readonly IReadOnlyList<string> upstreams;
    private Process? process;

    private EmulatorProcess(IReadOnlyList<string> upstreams) => this.upstreams = upstreams;

    public int Port { get; } = FreePort.Find();

    public static async Task<EmulatorProcess> StartAsync(params IReadOnlyList<string> upstreams)
    {
        var emulator = new EmulatorProcess(upstreams);
        await emulator.StartAsync();
        return emulator;
    }

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
            [typeof(SignalREmulator).Assembly.Location, "--port", $"{Port}", .. upstreams.SelectMany(url => new[] { "--upstream", url })])
        {
            start.ArgumentList.Add(argument);
        }

        process = Process.Start(start)!;
        if (await process.StandardOutput.ReadLineAsync() is not { } line || !line.StartsWith("Endpoint=", StringComparison.Ordinal))
        {
            throw new InvalidOperationException("The emulator did not start: " + await process.StandardError.ReadToEndAsync());
        }

        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
    }

    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await KillAsync();
        }
    }
}
