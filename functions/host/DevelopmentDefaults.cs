using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Vox.DevHost.DevTools;

namespace Vox.DevHost;

/// <summary>
/// Settings of a start on a developer's machine, for what nobody has set: storage and SignalR of this machine, and the app's own
/// defaults.
/// </summary>
internal static class DevelopmentDefaults
{
    /// <summary>
    /// Lies beside the app: <c>{"Values": {…}, "ValuesWithStartedStorage": {…}}</c>. The second applies only when storage is started here.
    /// <c>{data}</c> stands for the folder of local data, <c>{port}</c> for the app's port.
    /// </summary>
    public const string FileName = "development.settings.json";

    private static readonly string[] StorageSettings =
    [
        "AzureWebJobsStorage", "AzureWebJobsStorage:accountName", "AzureWebJobsStorage:tableServiceUri",
        "Storage:ConnectionString", "Storage:AccountName", "Storage:TableServiceUri",
    ];

    private static readonly string[] SignalRSettings = ["AzureSignalRConnectionString", "AzureSignalRConnectionString:serviceUri"];

    /// <summary>
    /// Adds the defaults below every other source, and the connections to started backends above them all. Says what has to be started.
    /// </summary>
    public static LocalBackends Add(ConfigurationManager configuration, bool startBackends)
    {
        var ports = new LocalPorts(configuration);
        var azurite = startBackends && !IsSet(configuration, StorageSettings);
        var signalR = startBackends && !IsSet(configuration, SignalRSettings);
        var started = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (azurite)
        {
            started["AzureWebJobsStorage"] = AzuriteProcess.ConnectionStringFor(ports.Azurite, ports.Azurite + 1, ports.Azurite + 2);
        }

        if (signalR)
        {
            started["AzureSignalRConnectionString"] = ports.SignalRConnectionString;
        }
        // Above the settings: "development storage" there means the storage that is started here.
        configuration.AddInMemoryCollection(started);

        var defaults = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Logging:LogLevel:Default"] = "Information",
            // Kestrel warns that its addresses are overridden, but this host does that on purpose.
            ["Logging:LogLevel:Microsoft.AspNetCore.Server.Kestrel"] = "Error",
            // A function's exception also comes with its response, and the runner logs it.
            ["Logging:LogLevel:Microsoft.Azure.Functions.Worker.FunctionsApplication"] = "None",
        };
        var file = Path.Combine(AppContext.BaseDirectory, FileName);
        if (File.Exists(file))
        {
            Read(file, azurite, ports, defaults);
        }

        ((IList<IConfigurationSource>)configuration.Sources).Insert(0, new MemoryConfigurationSource { InitialData = defaults });
        return new LocalBackends(ports, azurite, signalR);
    }

    private static void Read(string file, bool azurite, LocalPorts ports, Dictionary<string, string?> defaults)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        foreach (var section in azurite ? new[] { "Values", "ValuesWithStartedStorage" } : ["Values"])
        {
            if (!json.RootElement.TryGetProperty(section, out var values))
            {
                continue;
            }

            foreach (var value in values.EnumerateObject())
            {
                defaults[value.Name.Replace("__", ":", StringComparison.Ordinal)] = value.Value.GetString()!
                    .Replace("{data}", LocalPaths.Data, StringComparison.Ordinal)
                    .Replace("{port}", $"{ports.App}", StringComparison.Ordinal);
            }
        }
    }

    // "Development storage" means the storage that is started here, on the ports of this start.
    private static bool IsSet(IConfiguration configuration, string[] settings) =>
        Array.Exists(settings, setting => configuration[setting] is { Length: > 0 } value and not "UseDevelopmentStorage=true");
}
