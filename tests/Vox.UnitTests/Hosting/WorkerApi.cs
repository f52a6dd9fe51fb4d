using Mono.Cecil;

namespace Vox.Tests.Hosting;

/// <summary>
/// Writes types and members of the worker API as lines of worker-api.txt: <c>Type</c>, <c>Type.Name get</c>, <c>Type.new(String)</c>,
/// <c>Type.Name(Int32)</c>. Extension methods without their class, which source code does not name: <c>extension Namespace: Type.Name()</c>.
/// </summary>
internal static class WorkerApi
{
    public static string Line(TypeReference type)
    {
        var name = Full(type.GetElementType());
        return type.Resolve()?.HasGenericParameters == true ? $"{name}<T>" : name;
    }

    public static string Line(MethodDefinition method)
    {
        var type = Line(method.DeclaringType);
        if (IsExtension(method))
        {
            var target = Simple(method.Parameters[0].ParameterType);
            return $"extension {method.DeclaringType.Namespace}: {target}.{method.Name}({Parameters(method.Parameters.Skip(1))})";
        }

        return method switch
        {
            { IsConstructor: true } => $"{type}.new({Parameters(method.Parameters)})",
            { IsGetter: true } => $"{type}.{method.Name[4..]} get",
            { IsSetter: true } => $"{type}.{method.Name[4..]} set",
            _ => $"{type}.{method.Name}({Parameters(method.Parameters)})",
        };
    }

    public static string Line(FieldDefinition field) => $"{Line(field.DeclaringType)}.{field.Name}";

    /// <summary>Everything public that a type offers to sources; nothing for the classes that only hold extension methods.</summary>
    public static IEnumerable<string> Lines(TypeDefinition type)
    {
        if (!HoldsOnlyExtensions(type))
        {
            yield return Line(type);
        }

        if (type.BaseType?.FullName == "System.MulticastDelegate")
        {
            yield return Line(type.Methods.Single(m => m.Name == "Invoke"));
            yield break;
        }

        foreach (var method in type.Methods.Where(m => m.IsPublic && !(m.IsVirtual && m.IsReuseSlot && !m.IsAbstract && type.BaseType is { Namespace: "System" })))
        {
            yield return Line(method);
        }

        foreach (var field in type.Fields.Where(f => f.IsPublic && !f.IsSpecialName))
        {
            yield return Line(field);
        }
    }

    public static bool HoldsOnlyExtensions(TypeDefinition type) =>
        type.IsAbstract && type.IsSealed && type.Methods.Where(m => m.IsPublic).All(IsExtension);

    private static bool IsExtension(MethodDefinition method) =>
        method.CustomAttributes.Any(a => a.AttributeType.FullName == "System.Runtime.CompilerServices.ExtensionAttribute");

    private static string Parameters(IEnumerable<ParameterDefinition> parameters) => string.Join(", ", parameters.Select(p => Simple(p.ParameterType)));

    private static string Simple(TypeReference type) => type switch
    {
        ArrayType array => Simple(array.ElementType) + "[]",
        GenericInstanceType generic => $"{Bare(generic.Name)}<{string.Join(", ", generic.GenericArguments.Select(Simple))}>",
        _ => Bare(type.Name),
    };

    private static string Full(TypeReference type) => $"{type.Namespace}.{Bare(type.Name)}";

    private static string Bare(string name) => name.Split('`')[0];
}
