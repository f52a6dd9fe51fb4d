using System.Reflection;
using System.Text.Json.Serialization;

namespace Vox.Tests.Shim;

/// <summary>Writes types as the lines of signalr-surface.txt.</summary>
internal static class Surface
{
    private static readonly Dictionary<Type, string> Keywords =
        new() { [typeof(string)] = "string", [typeof(object)] = "object", [typeof(bool)] = "bool", [typeof(int)] = "int" };

    /// <summary>Every member, with the line of its type before it. Values of an enum have their number.</summary>
    public static HashSet<string> Flatten(IEnumerable<string> lines)
    {
        var (type, number) = ("", 0);
        var flat = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (line[0] != ' ')
            {
                (type, number) = (line, 0);
                flat.Add(line);
            }
            else
            {
                flat.Add(
                    type.StartsWith("enum ", StringComparison.Ordinal) ? $"{type}: {line.Trim()} = {number++}" : $"{type}: {line.Trim()}");
            }
        }

        return flat;
    }

    public static IEnumerable<string> Lines(Type type)
    {
        if (type.IsEnum)
        {
            return [$"enum {type.FullName}{Json(type)}", .. Enum.GetValues(type).Cast<object>().Select(value => $"  {value}")];
        }

        const BindingFlags declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var kind = type switch
        {
            { IsValueType: true } => "struct",
            { IsInterface: true } => "interface",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class"
        };
        var parent = type.BaseType == typeof(object) || type.BaseType is null ? "" : $" : {type.BaseType.Name}";
        return
        [
            $"{kind} {type.FullName}{parent}{Json(type)}",
            .. type.GetConstructors().Select(constructor => $"  new({Parameters(constructor)})"),
            .. type.GetProperties(declared).Select(Line),
            .. type.GetFields(declared).Select(field => $"  {Name(new NullabilityInfoContext().Create(field))} {field.Name}"),
            .. type.GetMethods(declared).Where(method => !method.IsSpecialName)
                .Select(
                    method => $"  {Name(new NullabilityInfoContext().Create(method.ReturnParameter))} {method.Name}({Parameters(method)})"),
        ];
    }

    private static string Line(PropertyInfo property)
    {
        var get = property.GetMethod is { IsPublic: true } ? " get" : "";
        var set = property.SetMethod is { IsPublic: true } ? " set" : "";
        return $"  {Name(new NullabilityInfoContext().Create(property))} {property.Name}{get}{set}{Json(property)}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{(parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")}"
            + $"{Name(new NullabilityInfoContext().Create(parameter))} {parameter.Name}"));

    // Whether elements of arrays may be null is left out, because the package declares everywhere that they may not.
    private static string Name(NullabilityInfo info) => $"{Name(info.Type)}{(info.ReadState == NullabilityState.Nullable ? "?" : "")}";

    private static string Name(Type type) => type switch
    {
        { IsArray: true } => $"{Name(type.GetElementType()!)}[]",
        { IsGenericType: true } => $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>",
        _ => Keywords.GetValueOrDefault(type, type.Name),
    };

    private static string Json(MemberInfo member) => member.IsDefined(typeof(JsonConverterAttribute), inherit: false) ? " [json]" : "";
}
