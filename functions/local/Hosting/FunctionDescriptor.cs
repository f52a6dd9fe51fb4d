using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Vox.Local.Hosting;

/// <summary>One function: its trigger, and compiled ways to bind, call and take its results apart.</summary>
internal sealed class FunctionDescriptor
{
    public FunctionDescriptor(string name, MethodInfo method)
    {
        Name = name;
        var parameters = method.GetParameters();
        Http = Trigger<HttpTriggerAttribute>(parameters);
        Timer = Trigger<TimerTriggerAttribute>(parameters);
        SignalR = Trigger<SignalRTriggerAttribute>(parameters);
        if (Http is null && Timer is null && SignalR is null)
            throw new InvalidOperationException($"Function '{name}' has no trigger that runs locally (HTTP, timer or SignalR).");

        Definition = new LocalFunctionDefinition(name, $"{method.DeclaringType!.FullName}.{method.Name}", method.DeclaringType.Assembly.Location);
        Factory = method.IsStatic ? null : ActivatorUtilities.CreateFactory(method.DeclaringType, []);
        Call = CompiledCall.Of(method);
        Binders = [.. parameters.Select((p, i) => ParameterBinder.For(this, p, i))];
        ConnectionInfos = [.. parameters
            .Select((p, i) => (Index: i, Attribute: p.GetCustomAttribute<SignalRConnectionInfoInputAttribute>()!))
            .Where(p => p.Attribute is not null)];
        ReturnOutput = method.GetCustomAttribute<SignalROutputAttribute>();
        OutputProperties = OutputProperty.Of(CompiledCall.ResultType(method));
    }

    public string Name { get; }

    public FunctionDefinition Definition { get; }

    public HttpTriggerAttribute? Http { get; }

    public TimerTriggerAttribute? Timer { get; }

    public SignalRTriggerAttribute? SignalR { get; }

    /// <summary>Makes the class; null for a static function.</summary>
    public ObjectFactory? Factory { get; }

    public Func<object?, object?[], Task<object?>> Call { get; }

    public Func<Invocation, object?>[] Binders { get; }

    /// <summary>Parameters that the host binds before any middleware runs.</summary>
    public (int Index, SignalRConnectionInfoInputAttribute Attribute)[] ConnectionInfos { get; }

    /// <summary>Set when the returned value itself goes to SignalR.</summary>
    public SignalROutputAttribute? ReturnOutput { get; }

    /// <summary>Not empty for a multi-output function.</summary>
    public OutputProperty[] OutputProperties { get; }

    public bool HasSignalROutput => ReturnOutput is not null || Array.Exists(OutputProperties, static p => p.SignalR is not null);

    public string TriggerName => Http is not null ? "httpTrigger" : Timer is not null ? "timerTrigger" : "signalRTrigger";

    private static T? Trigger<T>(ParameterInfo[] parameters)
        where T : Attribute => parameters.Select(p => p.GetCustomAttribute<T>()).FirstOrDefault(a => a is not null);

    private sealed class LocalFunctionDefinition(string name, string entryPoint, string assembly) : FunctionDefinition
    {
        public override string Id => name;

        public override string Name => name;

        public override string EntryPoint => entryPoint;

        public override string PathToAssembly => assembly;
    }
}
