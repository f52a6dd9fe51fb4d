using System.Text;
using System.Text.Json;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Platform.Http;

/// <summary>A JSON object that an app keeps with something of ours. It is stored as a text, and never looked into.</summary>
internal static class JsonObjectText
{
    private static readonly JsonSerializerOptions Options = WireFormat.NewOptions();

    /// <param name="maxBytes">Of the JSON text in UTF-8, as it is written without blanks.</param>
    /// <returns>The JSON text to store, empty for none; null when the field is absent.</returns>
    /// <exception cref="VoxException">invalid_field, too_long</exception>
    public static string? Check(JsonElement value, string field, int maxBytes)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Undefined:
                return null;
            case JsonValueKind.Null:
                return "";
            case JsonValueKind.Object:
                break;
            default:
                throw new VoxException(Errors.InvalidField, $"{field} must be a JSON object.", field);
        }

        var text = Write(value, field);
        return Encoding.UTF8.GetByteCount(text) > maxBytes
            ? throw new VoxException(Errors.TooLong, $"{field} may have at most {maxBytes:N0} bytes as JSON in UTF-8.", field)
            : text == "{}" ? "" : text;
    }

    /// <param name="text">As <see cref="Check"/> made it.</param>
    public static JsonElement? Read(string text) => text.Length == 0 ? null : JsonElement.Parse(text);

    private static string Write(JsonElement value, string field)
    {
        try
        {
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = Options.Encoder }))
            {
                value.WriteTo(writer);
            }

            return Encoding.UTF8.GetString(stream.ToArray());
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // JSON's grammar allows it as an escape, but it is not text.
            throw new VoxException(Errors.InvalidField, $"{field} contains half of a surrogate pair.", field, e);
        }
    }
}
