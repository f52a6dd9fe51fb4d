using System.Globalization;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Vox.Tests.Contracts;

/// <summary>Lists what the app promises to others, a line each.</summary>
internal static class Inventory
{
    private static readonly Type[] Types = typeof(Program).Assembly.GetTypes();

    /// <summary><c>Storage__TablePrefix String = vox</c></summary>
    public static IEnumerable<string> Settings() =>
        from type in Types
        let section = type.GetField("Section")?.GetRawConstantValue() as string
        where section is not null
        let defaults = Activator.CreateInstance(type)
        from property in type.GetProperties()
        where property.CanWrite
        select $"{section}__{property.Name} {TypeName(property.PropertyType)} = {Text(property.GetValue(defaults))}";

    /// <summary><c>User = pid_1|aalice</c>: every key that is built, from the same values.</summary>
    public static IEnumerable<string> Keys() =>
        from type in Types
        where type is { IsAbstract: true, IsSealed: true } && type.Name.EndsWith("Keys", StringComparison.Ordinal)
        from line in Constants(type).Concat(Results(type))
        select line;

    /// <summary><c>SendMessage http Anonymous post api/v1/messages</c></summary>
    public static IEnumerable<string> Functions() =>
        from type in Types
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        let trigger = method.GetParameters()
            .SelectMany(p => p.GetCustomAttributes()).Single(a => a.GetType().Name.EndsWith("TriggerAttribute", StringComparison.Ordinal))
        select $"{function.Name} {Trigger(trigger)}";

    private static IEnumerable<string> Constants(Type type) =>
        from field in type.GetFields(BindingFlags.Public | BindingFlags.Static)
        select $"{field.Name} = {Text(field.GetValue(null))}";

    private static IEnumerable<string> Results(Type type) =>
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static)
        select $"{method.Name} = {Text(method.Invoke(null, [.. method.GetParameters().Select(p => Sample(p.ParameterType, p.Name!))]))}";

    private static object Sample(Type type, string name) => type switch
    {
        _ when type == typeof(string) => name switch
        {
            "userPartition" => "pid_1|aalice",
            "watcherRow" => "w|aalice|uid",
            "leaseRow" => "l|aconnection",
            "uid" => "a-uid-of-20-letters-",
            "projectId" => "pid_1",
            "loginId" => "Älice|/",
            _ => "a-" + name,
        },
        _ when type == typeof(long) => 1_001L,
        _ when type == typeof(int) => 2,
        _ when type == typeof(uint) => 3u,
        _ when type == typeof(bool) => true,
        _ when type == typeof(DateOnly) => new DateOnly(2026, 10, 6),
        _ when type == typeof(DateTimeOffset) => new DateTimeOffset(2026, 10, 6, 7, 8, 9, TimeSpan.Zero),
        _ => Activator.CreateInstance(type, [.. type.GetConstructors()[0].GetParameters()
            .Select(p => Sample(p.ParameterType, char.ToLowerInvariant(p.Name![0]) + p.Name[1..]))])!,
    };

    private static string Trigger(Attribute attribute) => attribute switch
    {
        HttpTriggerAttribute http => $"http {http.AuthLevel} {string.Join(',', http.Methods!)} {http.Route}",
        TimerTriggerAttribute timer => $"timer {timer.Schedule}",
        QueueTriggerAttribute queue => $"queue {queue.QueueName}",
        SignalRTriggerAttribute signalR => $"signalR {signalR.HubName} {signalR.Category} {signalR.Event}",
        _ => attribute.ToString()!,
    };

    private static string TypeName(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? inner.Name + "?" : type.Name;

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
