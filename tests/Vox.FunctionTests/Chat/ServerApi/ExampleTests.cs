using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Vox.Chat.Events;
using Vox.Tests.Fixture;

namespace Vox.Tests.ServerApi;

/// <summary>The examples of the OpenAPI document can be sent as they are, and what is answered is as it says.</summary>
public sealed class ExampleTests(Backends backends)
{
    private const string Base = "api/server/v1/";

    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List };

    [Fact]
    public async Task Requests_AsTheExamplesHaveThem_AreDoneAndAnsweredAsDescribed()
    {
        var document = JsonNode.Parse(await backends.App.Http.GetStringAsync("/api/openapi.json"))!;
        var wrong = new List<string>();
        var count = 0;
        foreach (var (path, methods) in PathsOf(document))
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                if (operation!["requestBody"]?["content"]?["application/json"] is not { } content)
                {
                    continue;
                }

                var name = $"{method.ToUpperInvariant()} {path}";
                var example = content["example"]?.ToJsonString() ?? throw new InvalidOperationException(name + " has no example.");
                count++;
                var server = await WorldAsync(path == $"/{Base}groups");
                var filled = await FillAsync(server, path[(Base.Length + 1)..]);
                using var answer = await server.SendAsync(
                    new HttpMethod(method.ToUpperInvariant()), filled, new StringContent(example, null, "application/json"));
                var text = await answer.Content.ReadAsStringAsync();
                if (answer.StatusCode != HttpStatusCode.OK)
                {
                    wrong.Add($"{name}: {answer.StatusCode} {text}");
                    continue;
                }

                wrong.AddRange(Check(document, operation["responses"]!["200"]!, text).Select(error => $"{name}: {error}"));
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(count > 20, $"Only {count} operations have bodies.");
    }

    [Fact]
    public async Task Answers_OfTheServerApi_HaveExamplesThatAreAsDescribed()
    {
        var document = JsonNode.Parse(await backends.App.Http.GetStringAsync("/api/openapi.json"))!;
        var wrong = new List<string>();
        foreach (var (path, methods) in PathsOf(document))
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                if (operation!["responses"]?["200"] is { } response && response["content"]?["application/json"] is { } content)
                {
                    wrong.AddRange(content["example"] is { } example
                        ? Check(document, response, example.ToJsonString()).Select(error => $"{method} {path}: {error}")
                        : [$"{method} {path} has no example of its answer."]);
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        var webhooks = document["paths"]![$"/{Base}webhooks"]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["example"]!;
        Assert.Equal(EventTypes.All, webhooks["types"]!.AsArray().Select(type => type!.GetValue<string>()));
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> PathsOf(JsonNode document) =>
        document["paths"]!.AsObject().Where(path => path.Key.StartsWith("/" + Base, StringComparison.Ordinal));

    /// <summary>A project with everybody and everything that the examples name.</summary>
    private async Task<TestServer> WorldAsync(bool withoutGroup)
    {
        var server = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        await server.UpsertAsync("alice", "bob", "carol", "mallory", "shop");
        if (!withoutGroup)
        {
            await server.PostJsonAsync(
                "groups", new { id = "team-42", name = "Team", owner = "alice", members = (string[])["bob", "mallory"] });
        }

        await server.SendAsync(HttpMethod.Put, "before-send", new { url = "https://example.com/ask" }).JsonAsync();
        return server;
    }

    private static async Task<string> FillAsync(TestServer server, string path)
    {
        if (path.Contains("{conversation}", StringComparison.Ordinal) || path == "messages")
        {
            await server.SendAsync(HttpMethod.Delete, "before-send");
        }

        var sent = path.Contains("{conversation}", StringComparison.Ordinal)
            ? await server.PostJsonAsync("messages", new { from = "shop", to = "alice", data = "On its way" })
            : default;
        var webhook = path.Contains("{webhookId}", StringComparison.Ordinal)
            ? await server.PostJsonAsync("webhooks", new { url = "https://example.com/hooks", events = (string[])["user.created"] })
            : default;
        var flag = path.Contains("{id}", StringComparison.Ordinal) ? await FlaggedAsync(server) : "";
        return path
            .Replace("{id}", flag, StringComparison.Ordinal)
            .Replace("members/{userId}", "members/bob", StringComparison.Ordinal)
            .Replace("{userId}", "alice", StringComparison.Ordinal)
            .Replace("{groupId}", "team-42", StringComparison.Ordinal)
            .Replace("{conversation}", Of(sent, "conversation"), StringComparison.Ordinal)
            .Replace("{sequence}", "1", StringComparison.Ordinal)
            .Replace("{webhookId}", Of(webhook, "id"), StringComparison.Ordinal);

        static string Of(JsonElement json, string name) =>
            json.ValueKind == JsonValueKind.Undefined ? "" : json.GetProperty(name).GetString()!;
    }

    private static async Task<string> FlaggedAsync(TestServer server)
    {
        var dora = await (await server.Project.CreateUserAsync("dora")).LogInAsync();
        await dora.PostJsonAsync("/api/v1/flags", new { user = "mallory", reason = "spam" });
        return (await server.GetJsonAsync("moderation/flags")).GetProperty("flags")[0].GetProperty("id").GetString()!;
    }

    private static IEnumerable<string> Check(JsonNode document, JsonNode response, string body)
    {
        var schema = response["content"]!["application/json"]!["schema"]!;
        if (schema["$ref"]?.GetValue<string>() is { } reference)
        {
            schema = document["components"]!["schemas"]![reference.Split('/')[^1]]!;
        }

        schema = schema.DeepClone();
        Close(schema);
        using var json = JsonDocument.Parse(body);
        var result = JsonSchema.FromText(schema.ToJsonString()).Evaluate(json.RootElement, Options);
        return result.IsValid
            ? []
            : [.. (result.Details ?? []).Where(part => part.Errors is not null)
                .SelectMany(part => part.Errors!.Select(error => $"{part.InstanceLocation}: {error.Value}"))];
    }

    /// <summary>What has no value is left out. And a field that the schema does not name is a mistake.</summary>
    private static void Close(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            foreach (var child in array)
            {
                Close(child);
            }
        }

        if (node is not JsonObject schema)
        {
            return;
        }

        foreach (var (_, child) in schema.ToList())
        {
            Close(child);
        }

        if (schema["properties"] is JsonObject properties && schema["type"] is not null)
        {
            schema["additionalProperties"] = false;
            if (schema["required"] is JsonArray required)
            {
                schema["required"] = new JsonArray([.. required.Select(name => name!.GetValue<string>())
                    .Where(name => properties[name]?["type"] is not JsonArray types
                        || types.All(type => type!.GetValue<string>() != "null"))
                    .Select(name => JsonValue.Create(name))]);
            }
        }
    }
}
