using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;
using Vox.DevHost.Rpc;

namespace Vox.DevHost.Http;

/// <summary>
/// What the host offers to a function's parameters by their names: route values, query parameters, the top-level properties of a JSON
/// body, and all headers and query parameters as JSON. Route values win, even optional ones that are absent.
/// </summary>
internal static class TriggerMetadata
{
    // A larger body is not searched: that would only cost memory here.
    private const int MaxJsonBytes = 1024 * 1024;

    private static readonly TypedData NoPairs = new() { Json = "{}" };

    public static async ValueTask AddAsync(InvocationRequest request, HttpContext http, RouteValueDictionary values)
    {
        // Case does not count in names, as in the worker, which refuses an invocation that has a name twice.
        var offered = new Dictionary<string, TypedData>(StringComparer.OrdinalIgnoreCase);
        if (http.Request.ContentLength is > 0 and <= MaxJsonBytes && http.Request.HasJsonContentType())
        {
            AddProperties(offered, await BufferAsync(http));
        }

        var query = http.Request.Query;
        foreach (var (name, value) in query)
        {
            offered[name] = new TypedData { String = value.ToString() };
        }

        offered["Query"] = query.Count == 0 ? NoPairs : Json(query);
        offered["Headers"] = Json(http.Request.Headers);

        foreach (var (name, value) in values)
        {
            offered.Remove(name);
            if (value is not null)
            {
                offered[name] = new TypedData { String = value.ToString()! };
            }
        }

        request.TriggerMetadata.Add(offered);
    }

    private static async Task<ReadOnlyMemory<byte>> BufferAsync(HttpContext http)
    {
        var body = new MemoryStream((int)http.Request.ContentLength!.Value);
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        body.Position = 0;
        http.Request.Body = body;
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static void AddProperties(Dictionary<string, TypedData> offered, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                return;
            }

            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.Value.ValueKind == JsonValueKind.Null)
                {
                    continue;
                }

                offered[property.Name] = property.Value.ValueKind == JsonValueKind.String
                    ? new TypedData { String = property.Value.GetString()! }
                    : new TypedData { Json = property.Value.GetRawText() };
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Malformed JSON, or a lone surrogate in a string. The function reports that itself.
        }
    }

    // Runs for every request, so it writes the JSON directly, without objects in between.
    private static TypedData Json(IEnumerable<KeyValuePair<string, StringValues>> pairs)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in pairs)
            {
                json.WriteString(name, value.ToString());
            }

            json.WriteEndObject();
        }

        return new TypedData { Json = Encoding.UTF8.GetString(buffer.WrittenSpan) };
    }
}
