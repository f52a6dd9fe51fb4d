using Vox.DevHost.DevTools;
using Vox.DevHost.Http;
using Vox.SignalREmulation;

namespace Vox.DevHost;

/// <summary>Azurite and the SignalR emulator, as far as this start needs them.</summary>
internal sealed class LocalBackends(LocalPorts ports, bool startAzurite, bool startSignalR) : IAsyncDisposable
{
    private AzuriteProcess? azurite;
    private SignalREmulator? signalR;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            ports.CheckAppIsFree();
            if (startSignalR)
            {
                ports.CheckSignalRIsFree();
            }

            var starting = startAzurite ? StartAzuriteAsync(cancellationToken) : Task.CompletedTask;
            if (startSignalR)
            {
                signalR = await SignalREmulator.StartAsync(new SignalREmulatorOptions { Port = ports.SignalR }, cancellationToken);
            }

            await starting;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // The message is about a port or a missing Node. A stack trace would only hide it.
            await Console.Error.WriteLineAsync(e.Message);
            await DisposeAsync();
            Environment.Exit(1);
        }
    }

    /// <summary>Sets where client events go, once it is known whether a function wants them.</summary>
    public void SetUpstream(IReadOnlyList<FunctionDescriptor> functions) => signalR?.SetUpstream([.. Upstreams(functions, ports.App)]);

    public async ValueTask DisposeAsync()
    {
        if (signalR is not null)
        {
            await signalR.DisposeAsync();
        }

        if (azurite is not null)
        {
            await azurite.DisposeAsync();
        }

        (signalR, azurite) = (null, null);
    }

    /// <summary>
    /// Empty for an app without SignalR triggers: the service would ask it about every connection, get 404 and refuse the connection.
    /// </summary>
    internal static IReadOnlyList<string> Upstreams(IReadOnlyList<FunctionDescriptor> functions, int port) =>
        functions.Any(function => function.SignalR is not null)
            ? [$"http://localhost:{port}/runtime/webhooks/signalr?code={HostKeys.DefaultSignalRKey}"]
            : [];

    private async Task StartAzuriteAsync(CancellationToken cancellationToken) => azurite = await AzuriteProcess.StartAsync(
        new AzuriteOptions { BlobPort = ports.Azurite, Location = Path.Combine(LocalPaths.Data, "azurite") }, cancellationToken);
}
