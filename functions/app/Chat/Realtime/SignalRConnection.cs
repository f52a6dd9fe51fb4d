using Microsoft.Extensions.Configuration;

namespace Vox.Chat.Realtime;

/// <summary>Where the SignalR service is and how to sign in: a connection string, or only an endpoint for access by identity.</summary>
/// <param name="AccessKey">Null for access by identity.</param>
public sealed record SignalRConnection(Uri Endpoint, string? AccessKey)
{
    /// <summary>The first service.</summary>
    /// <returns>Null when no service is configured. Then everything works except the pushes.</returns>
    public static SignalRConnection? From(IConfiguration configuration)
    {
        var setting = configuration[RealtimeOptions.ConnectionSetting];
        if (!string.IsNullOrWhiteSpace(setting))
        {
            return Parse(setting);
        }

        return configuration[RealtimeOptions.ConnectionSetting + ":serviceUri"] is { Length: > 0 } uri
            ? new SignalRConnection(new Uri(uri), null)
            : null;
    }

    /// <summary>A connection string, or an endpoint for access by identity.</summary>
    public static SignalRConnection Of(string text) => text.Contains('=', StringComparison.Ordinal)
        ? Parse(text)
        : new SignalRConnection(new Uri(text.Trim()), null);

    /// <summary>Scheme, host and port: addresses begin with it.</summary>
    public string Authority => Endpoint.GetLeftPart(UriPartial.Authority);

    /// <summary>
    /// <c>Endpoint=https://x.service.signalr.net;AccessKey=…;Version=1.0;</c>, optionally <c>Port=</c> and <c>AuthType=azure.msi</c>.
    /// </summary>
    public static SignalRConnection Parse(string connectionString)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // Keys are base64 and may end with =.
            if (part.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
            {
                parts[part[..equals]] = part[(equals + 1)..];
            }
        }

        if (!parts.TryGetValue("Endpoint", out var endpoint) || !Uri.TryCreate(endpoint, UriKind.Absolute, out var uri))
        {
            throw new InvalidOperationException(
                "The connection string of a SignalR service has no valid Endpoint: "
                + "copy it from the service's page Keys.");
        }

        if (parts.TryGetValue("Port", out var port))
        {
            uri = new UriBuilder(uri) { Port = int.Parse(port, System.Globalization.CultureInfo.InvariantCulture) }.Uri;
        }

        return new SignalRConnection(uri, parts.GetValueOrDefault("AccessKey"));
    }
}
