using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Vox.Tests.Fixture;

namespace Vox.Tests.OpenApi;

public sealed class OpenApiTests(Backends backends)
{
    [Fact]
    public async Task OpenApi_Served_IsCacheableJsonOfVersion31()
    {
        using var response = await backends.App.Http.GetAsync("/api/openapi.json");

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.Public);
        var document = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenApi_Paths_AreExactlyTheRoutesAndMethodsThatExist()
    {
        var document = await ReadAsync();

        var listed = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name} {path.Name}"));
        var existing =
            from type in typeof(Program).Assembly.GetExportedTypes()
            from method in type.GetMethods()
            where method.GetCustomAttribute<FunctionAttribute>() is not null
            from parameter in method.GetParameters()
            let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
            where trigger is not null && IsApi(trigger.Route!)
            from verb in trigger.Methods!
            select $"{verb.ToLowerInvariant()} /{trigger.Route}";
        Assert.Equal(existing.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    /// <summary>This is checked not only by reflection: a function answers each listed operation, not the host with an empty 404.</summary>
    [Fact]
    public async Task OpenApi_EveryOperation_IsAnswered()
    {
        var document = await ReadAsync();

        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                using var response = await backends.App.Http.SendAsync(
                    new HttpRequestMessage(new HttpMethod(operation.Name.ToUpperInvariant()), path.Name));
                var body = await response.Content.ReadAsStringAsync();
                // These answers have no body: negotiate without its parameter fails in the binding, before the function; the host itself
                // asks for function keys; and HEAD has none.
                var without = path.Name.EndsWith("/negotiate", StringComparison.Ordinal) || operation.Name == "head"
                    || response.StatusCode == System.Net.HttpStatusCode.Unauthorized;
                Assert.True(body.Length > 0 || without, $"{operation.Name} {path.Name}: {response.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task OpenApi_EveryNumber_IsANumberOfAKnownSize()
    {
        var numbers = Numbers(await ReadAsync()).ToList();

        Assert.NotEmpty(numbers);
        Assert.All(numbers, number =>
        {
            var text = number.GetRawText();
            Assert.DoesNotContain("\"string\"", text, StringComparison.Ordinal);
            Assert.False(number.TryGetProperty("pattern", out _), text);
            Assert.True(number.TryGetProperty("format", out var format), text);
            Assert.Contains(format.GetString(), (string[])["int32", "int64", "double"]);
        });
    }

    [Fact]
    public async Task OpenApi_EveryReference_Resolves()
    {
        var document = await ReadAsync();
        var references = References(document).ToList();

        Assert.NotEmpty(references);
        Assert.All(references, reference =>
        {
            Assert.StartsWith("#/", reference, StringComparison.Ordinal);
            var target = document;
            foreach (var step in reference[2..].Split('/'))
            {
                var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
                Assert.True(
                    target.ValueKind == JsonValueKind.Object && target.TryGetProperty(name, out target),
                    $"{reference} leads nowhere at {step}.");
            }
        });
    }

    [Fact]
    public async Task OpenApi_Operations_HaveIdsOfTheirOwnASummaryAndResponses()
    {
        var operations = (await ReadAsync()).GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject(), (path, operation) => (Path: path.Name, Value: operation.Value)).ToList();

        Assert.Equal(operations.Count, operations.Select(o => o.Value.GetProperty("operationId").GetString()).Distinct().Count());
        Assert.All(operations, item =>
        {
            var (path, operation) = item;
            Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
            Assert.NotEmpty(operation.GetProperty("tags").EnumerateArray());
            Assert.True(operation.GetProperty("responses").TryGetProperty("default", out _));
            var parameters = operation.TryGetProperty("parameters", out var some) ? some.EnumerateArray().ToList() : [];
            Assert.All(parameters.Where(parameter => parameter.GetProperty("in").GetString() != "header"), parameter => Assert.Equal(
                path.Contains($"{{{parameter.GetProperty("name").GetString()}}}") ? "path" : "query",
                parameter.GetProperty("in").GetString()));
            Assert.Equal(path.Count(c => c == '{'), parameters.Count(parameter => parameter.GetProperty("in").GetString() == "path"));
        });
    }

    [Fact]
    public async Task OpenApi_OperationsThatWantAnAccessToken_AreExactlyThoseMarked()
    {
        var document = await ReadAsync();
        var schemes = document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(s => s.Name).ToList();

        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var marked = operation.Value.TryGetProperty("security", out var security);
                if (marked)
                {
                    Assert.All(security.EnumerateArray().SelectMany(s => s.EnumerateObject()), s => Assert.Contains(s.Name, schemes));
                }

                using var response = await backends.App.Http.SendAsync(
                    new HttpRequestMessage(new HttpMethod(operation.Name.ToUpperInvariant()), path.Name + "?u=x"));
                var text = await response.Content.ReadAsStringAsync();
                var refused = text.Contains("invalid_token", StringComparison.Ordinal)
                    || text.Contains("not_signed_in", StringComparison.Ordinal)
                    || text.Contains("invalid_api_key", StringComparison.Ordinal);
                Assert.True(marked == refused, $"{operation.Name} {path.Name}: {response.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task OpenApi_Schemas_DescribeWhatIsReallyAnswered()
    {
        var schemas = (await ReadAsync()).GetProperty("components").GetProperty("schemas");
        var alice = await (await (await backends.App.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();
        var sent = await alice.SendMessageAsync("alice", "Hi");
        var page = await alice.GetJsonAsync("/api/v1/messages?with=alice");
        var problem = await alice.GetAsync("/api/v1/messages").JsonAsync(400);

        Assert.Equal(PropertiesOf(schemas, "SendMessageResponse"), Names(sent));
        Assert.Subset(PropertiesOf(schemas, "MessagePage").ToHashSet(), Names(page).ToHashSet());
        Assert.Equal(PropertiesOf(schemas, "Problem"), Names(problem));
    }

    private async Task<JsonElement> ReadAsync() => await backends.App.Http.GetAsync("/api/openapi.json").JsonAsync();

    /// <summary>False for routes that serve pages and scripts.</summary>
    private static bool IsApi(string route) =>
        (route.StartsWith("api/", StringComparison.Ordinal) || route == "sendchat") && route != "api/{*path}";

    private static List<string> PropertiesOf(JsonElement schemas, string name)
        => Names(schemas.GetProperty(name).GetProperty("properties"));

    private static List<string> Names(JsonElement json) => [.. json.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal)];

    /// <summary>All schemas that take a number.</summary>
    private static IEnumerable<JsonElement> Numbers(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(p => Numbers(p.Value)).Concat(
            json.TryGetProperty("type", out var type) && type.ValueKind != JsonValueKind.Object && type.GetRawText() is var text
            && (text.Contains("\"integer\"", StringComparison.Ordinal) || text.Contains("\"number\"", StringComparison.Ordinal))
                ? [json]
                : []),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Numbers),
        _ => [],
    };

    private static IEnumerable<string> References(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(p =>
            p.Name == "$ref" && p.Value.ValueKind == JsonValueKind.String ? [p.Value.GetString()!] : References(p.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
