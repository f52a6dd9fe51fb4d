using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;

namespace Vox.Platform.OpenApi;

/// <summary>The OpenAPI 3.1 document, generated from the functions themselves: it cannot name a route that does not exist.</summary>
internal static class OpenApiDocument
{
    private static readonly Lazy<string> Text = new(() => Build().ToJsonString(new JsonSerializerOptions { WriteIndented = true }));

    public static string Json => Text.Value;

    public static JsonObject Build()
    {
        var schemas = new JsonObject { ["Problem"] = Schema(typeof(ProblemDetailsResponse)) };
        var paths = new JsonObject();
        foreach (var (trigger, operation, name) in Endpoints())
        {
            var path = "/" + trigger.Route;
            paths[path] ??= new JsonObject();
            foreach (var method in trigger.Methods ?? [])
            {
                // Ids must be unique: if a function takes several methods, the first one gets its name.
                var id = method == trigger.Methods![0] ? name : $"{name}_{method}";
                paths[path]![method] = Operation(operation, id, method, path, schemas);
            }
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "VoxFunctions", ["version"] = "1.0.0" },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas,
                ["securitySchemes"] = new JsonObject(Endpoints().Select(endpoint => endpoint.Operation.Security)
                    .DistinctBy(security => security.Name, StringComparer.Ordinal)
                    .OrderBy(security => security.Name, StringComparer.Ordinal)
                    .Select(security => KeyValuePair.Create<string, JsonNode?>(security.Name, security.ToJson()))),
            },
        };
    }

    private static IEnumerable<(HttpTriggerAttribute Trigger, ApiOperationAttribute Operation, string Name)> Endpoints() => (
        from type in typeof(OpenApiDocument).Assembly.GetExportedTypes()
        from method in type.GetMethods()
        let operation = method.GetCustomAttribute<ApiOperationAttribute>()
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where operation is not null && function is not null
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
        where trigger is not null
        select (trigger, operation, function.Name)).OrderBy(endpoint => endpoint.trigger.Route, StringComparer.Ordinal);

    private static JsonObject Operation(
        ApiOperationAttribute operation, string name, string method, string path, JsonObject schemas)
    {
        var result = new JsonObject
        {
            ["operationId"] = name,
            ["tags"] = new JsonArray(operation.Tag),
            ["summary"] = operation.Summary,
        };
        string?[] sentences = [operation.Description, operation.Needs];
        if (string.Join(' ', sentences.Where(sentence => sentence is { Length: > 0 })) is { Length: > 0 } text)
        {
            result["description"] = text;
        }

        var inPath = path.Split('/').Where(part => part is ['{', .., '}'])
            .Select(part => (Name: part[1..^1], Type: part == "{number}" ? "integer" : "string", Required: true));
        var parameters = inPath.Select(p => Parameter(p, "path")).Concat(Names(operation.Query).Select(p => Parameter(p, "query")))
            .Concat(Names(operation.HeadersOf(method)).Select(p => Parameter(p, "header"))).ToArray();
        if (parameters.Length > 0)
        {
            result["parameters"] = new JsonArray(parameters);
        }

        if (Body(operation, schemas) is { } body)
        {
            result["requestBody"] = new JsonObject { ["required"] = true, ["content"] = body };
        }

        result["responses"] = new JsonObject
        {
            [operation.Response is null ? "204" : "200"] = Answer(
                "Done", operation.Response, schemas, "application/json", operation.ResponseExample),
            ["default"] = operation.AnswersProblems
                ? Answer("Refused or failed (RFC 9457)", typeof(ProblemDetailsResponse), schemas, "application/problem+json")
                : Answer("Refused or failed; the code is also the HTTP status", operation.Response, schemas, "application/json"),
        };
        if (!operation.Anonymous)
        {
            result["security"] = new JsonArray(new JsonObject { [operation.Security.Name] = new JsonArray() });
        }

        return result;
    }

    private static JsonNode Parameter((string Name, string Type, bool Required) parameter, string place)
    {
        var result = new JsonObject
        {
            ["name"] = parameter.Name,
            ["in"] = place,
            ["required"] = parameter.Required,
            ["schema"] = TypeOf(parameter.Type),
        };
        if (FieldMeanings.Of(parameter.Name) is { } meaning)
        {
            result["description"] = meaning;
        }

        return result;
    }

    private static JsonObject Field((string Name, string Type, bool Required) field)
    {
        var result = TypeOf(field.Type);
        if (FieldMeanings.Of(field.Name) is { } meaning)
        {
            result["description"] = meaning;
        }

        return result;
    }

    private static JsonObject TypeOf(string type) => type switch
    {
        "date" or "date-time" => new JsonObject { ["type"] = "string", ["format"] = type },
        "integer" => new JsonObject { ["type"] = type, ["format"] = "int64" },
        "string" or "boolean" => new JsonObject { ["type"] = type },
        _ => throw new InvalidOperationException($"{type} is not a type of a parameter."),
    };

    private static JsonObject? Body(ApiOperationAttribute operation, JsonObject schemas)
    {
        if (operation.Request is not null)
        {
            return new JsonObject
            {
                ["application/json"] = WithExample(
                    new JsonObject { ["schema"] = Reference(operation.Request, schemas) }, operation.RequestExample),
            };
        }

        if (operation.Fields.Length == 0)
        {
            return null;
        }

        JsonObject Fields() => new()
        {
            ["schema"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject(Names(operation.Fields).Select(f =>
                    KeyValuePair.Create<string, JsonNode?>(f.Name, Field(f)))),
                ["required"] = new JsonArray([.. Names(operation.Fields).Where(f => f.Required).Select(f => JsonValue.Create(f.Name))]),
            },
        };
        return new JsonObject { ["application/json"] = Fields(), ["application/x-www-form-urlencoded"] = Fields() };
    }

    private static JsonObject WithExample(JsonObject content, string example)
    {
        if (example.Length > 0)
        {
            content["example"] = JsonNode.Parse(example);
        }

        return content;
    }

    private static JsonObject Answer(
        string description, Type? type, JsonObject schemas, string contentType, string example = "") => type is null
        ? new JsonObject { ["description"] = description }
        : new JsonObject
        {
            ["description"] = description,
            ["content"] = new JsonObject
            {
                [contentType] = WithExample(new JsonObject { ["schema"] = Reference(type, schemas) }, example),
            },
        };

    private static JsonObject Reference(Type type, JsonObject schemas)
    {
        var name = type == typeof(ProblemDetailsResponse) ? "Problem" : NameOf(type);
        schemas[name] ??= Schema(type);
        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    /// <summary>Names that several contracts have: the folder stands in front of them, as otherwise one would describe the other.</summary>
    private static readonly Lazy<HashSet<string>> Shared = new(() =>
    [
        .. Endpoints().SelectMany(endpoint => (Type?[])[endpoint.Operation.Request, endpoint.Operation.Response]).OfType<Type>().Distinct()
            .GroupBy(type => type.Name, StringComparer.Ordinal).Where(types => types.Count() > 1).Select(types => types.Key),
    ]);

    private static string NameOf(Type type) =>
        Shared.Value.Contains(type.Name) ? type.Namespace!.Split('.')[^1] + type.Name : type.Name;

    /// <summary>The contracts of all folders.</summary>
    private static readonly JsonSerializerOptions SchemaOptions = new(WireFormat.NewOptions())
    {
        // We write numbers as numbers. That we also read them from strings is a courtesy, from which no client should be generated.
        NumberHandling = JsonNumberHandling.Strict,
        TypeInfoResolver = JsonTypeInfoResolver.Combine(
        [
            .. from type in typeof(OpenApiDocument).Assembly.GetTypes()
               where type.IsSubclassOf(typeof(JsonSerializerContext))
               select (IJsonTypeInfoResolver)type.GetProperty(nameof(HttpJson.Default))!.GetValue(null)!,
        ]),
    };

    /// <summary>A contract as JSON schema.</summary>
    internal static JsonNode Schema(Type type)
    {
        var schema = SchemaOptions.GetJsonSchemaAsNode(
            type, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = WithFormat });
        Inline(schema, schema);

        // "true", for anything, is a schema by the standard; some generators of clients know objects only.
        return schema is JsonObject ? schema : new JsonObject { ["type"] = "object" };
    }

    /// <summary>
    /// Says how large a number can be, so that generated clients choose the right type. And what a property means, where its contract has
    /// a <see cref="DescriptionAttribute"/>.
    /// </summary>
    private static JsonNode WithFormat(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var format = type == typeof(int) ? "int32"
            : type == typeof(long) ? "int64"
            : type == typeof(double) || type == typeof(decimal)
            ? "double"
            : null;
        if (type == typeof(JsonElement))
        {
            // Whatever an app keeps with us is an object.
            schema = new JsonObject { ["type"] = new JsonArray("object", "null") };
        }

        if (format is not null && schema is JsonObject node)
        {
            node["format"] = format;
        }

        if (schema is JsonObject described && context.PropertyInfo is { } property)
        {
            var meaning = property.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false) is [var attribute]
                ? ((DescriptionAttribute)attribute).Description
                : FieldMeanings.Of(property.DeclaringType, property.Name);
            if (meaning is not null)
            {
                described["description"] = meaning;
            }
        }

        return schema;
    }

    /// <summary>
    /// A type that occurs twice refers to its first place, by a path inside the schema. Not every generator of clients can follow such a
    /// path, so what is there is copied.
    /// </summary>
    private static void Inline(JsonNode? node, JsonNode root)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Inline(item, root);
            }
        }
        else if (node is JsonObject schema)
        {
            if (schema["$ref"] is JsonValue reference)
            {
                var target = reference.GetValue<string>().Split('/').Skip(1).Aggregate((JsonNode)root, (place, part) => place[part]!);
                for (var above = node; above is not null; above = above.Parent)
                {
                    _ = above == target ? throw new InvalidOperationException("A contract may not contain itself.") : above;
                }

                schema.Remove("$ref");
                foreach (var (name, child) in target.AsObject().ToList())
                {
                    schema[name] ??= child?.DeepClone();
                }
            }

            foreach (var (_, child) in schema.ToList())
            {
                Inline(child, root);
            }
        }
    }

    private static IEnumerable<(string Name, string Type, bool Required)> Names(string list) =>
        list.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(item =>
        {
            var parts = item.TrimEnd('?').Split(':');
            return (parts[0], parts.Length > 1 ? parts[1] : "string", !item.EndsWith('?'));
        });
}
