using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Primitives;

namespace Vox.Local.Hosting.SignalRBindings;

/// <summary>Reads the headers with which the service describes a client's event.</summary>
internal static class SignalRUpstream
{
    /// <summary>The event; null when the service left out one of the headers it always sends.</summary>
    public static SignalRInvocationContext? Read(IHeaderDictionary headers)
    {
        var context = new SignalRInvocationContext
        {
            Hub = headers["X-ASRS-Hub"].ToString(),
            Event = headers["X-ASRS-Event"].ToString(),
            ConnectionId = headers["X-ASRS-Connection-Id"].ToString(),
            UserId = (string?)headers["X-ASRS-User-Id"] ?? null!,
            Headers = headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase),
            Query = QueryHelpers.ParseQuery(headers["X-ASRS-Client-Query"]),
            Claims = Claims(headers["X-ASRS-User-Claims"])!,
        };
        if (context.Hub.Length == 0 || context.Event.Length == 0 || context.ConnectionId.Length == 0) return null;
        if (!Enum.TryParse<SignalRInvocationCategory>(headers["X-ASRS-Category"], ignoreCase: true, out var category)) return null;
        context.Category = category;
        return context;
    }

    /// <summary>Whether one of the signatures (one per key of the service) is that of our key over the connection id.</summary>
    public static bool IsSigned(string? signatures, string connectionId, byte[] accessKey)
    {
        var expected = Encoding.ASCII.GetBytes(
            "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(accessKey, Encoding.UTF8.GetBytes(connectionId))));
        return (signatures ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Any(s => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(s.ToLowerInvariant()), expected));
    }

    // "name: value, name: value"; of a repeated name the first counts.
    private static Dictionary<string, StringValues>? Claims(string? header)
    {
        if (string.IsNullOrEmpty(header)) return null;

        var claims = new Dictionary<string, StringValues>(StringComparer.Ordinal);
        foreach (var claim in header.Split(','))
        {
            if (claim.Split(": ", 2) is [var name, var value]) claims.TryAdd(name.Trim(), value.Trim());
        }

        return claims;
    }
}
