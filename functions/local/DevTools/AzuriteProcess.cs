using System.Diagnostics;

namespace Vox.Local.DevTools;

/// <summary>Azure Storage on this machine: Azurite, as pinned in package-lock.json, for as long as this object (or process) lives.</summary>
internal sealed class AzuriteProcess : IAsyncDisposable
{
    // The account that every Azurite has; its key is printed in Microsoft's documentation.
    private const string Account = "devstoreaccount1";
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const int MaxPortAttempts = 3;
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly OutputTail _output;

    private AzuriteProcess(Process process, OutputTail output, int[] ports)
    {
        (_process, _output) = (process, output);
        (BlobPort, QueuePort, TablePort) = (ports[0], ports[1], ports[2]);
    }

    public int BlobPort { get; }
    public int QueuePort { get; }
    public int TablePort { get; }
    public int ProcessId => _process.Id;

    public string ConnectionString => ConnectionStringFor(BlobPort, QueuePort, TablePort);

    public static string ConnectionStringFor(int blobPort, int queuePort, int tablePort) => "DefaultEndpointsProtocol=http;" +
        $"AccountName={Account};AccountKey={AccountKey};" +
        $"BlobEndpoint=http://127.0.0.1:{blobPort}/{Account};" +
        $"QueueEndpoint=http://127.0.0.1:{queuePort}/{Account};" +
        $"TableEndpoint=http://127.0.0.1:{tablePort}/{Account};";

    /// <exception cref="InvalidOperationException">It does not start; the message says why and what to do.</exception>
    public static async Task<AzuriteProcess> StartAsync(AzuriteOptions options, CancellationToken cancellation)
    {
        if (options.BlobPort != 0)
        {
            int[] ports = [options.BlobPort, options.BlobPort + 1, options.BlobPort + 2];
            if (Array.Find(ports, port => !FreePort.IsFree(port)) is var taken and not 0)
                throw new InvalidOperationException($"Port {taken} is in use, Azurite needs it: set VOX_AZURITE_PORT to the first of three free ports.");
            return await StartAsync(options, ports, cancellation);
        }
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await StartAsync(options, FreePort.FindMany(3), cancellation);
            }
            catch (InvalidOperationException e) when (attempt < MaxPortAttempts && e.Message.Contains("EADDRINUSE", StringComparison.Ordinal))
            {
                // Somebody else was given the same port in the same moment.
            }
        }
    }

    private static async Task<AzuriteProcess> StartAsync(AzuriteOptions options, int[] ports, CancellationToken cancellation)
    {
        var output = new OutputTail();
        var azurite = new AzuriteProcess(Launch(options, ports, output), output, ports);
        try
        {
            await azurite.WaitUntilReadyAsync(options.StartTimeout, cancellation);
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
            if (!_process.HasExited)
            {
                // The end of its input tells Azurite to save and leave.
                _process.StandardInput.Close();
                using var timeout = new CancellationTokenSource(StopTimeout);
                await _process.WaitForExitAsync(timeout.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        finally
        {
            _process.Dispose();
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
            ArgumentList = { Path.Combine(LocalPaths.ProjectFolder, "DevTools", "azurite.mjs"), "--silent", "--skipApiVersionCheck", "--disableTelemetry" },
            Environment = { ["VOX_AZURITE_HOME"] = LocalPaths.ProjectFolder },
        };
        foreach (var (service, port) in new[] { "blob", "queue", "table" }.Zip(ports))
        {
            foreach (var argument in new[] { $"--{service}Host", "127.0.0.1", $"--{service}Port", $"{port}" })
                start.ArgumentList.Add(argument);
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
            var process = Process.Start(start)!;
            output.Follow(process);
            return process;
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
        using var http = new HttpClient();
        try
        {
            foreach (var port in new[] { BlobPort, TablePort })
            {
                while (!await AnswersAsync(http, port, timeout.Token))
                {
                    if (_process.HasExited)
                        throw new InvalidOperationException($"Azurite ended with code {_process.ExitCode}. {await _output.ReadToEndAsync(_process, timeout.Token)}");
                    await Task.Delay(TimeSpan.FromMilliseconds(50), timeout.Token);
                }
            }
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new InvalidOperationException($"Azurite did not answer within {patience.TotalSeconds} seconds. {_output}", e);
        }
    }

    // Any answer will do: without credentials it is an error, but it is Azurite's.
    private static async Task<bool> AnswersAsync(HttpClient http, int port, CancellationToken cancellation)
    {
        try
        {
            using var response = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/{Account}"), cancellation);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
