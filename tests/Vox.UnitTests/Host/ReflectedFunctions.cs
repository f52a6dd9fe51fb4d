using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;

namespace Vox.Tests.Host;

/// <summary>
/// The functions of some classes of a test. They are described as the Functions SDK describes an app's functions at build time, because a
/// test's own assembly has no such description.
/// </summary>
internal sealed class ReflectedFunctions(params Type[] classes) : IFunctionMetadataProvider
{
    private static readonly JsonSerializerOptions Names = new(JsonSerializerDefaults.Web);

    public Task<ImmutableArray<IFunctionMetadata>> GetFunctionMetadataAsync(string directory)
        => Task.FromResult<ImmutableArray<IFunctionMetadata>>(
        [
            .. from type in classes
               from method in type.GetMethods(
                   BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
               let function = method.GetCustomAttribute<FunctionAttribute>()
               where function is not null
               select Describe(function.Name, method),
        ]);

    private static IFunctionMetadata Describe(string name, MethodInfo method) => new DefaultFunctionMetadata
    {
        Name = name,
        Language = "dotnet-isolated",
        EntryPoint = $"{method.DeclaringType!.FullName}.{method.Name}",
        ScriptFile = Path.GetFileName(method.DeclaringType.Assembly.Location),
        RawBindings = [.. Inputs(method), .. Outputs(method)],
    };

    private static IEnumerable<string> Inputs(MethodInfo method) =>
        from parameter in method.GetParameters()
        from attribute in parameter.GetCustomAttributes()
        let binding = attribute switch
        {
            HttpTriggerAttribute http => new
            {
                name = parameter.Name,
                type = "httpTrigger",
                direction = "In",
                authLevel = $"{http.AuthLevel}",
                methods = http.Methods,
                route = http.Route
            },
            TimerTriggerAttribute timer => new
            {
                name = parameter.Name,
                type = "timerTrigger",
                direction = "In",
                schedule = timer.Schedule,
                useMonitor = timer.UseMonitor,
                runOnStartup = timer.RunOnStartup
            },
            QueueTriggerAttribute queue => new
            {
                name = parameter.Name,
                type = "queueTrigger",
                direction = "In",
                queueName = queue.QueueName,
                connection = queue.Connection
            },
            SignalRTriggerAttribute signalR => new
            {
                name = parameter.Name,
                type = "signalRTrigger",
                direction = "In",
                hubName = signalR.HubName,
                category = signalR.Category,
                @event = signalR.Event,
                parameterNames = signalR.ParameterNames,
                connectionStringSetting = signalR.ConnectionStringSetting,
            },
            SignalRConnectionInfoInputAttribute info => new
            {
                name = parameter.Name,
                type = "signalRConnectionInfo",
                direction = "In",
                hubName = info.HubName,
                userId = info.UserId,
                idToken = info.IdToken,
                claimTypeList = info.ClaimTypeList,
                connectionStringSetting = info.ConnectionStringSetting,
            },
            _ => (object?)null,
        }
        where binding is not null
        select JsonSerializer.Serialize(binding, Names);

    private static IEnumerable<string> Outputs(MethodInfo method)
    {
        var isHttp = method.GetParameters().Any(p => p.IsDefined(typeof(HttpTriggerAttribute)));
        var returned = method.ReturnType.IsGenericType ? method.ReturnType.GetGenericArguments()[0] : method.ReturnType;
        string[] properties =
        [
            .. from property in returned.GetProperties()
               let signalR = property.GetCustomAttribute<SignalROutputAttribute>()
               where signalR is not null || property.IsDefined(typeof(HttpResultAttribute))
               select signalR is null ? Http(property.Name) : SignalR(property.Name, signalR),
        ];
        if (properties.Length > 0)
        {
            return properties;
        }

        if (method.GetCustomAttribute<SignalROutputAttribute>() is { } output)
        {
            return [SignalR("$return", output)];
        }

        return isHttp ? [Http("$return")] : [];
    }

    private static string Http(string name) => JsonSerializer.Serialize(new { name, type = "http", direction = "Out" });

    private static string SignalR(string name, SignalROutputAttribute output) => JsonSerializer.Serialize(
        new
        {
            name,
            type = "signalR",
            direction = "Out",
            hubName = output.HubName,
            connectionStringSetting = output.ConnectionStringSetting
        },
        Names);
}
