using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Vox.DevHost.DevTools;

/// <summary>Azure Storage on this machine: Azurite, as pinned in package-lock.json. It lives as long as this object (or process).</summary>
internal sealed partial class AzuriteProcess : IAsyncDisposable
{
    // The account that every Azurite has; its key is printed in Microsoft's documentation.
    private const string Account = "devstoreaccount1";
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const int MaxPortAttempts = 3;
    // Exit code of azurite.mjs that means: what it printed is a sentence for the developer.
    private const int ExplainedExitCode = 75;
    // Saving a big database takes time on a busy machine, and cutting it off gains nothing.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly OutputTail output;

    private AzuriteProcess(Process process, OutputTail output, int[] ports)
    {
        (this.process, this.output) = (process, output);
        (BlobPort, QueuePort, TablePort) = (ports[0], ports[1], ports[2]);
    }

    public int BlobPort { get; }
    public int QueuePort { get; }
    public int TablePort { get; }
    public int ProcessId => process.Id;

    public string ConnectionString => ConnectionStringFor(BlobPort, QueuePort, TablePort);

    public static string ConnectionStringFor(int blobPort, int queuePort, int tablePort) => "DefaultEndpointsProtocol=http;" +
        $"AccountName={Account};AccountKey={AccountKey};" +
        $"BlobEndpoint=http://127.0.0.1:{blobPort}/{Account};" +
        $"QueueEndpoint=http://127.0.0.1:{queuePort}/{Account};" +
        $"TableEndpoint=http://127.0.0.1:{tablePort}/{Account};";

    /// <exception cref="InvalidOperationException">It does not start; the message says why and what to do.</exception>
    public static async Task<AzuriteProcess> StartAsync(AzuriteOptions options, CancellationToken cancellation)
    {
        // The ports are not probed first: the previous Azurite on the folder keeps its ports until it has saved.
        if (options.BlobPort != 0)
        {
            return await StartAsync(options, [options.BlobPort, options.BlobPort + 1, options.BlobPort + 2], cancellation);
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await StartAsync(options, FreePort.FindMany(3), cancellation);
            }
            catch (PortTakenException) when (attempt < MaxPortAttempts)
            {
                // Another process was given the same port at the same moment.
            }
        }
    }

    private static async Task<AzuriteProcess> StartAsync(AzuriteOptions options, int[] ports, CancellationToken cancellation)
    {
        var tail = new OutputTail(awaited: "Azurite is ready.");
        var azurite = new AzuriteProcess(Launch(options, ports, tail), tail, ports);
        try
        {
            await azurite.WaitUntilReadyAsync(
                options.Location is null ? options.StartTimeout : options.FolderTimeout + options.StartTimeout, cancellation);
            return azurite;
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!process.HasExited)
            {
                // The end of its input tells Azurite to save and leave.
                process.StandardInput.Close();
                using var timeout = new CancellationTokenSource(StopTimeout);
                await process.WaitForExitAsync(timeout.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
        finally
        {
            process.Dispose();
        }
    }

    private static Process Launch(AzuriteOptions options, int[] ports, OutputTail output)
    {
        var start = new ProcessStartInfo("node")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { LocalPaths.AzuriteScriptOf(options.AppFolder), "--silent", "--skipApiVersionCheck", "--disableTelemetry" },
            Environment = { ["VOX_AZURITE_PATIENCE"] = $"{options.FolderTimeout.TotalMilliseconds:F0}" },
        };
        foreach (var (service, port) in new[] { "blob", "queue", "table" }.Zip(ports))
        {
            foreach (var argument in new[] { $"--{service}Host", "127.0.0.1", $"--{service}Port", $"{port}" })
            {
                start.ArgumentList.Add(argument);
            }
        }
        if (options.Location is { } location)
        {
            start.ArgumentList.Add("--location");
            start.ArgumentList.Add(Directory.CreateDirectory(location).FullName);
        }
        else
        {
            start.ArgumentList.Add("--inMemoryPersistence");
        }
        try
        {
            var started = Process.Start(start)!;
            output.Follow(started);
            return started;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException($"Node cannot be started ({e.Message}). Azurite needs Node 20 or later on the PATH.", e);
        }
    }

    private async Task WaitUntilReadyAsync(TimeSpan patience, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(patience);
        try
        {
            // Completes only after the last output of the ended process was read.
            var exited = process.WaitForExitAsync(timeout.Token);
            if (await Task.WhenAny(output.Printed, exited) == output.Printed)
            {
                return;
            }

            await exited;
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new InvalidOperationException($"Azurite did not start within {patience.TotalSeconds} seconds. {output}", e);
        }
        if (process.ExitCode == ExplainedExitCode)
        {
            throw new InvalidOperationException(output.Lines);
        }

        if (PortTaken().Match(output.Lines) is { Success: true } taken)
        {
            throw new PortTakenException(taken.Groups["port"].Value);
        }

        throw new InvalidOperationException($"Azurite ended with code {process.ExitCode}. {output}");
    }

    [GeneratedRegex(@"EADDRINUSE: .*:(?<port>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PortTaken();

    private sealed class PortTakenException(string port)
        : InvalidOperationException($"Port {port} is in use, Azurite needs it: set VOX_AZURITE_PORT to the first of three free ports.");
}
