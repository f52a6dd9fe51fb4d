using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Vox.SignalREmulation;

/// <summary>
/// Azure SignalR Service in serverless mode, for one machine: client connections, data-plane REST API, signed upstream calls. It is as
/// strict as the service, so that what passes here passes there. It listens on the loopback address only.
/// </summary>
internal sealed class SignalREmulator : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly SignalREmulatorOptions options;
    private readonly EmulatedHubs hubs;
    private readonly Upstream upstream;
    private readonly RestApi rest;
    private readonly EmulatorLifetime lifetime;

    private SignalREmulator(SignalREmulatorOptions options)
    {
        this.options = options;
        hubs = new EmulatedHubs(options.TimeProvider);
        upstream = new Upstream(options, Counters);
        lifetime = new EmulatorLifetime(hubs, options.TimeProvider);
        var tokens = new AccessTokens(options.AccessKey, options.IdentityToken, options.TimeProvider);
        var clients = new ClientHandler(hubs, upstream, options, lifetime);
        rest = new RestApi(hubs, tokens, Counters, options);
        app = SignalREmulatorHost.Build(options, clients, new ClientEndpoint(tokens, clients, options), rest);
    }

    public int Port { get; private set; }

    /// <summary>The value for the app's setting <c>AzureSignalRConnectionString</c>.</summary>
    public string ConnectionString => $"Endpoint=http://localhost;Port={Port};AccessKey={options.AccessKey};Version=1.0;";

    public SignalRCounters Counters { get; } = new();

    public int ConnectionCount => hubs.Connections.Count();

    /// <summary>For tests: sees every REST call first, and returns true if it has answered the call itself (a failure, a delay).</summary>
    public Func<HttpContext, Task<bool>>? Intercept
    {
        get => rest.Intercept;
        set => rest.Intercept = value;
    }

    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<SignalREmulator> StartAsync(SignalREmulatorOptions options, CancellationToken cancellation)
    {
        var emulator = new SignalREmulator(options);
        try
        {
            await emulator.app.StartAsync(cancellation);
            emulator.Port = new Uri(emulator.app.Urls.First()).Port;
            emulator.lifetime.Start();
            return emulator;
        }
        catch (IOException e)
        {
            await emulator.DisposeAsync();
            throw new IOException($"The SignalR emulator cannot listen on port {options.Port}: {e.Message}", e);
        }
        catch
        {
            await emulator.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Sets where client events go from now on. Apps that share the emulator often learn their own port only after it has started.
    /// </summary>
    public void SetUpstream(params IReadOnlyList<string> urls) => upstream.Set(urls);

    /// <summary>Cuts every client's connection without a close message, as a network failure does.</summary>
    public void DropAllConnections()
    {
        foreach (var connection in hubs.Connections)
        {
            connection.Abort("The connection was dropped.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await lifetime.DisposeAsync();
        await app.DisposeAsync();
        upstream.Dispose();
    }
}
