using System.Linq.Expressions;
using System.Reflection;

namespace Vox.Local.Hosting;

/// <summary>Compiles a method into one delegate, whatever it returns: reflection per request would cost more than the routing.</summary>
internal static class CompiledCall
{
    private static readonly Task<object?> Nothing = Task.FromResult<object?>(null);

    public static Func<object?, object?[], Task<object?>> Of(MethodInfo method)
    {
        var target = Expression.Parameter(typeof(object));
        var arguments = Expression.Parameter(typeof(object[]));
        var call = Expression.Call(
            method.IsStatic ? null : Expression.Convert(target, method.DeclaringType!),
            method,
            method.GetParameters().Select((p, i) =>
                Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(i)), p.ParameterType)));
        return Expression.Lambda<Func<object?, object?[], Task<object?>>>(ToTask(call), target, arguments).Compile();
    }

    /// <summary>What the method returns once awaited; null for nothing.</summary>
    public static Type? ResultType(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(void) || type == typeof(Task) || type == typeof(ValueTask)) return null;
        return IsGeneric(type, typeof(Task<>)) || IsGeneric(type, typeof(ValueTask<>)) ? type.GetGenericArguments()[0] : type;
    }

    private static Expression ToTask(Expression call)
    {
        var type = call.Type;
        if (type == typeof(void)) return Expression.Block(call, Expression.Constant(Nothing));
        if (type == typeof(ValueTask) || IsGeneric(type, typeof(ValueTask<>)))
            return ToTask(Expression.Call(call, nameof(ValueTask.AsTask), null));
        if (type == typeof(Task)) return Expression.Call(Helper(nameof(AwaitAsync)), call);
        if (IsGeneric(type, typeof(Task<>)))
            return Expression.Call(Helper(nameof(AwaitResultAsync)).MakeGenericMethod(type.GetGenericArguments()), call);
        return Expression.Call(typeof(Task), nameof(Task.FromResult), [typeof(object)], Expression.Convert(call, typeof(object)));
    }

    private static bool IsGeneric(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    private static MethodInfo Helper(string name) => typeof(CompiledCall).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;

    private static async Task<object?> AwaitAsync(Task task)
    {
        await task;
        return null;
    }

    private static async Task<object?> AwaitResultAsync<T>(Task<T> task) => await task;
}
