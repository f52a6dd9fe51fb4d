using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;

namespace Vox.Operations.Backups;

/// <summary>Rows as lines of JSON, of which each says what it belongs to, so that lines can be read in any program.</summary>
internal static class BackupRows
{
    /// <summary><c>{"t":"users","p":"pid_…|aalice","r":"user","v":{"Name":"Alice","Number":["l","12"]}}</c></summary>
    public static void Write(Utf8JsonWriter json, string table, TableEntity row)
    {
        json.WriteStartObject();
        json.WriteString("t", table);
        json.WriteString("p", row.PartitionKey);
        json.WriteString("r", row.RowKey);
        json.WriteStartObject("v");
        foreach (var (name, value) in row)
        {
            if (name is "PartitionKey" or "RowKey" or "Timestamp" or "odata.etag" || value is null)
            {
                continue;
            }

            json.WritePropertyName(name);
            WriteValue(json, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static TableEntity Read(JsonElement line)
    {
        var row = new TableEntity(line.GetProperty("p").GetString(), line.GetProperty("r").GetString());
        foreach (var column in line.GetProperty("v").EnumerateObject())
        {
            row[column.Name] = ReadValue(column.Value);
        }

        return row;
    }

    // JSON has no types for most of these, and numbers above 2^53 would lose digits in other programs.
    private static void WriteValue(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case string text: json.WriteStringValue(text); return;
            case bool flag: json.WriteBooleanValue(flag); return;
            case int number: json.WriteNumberValue(number); return;
        }

        var (type, written) = value switch
        {
            long number => ("l", number.ToString(CultureInfo.InvariantCulture)),
            double number => ("d", number.ToString("R", CultureInfo.InvariantCulture)),
            DateTimeOffset time => ("t", time.ToString("O", CultureInfo.InvariantCulture)),
            DateTime time => ("t", new DateTimeOffset(time.ToUniversalTime()).ToString("O", CultureInfo.InvariantCulture)),
            Guid guid => ("g", guid.ToString("D")),
            byte[] bytes => ("b", Convert.ToBase64String(bytes)),
            BinaryData bytes => ("b", Convert.ToBase64String(bytes)),
            _ => throw new NotSupportedException($"A column of type {value.GetType().Name} cannot be backed up."),
        };
        json.WriteStartArray();
        json.WriteStringValue(type);
        json.WriteStringValue(written);
        json.WriteEndArray();
    }

    private static object? ReadValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.GetInt32(),
        _ when value[1].GetString() is { } text => value[0].GetString() switch
        {
            "l" => long.Parse(text, CultureInfo.InvariantCulture),
            "d" => double.Parse(text, CultureInfo.InvariantCulture),
            "t" => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
            "g" => Guid.Parse(text),
            "b" => Convert.FromBase64String(text),
            var type => throw new InvalidDataException($"The backup has a column of the unknown type {type}."),
        },
        _ => null,
    };
}
