using System.Reflection;
using System.Text.Json.Nodes;
using Vox.Tests.Fixture;

namespace Vox.Tests.Hostile;

/// <summary>The values of somebody with the right to call. They make a request a good one.</summary>
internal sealed record Values(IReadOnlyDictionary<string, string> ByName)
{
    /// <summary>A value for a field, chosen by the name of the field.</summary>
    public string For(string name, DeterministicRandom random)
    {
        var key = name.TrimEnd('?').ToLowerInvariant();
        return ByName.TryGetValue(key, out var value) ? value : key switch
        {
            "size" => $"{random.Next(1, 1_000)}",
            "offset" or "before" or "sequence" => $"{random.Next(0, 50)}",
            _ => $"{key}-{random.Next(0, 1_000)}",
        };
    }

    /// <summary>A body of the declared type.</summary>
    public JsonNode? Body(Type type, DeterministicRandom random, string name = "")
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(DateTimeOffset))
        {
            return "2026-11-30T08:15:00Z";
        }

        if (type == typeof(string))
        {
            return For(name, random);
        }

        if (type == typeof(bool))
        {
            return random.OneIn(2);
        }

        if (type == typeof(DateTimeOffset))
        {
            return "2026-11-30T09:00:00Z";
        }

        if (type.IsEnum)
        {
            return Enum.GetNames(type)[0].ToLowerInvariant();
        }

        if (type.IsPrimitive || type == typeof(decimal))
        {
            // Of SignalR services there is number 0 here.
            return name.Equals("type", StringComparison.OrdinalIgnoreCase) ? 1
                : name.Equals("services", StringComparison.OrdinalIgnoreCase) ? 0
                : random.Next(0, 100);
        }

        if (type.IsGenericType && type.GetGenericArguments() is [var element])
        {
            return new JsonArray([.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Body(element, random, name))]);
        }

        if (type.IsGenericType && type.GetGenericArguments() is [_, var entry])
        {
            return new JsonObject { [For("conversation", random)] = Body(entry, random, name) };
        }

        return type == typeof(object) || type == typeof(System.Text.Json.JsonElement)
            ? new JsonObject()
            : new JsonObject(type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => KeyValuePair.Create(
                char.ToLowerInvariant(property.Name[0]) + property.Name[1..], Body(property.PropertyType, random, property.Name))));
    }
}
