using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vox.Platform.Http;

/// <summary>
/// How everything is written that goes over the wire. Each folder has a <see cref="JsonSerializerContext"/> of its own for its contracts, with these
/// options: generated code, no reflection at start-up or per message.
/// </summary>
public static class WireFormat
{
    /// <summary>
    /// camelCase, absent for null, names read without case, numbers also from strings. Text is written as it is, not as \u escapes: it
    /// is sent as JSON only, never inside HTML, and SignalR bills by size.
    /// </summary>
    public static JsonSerializerOptions NewOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        PropertyNameCaseInsensitive = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
