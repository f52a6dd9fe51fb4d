using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Platform.Http;

/// <summary>
/// The flat parameters of the vendor's endpoints, which clients send as a form, as JSON or in the query; the body wins.
/// Names ignore case. Of a field that is sent twice nobody can say which one counts, so it is refused.
/// </summary>
internal sealed class RequestFields
{
    private readonly Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The value of the first name that is present. Surrounding blanks are removed: the guide's own examples have some.</summary>
    public string? this[params ReadOnlySpan<string> names]
    {
        get
        {
            foreach (var name in names)
            {
                if (values.TryGetValue(name, out var value))
                {
                    return value.Trim(' ');
                }
            }

            return null;
        }
    }

    /// <summary>The value exactly as sent: messages may begin or end with a blank.</summary>
    public string? Exact(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (values.TryGetValue(name, out var value))
            {
                return value;
            }
        }

        return null;
    }

    /// <exception cref="VoxException">missing_field, if the field is absent or blank.</exception>
    public string Required(params ReadOnlySpan<string> names) =>
        this[names] is { Length: > 0 } value ? value : throw Missing(names[0]);

    public string RequiredExact(params ReadOnlySpan<string> names) =>
        Exact(names) is { Length: > 0 } value ? value : throw Missing(names[0]);

    /// <summary>A whole number within limits, or the default if it is absent or blank. Without a default it is required.</summary>
    /// <exception cref="VoxException">missing_field, invalid_field</exception>
    public int Number(string name, int min, int max, int? byDefault = null) => this[name] switch
    {
        null or "" => byDefault ?? throw Missing(name),
        var text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max => number,
        _ => throw new VoxException(Errors.InvalidField, $"{name} must be a whole number from {min} to {max}.", name),
    };

    /// <exception cref="VoxException">invalid_request: a field is there twice</exception>
    public static RequestFields OfQuery(HttpRequest request)
    {
        var fields = new RequestFields();
        fields.Add(request.Query.SelectMany(static field => field.Value, static (field, value) => (field.Key.Trim(' '), value ?? "")));
        return fields;
    }

    public static async Task<RequestFields> ReadAsync(HttpRequest request, RequestBody body, CancellationToken cancellationToken)
    {
        var fields = OfQuery(request);
        var bytes = await body.ReadAsync(request, cancellationToken);
        if (bytes.IsEmpty)
        {
            return fields;
        }

        if (RequestBody.IsForm(request.ContentType))
        {
            fields.Add(FormBody.Read(bytes, BodyCharset.Of(request)));
        }
        else if (RequestBody.IsJson(request.ContentType))
        {
            fields.AddJson(BodyCharset.JsonOf(request, bytes));
        }
        else
        {
            throw new VoxException(
                Errors.UnsupportedMediaType,
                "The body must be JSON (Content-Type: application/json) or a form (application/x-www-form-urlencoded).");
        }

        return fields;
    }

    /// <summary>Adds what one part of the request has: its fields win over those of the part before.</summary>
    private void Add(IEnumerable<(string Name, string Value)> fields)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in fields)
        {
            // Nothing asks for a field without a name, so it may come any number of times.
            if (name.Length > 0 && !seen.Add(name))
            {
                throw new VoxException(Errors.InvalidRequest, $"{Shown(name)} is there twice: send it once.", Shown(name));
            }

            values[name] = value;
        }
    }

    private void AddJson(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new VoxException(Errors.InvalidJson, "The body must be a JSON object.");
            }

            Add(json.RootElement.EnumerateObject().Select(static property => (property.Name, Text(property))));
        }
        catch (JsonException e)
        {
            throw new VoxException(Errors.InvalidJson, RequestBody.Explain(e), inner: e);
        }
        catch (InvalidOperationException e)
        {
            // Half a surrogate pair: JSON's grammar allows it, but it is not text.
            throw new VoxException(Errors.InvalidJson, "The body contains half of a surrogate pair.", inner: e);
        }
    }

    private static string Text(JsonProperty property) => property.Value.ValueKind switch
    {
        JsonValueKind.String => property.Value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => property.Value.GetRawText(),
        JsonValueKind.Null => "",
        _ => throw new VoxException(
            Errors.InvalidField, $"{property.Name} must be a text, not {Describe(property.Value.ValueKind)}.", property.Name),
    };

    /// <summary>The name of a field as an answer may carry it.</summary>
    private static string Shown(string name) => name.Length <= 64 ? name : name[..64];

    private static string Describe(JsonValueKind kind) => kind == JsonValueKind.Array ? "a list" : "an object";

    private static VoxException Missing(string name) => new(Errors.MissingField, $"{name} is missing or blank.", name);
}
