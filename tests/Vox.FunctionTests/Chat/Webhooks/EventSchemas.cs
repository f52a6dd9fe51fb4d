using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Vox.Tests.Fixture;

namespace Vox.Tests.Webhooks;

/// <summary>The schemas that the app serves, in a library that is not ours.</summary>
internal static class EventSchemas
{
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    public static async Task<JsonSchema> ReadAsync(VoxApp app, string type)
    {
        using var response = await app.Http.GetAsync("/api/webhooks/schemas/" + type);
        Assert.Equal("application/schema+json", response.Content.Headers.ContentType?.MediaType);
        var schema = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Close(schema);
        return JsonSchema.FromText(schema.ToJsonString());
    }

    /// <returns>What is wrong with the event; empty when nothing is.</returns>
    public static IReadOnlyList<string> Check(JsonSchema schema, string body)
    {
        using var document = JsonDocument.Parse(body);
        var result = schema.Evaluate(document.RootElement, Options);
        return result.IsValid
            ? []
            : [.. (result.Details ?? []).Where(part => part.Errors is not null).SelectMany(
                part => part.Errors!.Select(error => $"{part.InstanceLocation}: {error.Value}"))];
    }

    /// <summary>Receivers ignore what they do not know. Here a field that the schema does not name is a mistake.</summary>
    private static void Close(JsonNode? node)
    {
        if (node is JsonObject schema)
        {
            foreach (var (_, child) in schema.ToList())
            {
                Close(child);
            }

            if (schema["properties"] is JsonObject)
            {
                schema["additionalProperties"] = false;
            }
        }
    }
}
