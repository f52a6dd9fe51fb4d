using System.Diagnostics;
using System.Text.Json;
using Vox.DevHost.DevTools;

namespace Vox.Tests.Azurite;

/// <summary>
/// An Azurite on a folder that is started without <see cref="AzuriteProcess"/>, to see what it does when its starter ends in an unusual
/// way.
/// </summary>
internal sealed class AzuriteChild : IDisposable
{
    private AzuriteChild(Process process, int port) =>
        (Process, ConnectionString) = (process, AzuriteProcess.ConnectionStringFor(port, port + 1, port + 2));

    /// <summary>Azurite itself, or the starter that holds its input.</summary>
    public Process Process { get; }

    public string ConnectionString { get; }

    /// <param name="folder">The folder of its data.</param>
    /// <param name="port">The first of its three ports.</param>
    /// <param name="preload">A module that it loads first.</param>
    /// <param name="throughStarter">Whether another process in between starts it.</param>
    public static async Task<AzuriteChild> StartAsync(string folder, int port, string preload = "", bool throughStarter = false)
    {
        string[] azurite =
        [
            "--import", "data:text/javascript," + Uri.EscapeDataString(preload), LocalPaths.AzuriteScriptOf(AppContext.BaseDirectory),
            "--silent", "--skipApiVersionCheck", "--disableTelemetry", "--location", folder,
            "--blobPort", $"{port}", "--queuePort", $"{port + 1}", "--tablePort", $"{port + 2}",
        ];
        var starter =
            $"require('child_process').spawn('node', {JsonSerializer.Serialize(azurite)}, {{ stdio: ['pipe', 'inherit', 'inherit'] }})";
        var process = Process.Start(new ProcessStartInfo("node", throughStarter ? ["-e", starter] : azurite)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == "Azurite is ready.")
            {
                return new AzuriteChild(process, port);
            }
        }
        throw new InvalidOperationException($"Azurite did not start on {folder}.");
    }

    public void Dispose()
    {
        if (!Process.HasExited)
        {
            Process.Kill();
        }

        Process.Dispose();
    }
}
