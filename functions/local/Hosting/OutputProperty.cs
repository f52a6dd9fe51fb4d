using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Vox.Local.Hosting;

/// <summary>One property of a multi-output class: its HTTP result or what it sends.</summary>
internal sealed record OutputProperty(string Name, string BindingType, SignalROutputAttribute? SignalR, Func<object, object?> Read)
{
    public static OutputProperty[] Of(Type? result) => result is null ? [] :
    [
        .. from property in result.GetProperties(BindingFlags.Public | BindingFlags.Instance)
           let signalR = property.GetCustomAttribute<SignalROutputAttribute>()
           where signalR is not null || property.IsDefined(typeof(HttpResultAttribute))
           select new OutputProperty(property.Name, signalR is null ? "http" : "signalR", signalR, Getter(property)),
    ];

    private static Func<object, object?> Getter(PropertyInfo property)
    {
        var instance = Expression.Parameter(typeof(object));
        var value = Expression.Property(Expression.Convert(instance, property.DeclaringType!), property);
        return Expression.Lambda<Func<object, object?>>(Expression.Convert(value, typeof(object)), instance).Compile();
    }
}
