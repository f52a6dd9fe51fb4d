using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Vox.Local.DevTools;

namespace Vox.Local.Hosting;

/// <summary>What a developer's machine needs besides the app: storage and SignalR emulators, started before the app's own services.</summary>
internal static class LocalDevelopment
{
    private static readonly string[] StorageSettings =
    [
        "AzureWebJobsStorage", "AzureWebJobsStorage:accountName", "AzureWebJobsStorage:tableServiceUri",
        "Storage:ConnectionString", "Storage:AccountName", "Storage:TableServiceUri",
    ];

    private static readonly string[] SignalRSettings = ["AzureSignalRConnectionString", "AzureSignalRConnectionString:serviceUri"];

    // Called at the end of CreateBuilder: configuration is complete, and what is registered here starts first and stops last.
    public static void AddLocalServices(WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var ports = new LocalPorts(configuration);
        var azurite = !IsSet(configuration, StorageSettings);
        var signalR = !IsSet(configuration, SignalRSettings);
        var defaults = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (azurite)
        {
            defaults["AzureWebJobsStorage"] = AzuriteProcess.ConnectionStringFor(ports.Azurite, ports.Azurite + 1, ports.Azurite + 2);
            // Pages upload files straight to it.
            if (configuration["Files:SetBlobCors"] is null)
                defaults["Files:SetBlobCors"] = "true";
        }

        if (signalR)
            defaults["AzureSignalRConnectionString"] = ports.SignalRConnectionString;
        if (azurite || signalR)
            builder.Services.AddHostedService(
                provider => new LocalBackends(ports, azurite, signalR, provider.GetRequiredService<IReadOnlyList<FunctionDescriptor>>()));

        // An empty setting means: no demo project.
        if (configuration["Demo:File"] is null)
            defaults["Demo:File"] = Path.Combine(LocalPaths.Data, "demo.json");
        if (string.IsNullOrEmpty(configuration["Demo:ApiBase"]))
            defaults["Demo:ApiBase"] = $"http://localhost:{ports.App}";
        // E-mails become files, unless a server is set that sends them.
        if (string.IsNullOrEmpty(configuration["Mail:Folder"]) && string.IsNullOrEmpty(configuration["Mail:Host"]))
            defaults["Mail:Folder"] = Path.Combine(LocalPaths.Data, "mail");
        configuration.AddInMemoryCollection(defaults);
    }

    // "Development storage" is what is started here, on the ports of this start.
    private static bool IsSet(IConfiguration configuration, string[] settings) =>
        Array.Exists(settings, setting => configuration[setting] is { Length: > 0 } value and not "UseDevelopmentStorage=true");
}
