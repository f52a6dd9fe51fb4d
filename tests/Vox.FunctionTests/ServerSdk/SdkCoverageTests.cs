using System.Globalization;
using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Vox.Server;
using Vox.Tests.Fixture;

namespace Vox.Tests.ServerSdk;

/// <summary>Both SDKs have all of the server API: every method is called, and what it sends is compared with the OpenAPI text.</summary>
public sealed class SdkCoverageTests(Backends backends)
{
    /// <summary>Only in what goes over live connections.</summary>
    private static readonly string[] NeverInAnswers = ["tip", "epoch", "mine"];

    /// <summary>Parts of the query that the SDKs give by themselves, as they read the pages.</summary>
    private static readonly string[] Paging = ["cursor", "limit"];

    [Fact]
    public async Task DotNet_EveryMethod_SendsWhatAnOperationTakesAndNoneIsMissing()
    {
        var operations = await OperationsAsync();
        var wrong = new List<string>();
        var recorder = new Recorder();
        var vox = new VoxClient(
            new HttpClient(recorder), new VoxOptions { Address = new Uri("http://localhost"), ApiKey = "vox_sk_test", MaxRetries = 0 });
        foreach (var part in typeof(VoxClient).GetProperties())
        {
            foreach (var method in part.PropertyType.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            {
                recorder.Sent.Clear();
                await CallAsync(part.GetValue(vox)!, method);
                var name = $"{part.Name}.{method.Name}";
                Note(operations, name, Assert.Single(recorder.Sent), wrong);
                if (AnswerOf(method.ReturnType) is { } type && operations.Single(one => one.Methods.Contains(name)).Answer is { } answer)
                {
                    wrong.AddRange(MissingIn(type, answer).Select(field => $"What {name} returns lacks {field}."));
                }
            }
        }

        wrong.AddRange(operations.SelectMany(one => one.Lacking(bodies: true)));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Distinct(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Node_EveryMethod_CallsAnOperationAndNoneIsMissing()
    {
        var operations = await OperationsAsync();
        var wrong = new List<string>();
        using var program = SdkProgram.Start("node", "node", ["test/coverage.mjs"]);
        foreach (var call in JsonElement.Parse(await program.EndAsync()).EnumerateArray())
        {
            var sent = Assert.Single(call.GetProperty("sent").EnumerateArray());
            Note(
                operations, call.GetProperty("name").GetString()!,
                new Sent(sent.GetProperty("method").GetString()!, new Uri(sent.GetProperty("url").GetString()!), [], null), wrong);
        }

        wrong.AddRange(operations.SelectMany(one => one.Lacking(bodies: false)));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Distinct(StringComparer.Ordinal)));
    }

    private static void Note(List<Operation> operations, string name, Sent sent, List<string> wrong)
    {
        // Of several paths that fit, such as users/{userId} and users/x, the one with the fewest placeholders is meant.
        var found = operations.Where(one => one.Fits(sent)).MinBy(one => one.Path.Count(c => c == '{'));
        if (found is null)
        {
            wrong.Add($"{name} calls {sent.Method} {sent.Url.AbsolutePath}, and there is no such operation.");
            return;
        }

        found.Methods.Add(name);
        found.Given.UnionWith(sent.Url.Query.TrimStart('?').Split('&').Select(part => part.Split('=')[0]));
        found.Given.UnionWith(sent.Headers);
        if (sent.Body is { ValueKind: JsonValueKind.Object } body)
        {
            found.Fields.UnionWith(body.EnumerateObject().Select(field => field.Name));
        }
    }

    private async Task<List<Operation>> OperationsAsync()
    {
        var document = JsonElement.Parse(await backends.App.Http.GetStringAsync("/api/openapi.json"));
        return [.. document.GetProperty("paths").EnumerateObject()
            .Where(path => path.Name.StartsWith("/" + TestServer.Base.Trim('/'), StringComparison.Ordinal))
            .SelectMany(path => path.Value.EnumerateObject().Select(one => new Operation(one.Name.ToUpperInvariant(), path.Name)
            {
                Parameters = [.. one.Value.TryGetProperty("parameters", out var parameters)
                    ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() != "path")
                        .Select(parameter => parameter.GetProperty("name").GetString()!).Except(Paging, StringComparer.Ordinal)
                    : []],
                Body = one.Value.TryGetProperty("requestBody", out var body) ? SchemaOf(document, body) : null,
                Answer = one.Value.GetProperty("responses").TryGetProperty("200", out var answer) ? SchemaOf(document, answer) : null,
            }))];
    }

    private static JsonElement? SchemaOf(JsonElement document, JsonElement part)
    {
        if (!part.TryGetProperty("content", out var content))
        {
            return null;
        }

        var schema = content.GetProperty("application/json").GetProperty("schema");
        return schema.TryGetProperty("$ref", out var reference)
            ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1])
            : schema;
    }

    private static async Task CallAsync(object on, MethodInfo method)
    {
        try
        {
            var result = method.Invoke(on, [.. method.GetParameters().Select(parameter => Some(parameter.ParameterType))])!;
            if (result is Task task)
            {
                await task;
            }
            else
            {
                // An IAsyncEnumerable of records: it may be seen as one of objects.
                await foreach (var _ in (IAsyncEnumerable<object>)result)
                {
                }
            }
        }
        catch (JsonException)
        {
            // The recorder's answers are empty.
        }
    }

    /// <summary>A value with everything that it can have.</summary>
    private static object Some(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            return "x";
        }

        if (type == typeof(JsonElement))
        {
            return JsonElement.Parse("{}");
        }

        if (type == typeof(TimeSpan))
        {
            return TimeSpan.FromHours(1);
        }

        if (type == typeof(CancellationToken))
        {
            return CancellationToken.None;
        }

        if (type == typeof(DateTimeOffset))
        {
            return DateTimeOffset.UnixEpoch;
        }

        if (type.IsPrimitive)
        {
            return Convert.ChangeType(1, type, CultureInfo.InvariantCulture);
        }

        if (type.IsGenericType)
        {
            var items = Array.CreateInstance(type.GetGenericArguments()[0], 1);
            items.SetValue(Some(type.GetGenericArguments()[0]), 0);
            return items;
        }

        var record = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var property in type.GetProperties().Where(property => property.CanWrite))
        {
            property.SetValue(record, Some(property.PropertyType));
        }

        return record;
    }

    private static Type? AnswerOf(Type type)
    {
        while (type.IsGenericType)
        {
            type = type.GetGenericArguments()[0];
        }

        return type == typeof(Task) || type == typeof(string) ? null : type;
    }

    /// <summary>The fields of an answer that the type does not have. Of a page it is the type of one item.</summary>
    private static IEnumerable<string> MissingIn(Type type, JsonElement schema)
    {
        var fields = schema.GetProperty("properties");
        var items = fields.EnumerateObject().Where(field => field.Value.TryGetProperty("items", out _)).ToList();
        if (items.Count == 1 && fields.EnumerateObject().All(field => field.Name is "next" or "kept" or "total" or "conversation"
            or "lastSequence"
            || field.NameEquals(items[0].Name)))
        {
            fields = items[0].Value.GetProperty("items").GetProperty("properties");
        }

        return MissingFields(type, fields, "");
    }

    private static IEnumerable<string> MissingFields(Type type, JsonElement fields, string at)
    {
        foreach (var field in fields.EnumerateObject().Where(field => !NeverInAnswers.Contains(field.Name, StringComparer.Ordinal)))
        {
            var property = type.GetProperties().FirstOrDefault(one => string.Equals(
                JsonNamingPolicy.CamelCase.ConvertName(one.Name), field.Name, StringComparison.Ordinal));
            if (property is null)
            {
                yield return at + field.Name;
                continue;
            }

            var inner = field.Value.TryGetProperty("items", out var items) ? items : field.Value;
            if (inner.TryGetProperty("properties", out var further))
            {
                var of = property.PropertyType.IsGenericType ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType;
                foreach (var missing in MissingFields(of, further, $"{at}{field.Name}."))
                {
                    yield return missing;
                }
            }
        }
    }

    private sealed record Sent(string Method, Uri Url, string[] Headers, JsonElement? Body);

    private sealed class Recorder : HttpMessageHandler
    {
        public List<Sent> Sent { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            Sent.Add(new Sent(
                request.Method.Method, request.RequestUri!, [.. request.Headers.Select(header => header.Key)],
                body.Length > 0 ? JsonElement.Parse(body) : null));
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
        }
    }

    /// <summary>An operation of the server API, and what the SDK's methods have sent to it.</summary>
    private sealed record Operation(string Method, string Path)
    {
        private readonly Regex path = new(
            "^" + Regex.Replace(Path, @"\{\w+\}", "[^/]+", RegexOptions.None, TimeSpan.FromSeconds(1)) + "$", RegexOptions.None,
            TimeSpan.FromSeconds(1));

        public string[] Parameters { get; init; } = [];

        public JsonElement? Body { get; init; }

        public JsonElement? Answer { get; init; }

        public HashSet<string> Methods { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Given { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Fields { get; } = new(StringComparer.Ordinal);

        public bool Fits(Sent sent) => sent.Method == Method && path.IsMatch(sent.Url.AbsolutePath);

        /// <param name="bodies">Whether fields and headers are known as well.</param>
        public IEnumerable<string> Lacking(bool bodies)
        {
            if (Methods.Count == 0)
            {
                return [$"No method calls {Method} {Path}."];
            }

            var name = string.Join(", ", Methods);
            var parameters = Parameters.Where(one => !Given.Contains(one) && (bodies || !char.IsAsciiLetterUpper(one[0])))
                .Select(one => $"{name} cannot give {one}.");
            return !bodies || Body is null ? parameters : parameters.Concat(
                Body.Value.GetProperty("properties").EnumerateObject().Where(field => !Fields.Contains(field.Name))
                    .Select(field => $"{name} cannot give {field.Name}."));
        }
    }
}
