using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Vox.Local.Hosting.SignalRBindings;

namespace Vox.Local.Hosting;

/// <summary>Decides once, at start, where a parameter's value comes from.</summary>
internal static class ParameterBinder
{
    public static Func<Invocation, object?> For(FunctionDescriptor function, ParameterInfo parameter, int index)
    {
        var type = parameter.ParameterType;
        if (type == typeof(FunctionContext)) return static i => i;
        if (type == typeof(CancellationToken)) return static i => i.CancellationToken;
        if (type == typeof(HttpRequest)) return static i => i.Http?.Request;
        if (type == typeof(TimerInfo) || type == typeof(SignalRInvocationContext)) return static i => i.Trigger;
        if (parameter.IsDefined(typeof(SignalRConnectionInfoInputAttribute))) return i => i.Arguments[index];
        if (function.SignalR is { } trigger) return SignalRArguments.Binder(trigger, parameter);
        if (function.Http is not null && IsRouteType(Nullable.GetUnderlyingType(type) ?? type)) return RouteValue(parameter);

        throw new InvalidOperationException(
            $"Function '{function.Name}': nothing can be bound to parameter '{parameter.Name}' of type {type.Name}.");
    }

    private static bool IsRouteType(Type type) =>
        type == typeof(string) || type == typeof(int) || type == typeof(long) || type == typeof(Guid) || type == typeof(bool);

    private static Func<Invocation, object?> RouteValue(ParameterInfo parameter)
    {
        var name = parameter.Name!;
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        var absent = parameter.HasDefaultValue ? parameter.DefaultValue
            : parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null;
        return invocation => invocation.RouteValues![name] is string text ? Convert(text, type) : absent;
    }

    private static object Convert(string text, Type type) =>
        type == typeof(string) ? text
        : type == typeof(Guid) ? Guid.Parse(text)
        : System.Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
}
