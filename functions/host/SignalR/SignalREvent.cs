using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Vox.DevHost.SignalR;

/// <summary>What a client did, as the service reports it in the headers and body of its call, and as a trigger passes it on.</summary>
internal sealed record SignalREvent(
    string Hub, string Category, string Event, string ConnectionId, string? UserId,
    IReadOnlyDictionary<string, string> Headers, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string>? Claims)
{
    /// <summary>What the client passed; null for an event without arguments.</summary>
    public JsonElement[]? Arguments { get; init; }

    public string? Error { get; init; }

    /// <summary>The event; null when the service left out one of the headers it always sends.</summary>
    public static SignalREvent? Read(IHeaderDictionary headers)
    {
        var category = headers["X-ASRS-Category"].ToString() switch
        {
            var c when c.Equals("connections", StringComparison.OrdinalIgnoreCase) => "Connections",
            var c when c.Equals("messages", StringComparison.OrdinalIgnoreCase) => "Messages",
            _ => "",
        };
        var read = new SignalREvent(
            headers["X-ASRS-Hub"].ToString(), category, headers["X-ASRS-Event"].ToString(), headers["X-ASRS-Connection-Id"].ToString(),
            headers["X-ASRS-User-Id"], headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            QueryHelpers.ParseQuery(headers["X-ASRS-Client-Query"])
                .ToDictionary(q => q.Key, q => q.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            ReadClaims(headers["X-ASRS-User-Claims"]));
        return read.Hub.Length == 0 || read.Category.Length == 0 || read.Event.Length == 0 || read.ConnectionId.Length == 0 ? null : read;
    }

    /// <summary>Whether one of the signatures (one per key of the service) was made with our key over the connection id.</summary>
    public static bool IsSigned(string? signatures, string connectionId, byte[] accessKey)
    {
        var expected = Encoding.ASCII.GetBytes(
            "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(accessKey, Encoding.UTF8.GetBytes(connectionId))));
        return (signatures ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Any(s => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(s.ToLowerInvariant()), expected));
    }

    public bool IsFor(SignalRTrigger trigger) =>
        trigger.Hub.Equals(Hub, StringComparison.OrdinalIgnoreCase)
        && trigger.Category.Equals(Category, StringComparison.OrdinalIgnoreCase)
        && trigger.Event.Equals(Event, StringComparison.OrdinalIgnoreCase);

    /// <summary>The JSON that the trigger's parameter receives. The names are the platform's.</summary>
    public string ToJson() =>
        JsonSerializer.Serialize(new { Arguments, Error, Category, Event, Hub, ConnectionId, UserId, Headers, Query, Claims });

    // The form is "name: value, name: value". If a name is repeated, its first value counts.
    private static Dictionary<string, string>? ReadClaims(string? header)
    {
        if (string.IsNullOrEmpty(header))
        {
            return null;
        }

        var claims = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var claim in header.Split(','))
        {
            if (claim.Split(": ", 2) is [var name, var value])
            {
                claims.TryAdd(name.Trim(), value.Trim());
            }
        }

        return claims;
    }
}
