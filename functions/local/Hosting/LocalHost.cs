using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Vox.Local.Hosting.Http;
using Vox.Local.Hosting.SignalRBindings;
using Vox.Local.Hosting.Timers;

namespace Vox.Local.Hosting;

/// <summary>The web host that takes the place of the Functions host and its worker.</summary>
internal static class LocalHost
{
    private static readonly Dictionary<string, string?> Defaults = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        // What a function throws after its answer began passes through these two, and the runner has already logged it.
        ["Logging:LogLevel:Microsoft.AspNetCore.Diagnostics"] = "None",
        ["Logging:LogLevel:Microsoft.AspNetCore.Server.Kestrel"] = "Critical",
    };

    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // No file watchers: each costs an inotify instance, and tests start many hosts.
            Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environment.GetEnvironmentVariable("AZURE_FUNCTIONS_ENVIRONMENT")
                ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
                ?? Environments.Development,
        });
        ((IList<IConfigurationSource>)builder.Configuration.Sources).Insert(0, new MemoryConfigurationSource { InitialData = Defaults });
        LocalSettings.Add(builder.Configuration, Path.Combine(AppContext.BaseDirectory, "local.settings.json"));

        builder.Logging.ClearProviders().AddConsole(static options => options.FormatterName = LocalConsole.FormatterName)
            .AddConsoleFormatter<LocalConsole, ConsoleFormatterOptions>();

        // Loopback only: the keys below are no secret.
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IConfiguration>(
            static (kestrel, configuration) => kestrel.Listen(IPAddress.Loopback, new LocalPorts(configuration).App));
        builder.Services.AddMvcCore();
        return builder;
    }

    public static IHost Build(WebApplicationBuilder builder, IReadOnlyList<FunctionDescriptor> functions, FunctionExecutionDelegate pipeline)
    {
        var routes = new RouteTable(functions, LocalSettings.RoutePrefix(Path.Combine(AppContext.BaseDirectory, "host.json")));
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(functions);
        services.AddSingleton(routes);
        services.AddSingleton(pipeline);
        services.AddSingleton<HostKeys>();
        services.AddSingleton<ConnectionInfoInput>();
        services.AddSingleton<SignalRRestClient>();
        services.AddSingleton<SignalROutputs>();
        services.AddSingleton<FunctionRunner>();
        services.TryAddSingleton<ITimerLeases, BlobTimerLeases>();
        services.AddSingleton<TimerHost>();
        services.AddHostedService(static provider => provider.GetRequiredService<TimerHost>());
        services.AddSingleton<AdminApi>();
        services.AddSingleton<SignalRWebhook>();
        services.AddSingleton<HttpDispatcher>();
        services.AddSingleton<FunctionList>();
        services.AddHostedService(static provider => provider.GetRequiredService<FunctionList>());

        var app = builder.Build();
        app.Run(app.Services.GetRequiredService<HttpDispatcher>().HandleAsync);

        // Callbacks run in reverse order: registered before anybody else's, this is the last word.
        app.Lifetime.ApplicationStarted.Register(app.Services.GetRequiredService<FunctionList>().Ready);
        return app;
    }
}
