using Microsoft.Extensions.Hosting;
using Vox.Local.DevTools;
using Vox.Local.Hosting.Http;
using Vox.Local.SignalR;

namespace Vox.Local.Hosting;

/// <summary>Starts Azurite and the SignalR emulator before the app, and stops them after it.</summary>
internal sealed class LocalBackends(
    LocalPorts ports, bool startAzurite, bool startSignalR, IReadOnlyList<FunctionDescriptor> functions) : IHostedService
{
    private AzuriteProcess? _azurite;
    private SignalREmulator? _signalR;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            var azurite = startAzurite ? StartAzuriteAsync(cancellationToken) : Task.CompletedTask;
            if (startSignalR)
            {
                _signalR = await SignalREmulator.StartAsync(
                    new SignalREmulatorOptions
                    {
                        Port = ports.SignalR,
                        Upstreams = Upstreams(functions, ports.App),
                    },
                    cancellationToken);
            }

            await azurite;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // A sentence about a port or a missing Node; the stack would only hide it.
            await Console.Error.WriteLineAsync(e.Message);
            await StopAsync(CancellationToken.None);
            Environment.Exit(1);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_signalR is not null) await _signalR.DisposeAsync();
        if (_azurite is not null) await _azurite.DisposeAsync();
        (_signalR, _azurite) = (null, null);
    }

    /// <summary>None for an app without SignalR triggers: the service would ask it about every connection and be told 404, a refusal.</summary>
    internal static IReadOnlyList<string> Upstreams(IReadOnlyList<FunctionDescriptor> functions, int port) =>
        functions.Any(function => function.SignalR is not null)
            ? [$"http://localhost:{port}/runtime/webhooks/signalr?code={HostKeys.DefaultSignalRKey}"]
            : [];

    private async Task StartAzuriteAsync(CancellationToken cancellationToken) => _azurite = await AzuriteProcess.StartAsync(
        new AzuriteOptions { BlobPort = ports.Azurite, Location = Path.Combine(LocalPaths.Data, "azurite") }, cancellationToken);
}
