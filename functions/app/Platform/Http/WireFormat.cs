using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vox.Platform.Http;

/// <summary>
/// How everything that goes over the wire is written. Each folder has its own <see cref="JsonSerializerContext"/> for its contracts, with
/// these options: generated code, no reflection at start-up or per message.
/// </summary>
internal static class WireFormat
{
    /// <summary>
    /// camelCase; null is left out; case does not count in names that are read; numbers may also come as strings; nothing
    /// may come twice. Text is written as it is,
    /// not as \u escapes: it is sent as JSON only, never inside HTML, and SignalR bills by size.
    /// </summary>
    public static JsonSerializerOptions NewOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        PropertyNameCaseInsensitive = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
