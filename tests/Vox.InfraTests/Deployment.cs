using System.Text.Json;

namespace Vox.Tests;

/// <summary>The predicted result of a deployment.</summary>
internal sealed class Deployment(JsonElement snapshot, string output)
{
    public IReadOnlyList<Resource> Resources { get; } =
        [.. snapshot.GetProperty("predictedResources").EnumerateArray().Select(r => new Resource(r))];

    /// <summary>What the compiler said.</summary>
    public string Output { get; } = output;

    public string Text { get; } = snapshot.GetRawText();

    public IEnumerable<JsonProperty> Outputs => snapshot.GetProperty("outputs").EnumerateObject();

    /// <summary>The function app's settings. What only the deployment can know is an expression in brackets.</summary>
    public IReadOnlyDictionary<string, string> Settings => OfType("Microsoft.Web/sites").Single()["siteConfig.appSettings"].EnumerateArray()
        .ToDictionary(s => s.GetProperty("name").GetString()!, s => s.GetProperty("value").GetString()!, StringComparer.Ordinal);

    public IEnumerable<Resource> OfType(string type) => Resources.Where(r => r.Type.Equals(type, StringComparison.OrdinalIgnoreCase));
}

internal sealed class Resource(JsonElement json)
{
    public string Type => json.GetProperty("type").GetString()!;

    public string Name => json.GetProperty("name").GetString()!;

    public string Id => json.GetProperty("id").GetString()!;

    public JsonElement Json => json;

    /// <summary>A value below <c>properties</c>, by its path; undefined when it is not there.</summary>
    public JsonElement this[string path]
    {
        get
        {
            var value = json.TryGetProperty("properties", out var properties) ? properties : default;
            foreach (var name in path.Split('.'))
            {
                if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                {
                    return default;
                }
            }

            return value;
        }
    }

    public bool Is(string path, bool expected) => this[path].ValueKind == (expected ? JsonValueKind.True : JsonValueKind.False);

    public bool Is(string path, string expected) => this[path].ValueKind == JsonValueKind.String && this[path].GetString() == expected;
}
