using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Primitives;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>
/// Reads <c>{"name":"text"}</c>, as a host sends it, and <c>{"name":["text"]}</c>, as <see cref="Write"/> writes it. A text is split at
/// its commas, as the official converter does.
/// </summary>
internal sealed class StringValuesDictionaryConverter : JsonConverter<IDictionary<string, StringValues>>
{
    public override IDictionary<string, StringValues> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        var values = new Dictionary<string, StringValues>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            values[name] = reader.TokenType switch
            {
                JsonTokenType.Null => default,
                JsonTokenType.String => new StringValues(reader.GetString()!.Split(',')),
                JsonTokenType.StartArray => ReadArray(ref reader),
                _ => throw new JsonException(),
            };
        }

        return values;
    }

    public override void Write(Utf8JsonWriter writer, IDictionary<string, StringValues> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, texts) in value)
        {
            writer.WriteStartArray(name);
            foreach (var text in texts)
            {
                writer.WriteStringValue(text);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static StringValues ReadArray(ref Utf8JsonReader reader)
    {
        var texts = new List<string?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? reader.GetString() : throw new JsonException());
        }

        return new StringValues([.. texts]);
    }
}
