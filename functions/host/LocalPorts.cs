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
    public int Azurite { get; } = Read(configuration, "VOX_AZURITE_PORT", 10000);

    public string SignalRConnectionString =>
        $"Endpoint=http://localhost;Port={SignalR};AccessKey={SignalREmulatorOptions.DevelopmentKey};Version=1.0;";

    private static int Read(IConfiguration configuration, string name, int byDefault)
    {
        var value = configuration[name];
        if (string.IsNullOrEmpty(value))
        {
            return byDefault;
        }

        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort
            ? port
            : throw new InvalidOperationException($"{name} is '{value}': give a port number, or 0 for any free port.");
    }
}
