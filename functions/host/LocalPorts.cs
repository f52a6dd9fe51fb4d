using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Vox.SignalREmulation;

namespace Vox.DevHost;

/// <summary>The ports of a local start, from <c>VOX_PORT</c>, <c>VOX_SIGNALR_PORT</c> and <c>VOX_AZURITE_PORT</c>.</summary>
internal sealed class LocalPorts(IConfiguration configuration)
{
    /// <summary>The app's port. Default 7071; 0 picks any free one.</summary>
    public int App { get; } = Read(configuration, "VOX_PORT", 7071);

    /// <summary>The SignalR emulator's port. Default 8888.</summary>
    public int SignalR { get; } = Read(configuration, "VOX_SIGNALR_PORT", 8888);

    /// <summary>The port of Azurite's blobs. Queues and tables have the next two. Default 10000.</summary>
    public int Azurite { get; } = Read(configuration, "VOX_AZURITE_PORT", 10000, IPEndPoint.MaxPort - 2);

    /// <exception cref="InvalidOperationException">Another program listens on the port; the message says what to do.</exception>
    public void CheckAppIsFree() => CheckIsFree(App, "the app", "VOX_PORT");

    /// <inheritdoc cref="CheckAppIsFree"/>
    public void CheckSignalRIsFree() => CheckIsFree(SignalR, "the SignalR emulator", "VOX_SIGNALR_PORT");

    private static void CheckIsFree(int port, string what, string variable)
    {
        if (!Loopback.IsFree(port))
        {
            throw new InvalidOperationException(
                $"Port {port} is in use, and {what} needs it: end the program that uses it, or set {variable} to a free port.");
        }
    }

    public string SignalRConnectionString =>
        $"Endpoint=http://localhost;Port={SignalR};AccessKey={SignalREmulatorOptions.DevelopmentKey};Version=1.0;";

    private static int Read(IConfiguration configuration, string name, int byDefault, int max = IPEndPoint.MaxPort)
    {
        var value = configuration[name];
        if (string.IsNullOrEmpty(value))
        {
            return byDefault;
        }

        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= max
            ? port
            : throw new InvalidOperationException($"{name} is '{value}': give a port number up to {max}, or 0 for any free port.");
    }
}
