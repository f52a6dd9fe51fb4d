using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace Vox.DevHost;

/// <summary>Reads local.settings.json and host.json, as Core Tools do.</summary>
internal static class LocalSettings
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>
    /// Adds the file's "Values" below the environment variables, which win. An empty value is ignored and the default holds, so a plain
    /// copy of local.settings.sample.json changes nothing.
    /// </summary>
    public static void Add(ConfigurationManager configuration, string file)
    {
        if (!File.Exists(file))
        {
            return;
        }

        using var json = JsonDocument.Parse(File.ReadAllText(file), Lenient);
        if (!json.RootElement.TryGetProperty("Values", out var values))
        {
            return;
        }

        IList<IConfigurationSource> sources = configuration.Sources;
        var environment = sources.Select((source, index) => (source, index))
            .Last(s => s.source is EnvironmentVariablesConfigurationSource).index;
        sources.Insert(environment, new MemoryConfigurationSource
        {
            InitialData = values.EnumerateObject().Where(v => v.Value.ToString().Length > 0).ToDictionary(
                v => v.Name.Replace("__", ":", StringComparison.Ordinal),
                v => (string?)v.Value.ToString(),
                StringComparer.OrdinalIgnoreCase),
        });
    }

    /// <summary>Prefix of every HTTP route: host.json's <c>extensions.http.routePrefix</c>, or "api".</summary>
    public static string RoutePrefix(string hostJson)
    {
        if (!File.Exists(hostJson))
        {
            return "api";
        }

        using var json = JsonDocument.Parse(File.ReadAllText(hostJson), Lenient);
        return json.RootElement.TryGetProperty("extensions", out var extensions)
            && extensions.TryGetProperty("http", out var http)
            && http.TryGetProperty("routePrefix", out var prefix)
            ? prefix.GetString()!.Trim('/')
            : "api";
    }

    /// <summary>Whether <c>AzureWebJobs.NAME.Disabled</c> is set. A disabled function still owns its route.</summary>
    public static bool IsDisabled(this IConfiguration configuration, FunctionDescriptor function) =>
        configuration[$"AzureWebJobs.{function.Name}.Disabled"] is { } value
            && (value is "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase));

    /// <summary>The setting's value if a binding says <c>%SettingName%</c>, otherwise the text itself.</summary>
    /// <exception cref="InvalidOperationException">The setting is missing.</exception>
    public static string Resolve(this IConfiguration configuration, string text) => text is ['%', .. var setting, '%']
        ? configuration[setting] ?? throw new InvalidOperationException($"There is no setting '{setting}'.")
        : text;
}
