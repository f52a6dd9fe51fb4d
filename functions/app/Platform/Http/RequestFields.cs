using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Platform.Http;

/// <summary>
/// The flat parameters of the vendor's endpoints, which clients send as a form, as JSON or in the query; the body wins.
/// Names ignore case.
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

    /// <summary>The value exactly as sent: passwords and messages may begin or end with a blank.</summary>
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

    public static RequestFields OfQuery(HttpRequest request)
    {
        var fields = new RequestFields();
        foreach (var (name, value) in request.Query)
        {
            fields.values[name.Trim(' ')] = value.ToString();
        }

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
            fields.AddForm(bytes);
        }
        else if (RequestBody.IsJson(request.ContentType))
        {
            fields.AddJson(bytes);
        }
        else
        {
            throw new VoxException(
                Errors.UnsupportedMediaType,
                "The body must be JSON (Content-Type: application/json) or a form (application/x-www-form-urlencoded).");
        }

        return fields;
    }

    private void AddForm(ReadOnlyMemory<byte> bytes)
    {
        using var reader = new FormReader(new MemoryStream(bytes.ToArray(), writable: false), Encoding.UTF8)
        {
            ValueCountLimit = 64,
            KeyLengthLimit = 256,
            ValueLengthLimit = int.MaxValue,
        };
        try
        {
            foreach (var (name, value) in reader.ReadForm())
            {
                values[name.Trim()] = value.ToString();
            }
        }
        catch (InvalidDataException e)
        {
            throw new VoxException(Errors.InvalidRequest, "The form has too many or too long fields.", inner: e);
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

            foreach (var property in json.RootElement.EnumerateObject())
            {
                values[property.Name] = property.Value.ValueKind switch
                {
                    JsonValueKind.String => property.Value.GetString()!,
                    JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => property.Value.GetRawText(),
                    JsonValueKind.Null => "",
                    _ => throw new VoxException(
                        Errors.InvalidField, $"{property.Name} must be a text, not {Describe(property.Value.ValueKind)}.", property.Name),
                };
            }
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

    private static string Describe(JsonValueKind kind) => kind == JsonValueKind.Array ? "a list" : "an object";

    private static VoxException Missing(string name) => new(Errors.MissingField, $"{name} is missing or blank.", name);
}
