using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Vox.DevHost.DevTools;
using Vox.DevHost.Http;
using Vox.DevHost.Queues;
using Vox.DevHost.Rpc;
using Vox.DevHost.SignalR;
using Vox.DevHost.Timers;
using Vox.SignalREmulation;

namespace Vox.DevHost;

/// <summary>
/// The part of the Functions host that a developer's machine and tests need, inside the worker's own process. The worker is Microsoft's,
/// unmodified: it connects over gRPC to a listener in this process. Its own web server is the public one, with the host's routing in
/// front of its pipeline.
/// </summary>
internal static class DevelopmentHost
{
    private const string ApplicationDirectory = "FUNCTIONS_APPLICATION_DIRECTORY";

    /// <summary>
    /// Adds the host to an app whose builder has just been created. Does nothing in a process that a Functions host has started.
    /// </summary>
    /// <param name="startBackends">Whether storage and SignalR may be started here when no setting names others.</param>
    public static void AddTo(IServiceCollection services, bool startBackends = true)
    {
        var context = (HostBuilderContext)services.First(s => s.ServiceType == typeof(HostBuilderContext)).ImplementationInstance!;
        var configuration = (ConfigurationManager)context.Configuration;
        if (FunctionsHostStart.IsIn(configuration) || services.Any(s => s.ServiceType == typeof(WorkerChannel)))
        {
            return;
        }

        // The worker reads host.json and the functions' metadata from this folder.
        Environment.SetEnvironmentVariable(ApplicationDirectory, AppContext.BaseDirectory);
        if (IsUnset("AZURE_FUNCTIONS_ENVIRONMENT") && IsUnset("DOTNET_ENVIRONMENT"))
        {
            context.HostingEnvironment.EnvironmentName = Environments.Development;
        }

        LocalSettings.Add(configuration, Path.Combine(AppContext.BaseDirectory, "local.settings.json"));
        var backends = DevelopmentDefaults.Add(configuration, startBackends);

        var listener = RpcListener.Bind();
        ((IConfigurationBuilder)configuration).AddInMemoryCollection(listener.WorkerSettings);
        services.AddSingleton(listener);
        services.AddFunctionsHost();
        services.AddSingleton<IStartupFilter, HostStartupFilter>();
        services.AddSingleton(backends);
        services.AddSingleton<DevelopmentHostService>();
        // First to start and last to stop: the worker connects when its own service starts, and the app needs storage until it ends.
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(static p => p.GetRequiredService<DevelopmentHostService>()));

        // The host itself says when the app is ready, as the last line.
        services.Configure<ConsoleLifetimeOptions>(static console => console.SuppressStatusMessages = true);
        // Loopback only, because the keys are no secret.
        services.AddOptions<KestrelServerOptions>().Configure<IConfiguration>(static (kestrel, settings) =>
        {
            var port = new LocalPorts(settings).App;
            foreach (var address in Loopback.Addresses(port))
            {
                kestrel.Listen(address, port);
            }
        });
    }

    /// <summary>Adds what routes, runs and binds functions, in whichever process their worker is.</summary>
    public static IServiceCollection AddFunctionsHost(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<HostConsole>();
        services.AddSingleton<WorkerChannel>();
        services.AddSingleton<HostKeys>();
        services.AddSingleton<ConnectionInfoInput>();
        services.AddSingleton<SignalRRestClient>();
        services.AddSingleton<SignalROutputs>();
        services.AddSingleton<FunctionRunner>();
        services.TryAddSingleton<ITimerLeases, BlobTimerLeases>();
        services.AddSingleton<TimerHost>();
        services.AddSingleton<QueueHost>();
        services.AddSingleton<AdminApi>();
        services.AddSingleton<SignalRWebhook>();
        services.AddSingleton<HttpDispatcher>();
        services.AddSingleton<FunctionList>();
        return services;
    }

    private static bool IsUnset(string variable) => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
