using System.Net.Http.Json;

namespace Vox.Tests.Fixture;

/// <summary>How a client of the vendor's API passes its fields.</summary>
public enum Carrier
{
    Form,
    Json,
    Query,
}

/// <summary>Calls with fields of any kind, for requests that the methods named after an intent cannot make.</summary>
public static class RestCall
{
    public static Task<HttpResponseMessage> CallAsync(
        this VoxApp app, HttpMethod method, string path, Carrier carrier, IReadOnlyDictionary<string, string?> fields)
    {
        var request = carrier switch
        {
            Carrier.Form => new HttpRequestMessage(method, path)
            {
                Content = new FormUrlEncodedContent(
                    fields.Where(f => f.Value is not null).Select(f => KeyValuePair.Create(f.Key, f.Value!))),
            },
            Carrier.Json => new HttpRequestMessage(method, path) { Content = JsonContent.Create(fields) },
            _ => new HttpRequestMessage(method, $"{path}?{Query(fields)}"),
        };
        return app.Http.SendAsync(request);
    }

    public static Task<HttpResponseMessage> GetAsync(this VoxApp app, string path, IReadOnlyDictionary<string, string?> fields) =>
        app.CallAsync(HttpMethod.Get, path, Carrier.Query, fields);

    /// <summary>A body exactly as given.</summary>
    public static Task<HttpResponseMessage> PostRawAsync(
        this VoxApp app, string path, string body, string? contentType = "application/json") =>
        app.Http.PostAsync(path, Raw(body, contentType));

    public static HttpContent Raw(string body, string? contentType = "application/json")
    {
        var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body));
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return content;
    }

    /// <summary>A copy with some fields changed; null takes a field away.</summary>
    public static Dictionary<string, string?> With(
        this IReadOnlyDictionary<string, string?> fields, params (string Name, string? Value)[] changes)
    {
        var result = fields.ToDictionary(f => f.Key, f => f.Value);
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                result.Remove(name);
            }
            else
            {
                result[name] = value;
            }
        }

        return result;
    }

    private static string Query(IReadOnlyDictionary<string, string?> fields) =>
        string.Join(
            '&', fields.Where(f => f.Value is not null).Select(f => $"{Uri.EscapeDataString(f.Key)}={Uri.EscapeDataString(f.Value!)}"));
}
