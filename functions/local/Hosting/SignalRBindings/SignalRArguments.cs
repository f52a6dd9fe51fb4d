using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Vox.Local.Hosting.SignalRBindings;

/// <summary>Binds a client's arguments to the parameters that the trigger names.</summary>
internal static class SignalRArguments
{
    public static Func<Invocation, object?> Binder(SignalRTriggerAttribute trigger, ParameterInfo parameter)
    {
        var position = Array.FindIndex(trigger.ParameterNames, n => n.Equals(parameter.Name, StringComparison.OrdinalIgnoreCase));
        if (position < 0)
            throw new InvalidOperationException($"The SignalR trigger does not name the parameter '{parameter.Name}'.");

        return invocation => Convert(
            (JsonElement)((SignalRInvocationContext)invocation.Trigger!).Arguments![position],
            parameter.ParameterType,
            invocation.InstanceServices);
    }

    private static object? Convert(JsonElement argument, Type type, IServiceProvider services)
    {
        // Everything but a string arrives as its JSON, also where the parameter is declared as object.
        if (type == typeof(string) || type == typeof(object))
        {
            return argument.ValueKind switch
            {
                JsonValueKind.String => argument.GetString(),
                JsonValueKind.Null => null,
                _ => argument.GetRawText(),
            };
        }

        var serializer = services.GetRequiredService<IOptions<WorkerOptions>>().Value.Serializer!;
        using var json = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(argument));
        return serializer.Deserialize(json, type, CancellationToken.None);
    }
}
