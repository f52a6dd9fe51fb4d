using System.Globalization;
using System.Text.Json;

namespace Vox.OperatorTool;

internal static class Json
{
    /// <summary>A property as people read it; null when it is not there.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String when name.EndsWith("At", StringComparison.Ordinal) && value.TryGetDateTimeOffset(out var time) =>
                    time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                JsonValueKind.String => value.GetString(),
                JsonValueKind.True => "yes",
                JsonValueKind.False => "no",
                _ => value.GetRawText(),
            }
            : null;
}
