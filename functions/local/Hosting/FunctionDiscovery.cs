using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Vox.Local.Hosting;

/// <summary>Finds the functions among an assembly's types: public methods with [Function] on public classes.</summary>
internal static class FunctionDiscovery
{
    public static IReadOnlyList<Type> PublicTypes(Assembly assembly) =>
        [.. assembly.GetTypes().Where(t => t is { IsClass: true, IsVisible: true })];

    /// <summary>The functions in the order in which routes are tried: by name.</summary>
    public static IReadOnlyList<FunctionDescriptor> Find(IEnumerable<Type> classes)
    {
        FunctionDescriptor[] functions =
        [
            .. from type in classes
               from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
               let attribute = method.GetCustomAttribute<FunctionAttribute>()
               where attribute is not null
               select new FunctionDescriptor(attribute.Name, method),
        ];
        Array.Sort(functions, static (a, b) => string.CompareOrdinal(a.Name, b.Name));

        var twice = functions.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Skip(1).Any());
        return twice is null
            ? functions
            : throw new InvalidOperationException($"Two functions are named '{twice.Key}': names must differ in more than case.");
    }
}
